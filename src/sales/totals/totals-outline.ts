import { type Static, Type } from 'typebox'
import type { NextArray } from '../../base/array-file.ts'
import { FIRST_DAY, LAST_DAY } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import {
  constantArray,
  isConstant,
  type NumberArray,
  type NumberArrayKind,
} from '../../base/number-array.ts'
import { count, keyOf, nullable, object } from '../../base/schema-parts.ts'
import { bySeries, type DailyTotals, type SeriesKey } from './daily-totals.ts'
import { isMeasured, type Measure, type Measures, measureNames, noMeasures } from './measures.ts'
import { TotalsColumns } from './totals-columns.ts'

const text = Type.String({ maxLength: 2 ** 20 })

const OwnOutline = object({
  /** Of each series the product, and its store where there is one. */
  products: Type.Array(text),
  stores: Type.Array(nullable(text)),
  entries: count,
  names: Type.Array(text),
  categories: Type.Array(text),
  columns: TotalsColumns,
  /** Of each array which measures it has, and whether it is one number for all entries. */
  measures: Type.Array(
    object({
      of: Type.Array(keyOf(noMeasures(0)), { minItems: 1 }),
      isOne: Type.Boolean(),
    }),
  ),
})
type OwnOutline = Static<typeof OwnOutline>

/** What daily totals are beside their numbers, which go with it as arrays: how many, and of what. */
export const TotalsOutline = object({
  ...OwnOutline.properties,
  /** Of the chain that they are a part of; its arrays follow theirs. */
  chain: Type.Optional(OwnOutline),
})
export type TotalsOutline = Static<typeof TotalsOutline>

/**
 * The outline of totals, and its arrays: how many entries each series has, the days of the entries,
 * and the measures, what is equal throughout once.
 */
export function outlined(totals: DailyTotals): { outline: TotalsOutline; arrays: NumberArray[] } {
  const { outline, arrays } = ownOutline(totals)
  if (!totals.chain) return { outline, arrays }
  const chain = ownOutline(totals.chain)
  return { outline: { ...outline, chain: chain.outline }, arrays: [...arrays, ...chain.arrays] }
}

function ownOutline(totals: DailyTotals): { outline: OwnOutline; arrays: NumberArray[] } {
  const { series, seriesIndex, day, names, categories, columns } = totals
  const entriesOf = new Int32Array(series.length)
  for (const index of seriesIndex) entriesOf[index]++
  const groups = [...Map.groupBy(measureNames, (measure) => totals[measure])]
  const measures = groups.map(([values, of]) => ({ of, isOne: isConstant(values), values }))
  return {
    outline: {
      products: series.map(({ productId }) => productId),
      stores: series.map(({ storeId }) => storeId ?? null),
      entries: day.length,
      names,
      categories,
      columns,
      measures: measures.map(({ of, isOne }) => ({ of, isOne })),
    },
    arrays: [
      entriesOf,
      day,
      ...measures.map(({ values, isOne }) => (isOne ? values.subarray(0, 1) : values)),
    ],
  }
}

/**
 * The totals that `outlined` has told of. Throws a `UserError` where they are none: series or days out
 * of order, a number that its measure cannot have, a text that is not there.
 */
export async function totalsFrom(
  { chain, ...own }: TotalsOutline,
  next: NextArray,
  where: { file: string; remedy: string },
): Promise<DailyTotals> {
  const totals = await ownTotals(own, next, where)
  return chain ? { ...totals, chain: await ownTotals(chain, next, where) } : totals
}

async function ownTotals(
  outline: OwnOutline,
  next: NextArray,
  { file, remedy }: { file: string; remedy: string },
): Promise<DailyTotals> {
  const require = (holds: boolean, what: string) => {
    if (!holds) throw new UserError(`has no daily totals: ${what}`, { file, remedy })
  }
  const { products, stores, entries, names, categories, columns } = outline
  require(stores.length === products.length, 'not every product has its store')
  const series = products.map((productId, index): SeriesKey => {
    return { productId, storeId: stores[index] ?? undefined }
  })
  require(areAscending(series), 'its series are not in order')
  const entriesOf = await next(Int32Array, series.length)
  const day = await next(Int32Array, entries)
  require(entriesOf.every((own) => own > 0) &&
    total(entriesOf) === entries, 'a series has too many')
  const seriesIndex = indicesOf(entriesOf, entries)
  require(areDays(day, seriesIndex), 'its days are not in order')
  const measures = noMeasures(0)
  const missing = new Set(measureNames)
  for (const { of, isOne } of outline.measures) {
    const values = await measured(of[0], isOne ? 'one' : 'each', entries, next)
    for (const measure of of) {
      require(values.constructor === measures[measure].constructor, `${measure} is of another type`)
      require(missing.delete(measure), `${measure} is there twice`)
      const texts = measure === 'nameIndex' ? names.length : categories.length
      const known = isOne ? values.subarray(0, 1) : values
      require(known.every((it: number) => isMeasured(measure, it, texts)), `a wrong ${measure}`)
      Object.assign(measures, { [measure]: values })
    }
  }
  require(missing.size === 0, `no ${[...missing].join(', ')}`)
  return { ...measures, series, seriesIndex, day, names, categories, columns }
}

function areAscending(series: SeriesKey[]): boolean {
  return series.every((key, index) => index === 0 || bySeries(series[index - 1], key) < 0)
}

function total(values: Int32Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function indicesOf(entriesOf: Int32Array, entries: number): Int32Array {
  const seriesIndex = new Int32Array(entries)
  let from = 0
  for (const [index, own] of entriesOf.entries()) {
    seriesIndex.fill(index, from, from + own)
    from += own
  }
  return seriesIndex
}

/** Within what people write as days; of a series each once, ascending. */
function areDays(days: Int32Array, seriesIndex: Int32Array): boolean {
  return days.every(
    (day, entry) =>
      day >= FIRST_DAY &&
      day <= LAST_DAY &&
      (entry === 0 || seriesIndex[entry] !== seriesIndex[entry - 1] || days[entry - 1] < day),
  )
}

/** Of each entry a number, or of all the one that is there. */
async function measured(
  measure: Measure,
  kind: 'one' | 'each',
  entries: number,
  next: NextArray,
): Promise<Measures[Measure]> {
  const type = noMeasures(0)[measure].constructor as NumberArrayKind
  if (kind === 'each') return await next(type, entries)
  const [number] = await next(type, 1)
  return constantArray(type, entries, number)
}
