import { type Static, Type } from 'typebox'
import { isoFromDay } from '../../base/day.ts'
import { isoDay, number, object } from '../../base/schema-parts.ts'
import { firstDay, periodOf } from '../../demand/calendar.ts'
import type { Series } from '../../demand/panel.ts'
import { bySeries, seriesId } from '../../sales/totals/daily-totals.ts'
import type { Comparison } from './comparison.ts'

/** What names a series to people. */
export const described = {
  productId: Type.String(),
  storeId: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  category: Type.Optional(Type.String()),
}

const MOST_CHANGES = 20
const MOST_COURSES = 3
const MOST_PERIODS = 60

type Named = { [key in keyof Series]?: Series[key] | undefined } & { productId: string }

const ProductChange = object({
  ...described,
  /** Over all scored rows, in units: what could have been sold, and what each model forecast. */
  actual: number,
  challenger: number,
  reference: number,
  /** Sums of the absolute errors of the rows, in units. */
  challengerError: number,
  referenceError: number,
})
export type ProductChange = Static<typeof ProductChange>

const ofEachPeriod = Type.Array(number, { maxItems: MOST_PERIODS })

const ProductCourse = object({
  ...described,
  /** First days of the scored periods, ascending; of each what the latest origin forecast. */
  periods: Type.Array(isoDay, { maxItems: MOST_PERIODS }),
  actual: ofEachPeriod,
  challenger: ofEachPeriod,
  reference: ofEachPeriod,
})
export type ProductCourse = Static<typeof ProductCourse>

/** How products fare by challenger and reference: a few of them, however many there are. */
export const ProductChanges = object({
  /** How many series were scored, and of how many the error rose and fell. */
  series: Type.Integer({ minimum: 0 }),
  rose: Type.Integer({ minimum: 0 }),
  fell: Type.Integer({ minimum: 0 }),
  /** Those whose absolute error rose by most units, the worst first; and those whose fell. */
  worst: Type.Array(ProductChange, { maxItems: MOST_CHANGES }),
  best: Type.Array(ProductChange, { maxItems: MOST_CHANGES }),
  /** Those of which most was sold. */
  largest: Type.Array(ProductCourse, { maxItems: MOST_COURSES }),
})
export type ProductChanges = Static<typeof ProductChanges>

/** The same with what the largest are ranked by: those of other series can be put beside it. */
export type RankedChanges = Omit<ProductChanges, 'largest'> & {
  largest: { actual: number; course: ProductCourse }[]
}

/** The series that got worst and best, and the course of the largest. */
export function rankedChanges(comparison: Comparison): RankedChanges {
  const sums = sumsBySeries(comparison)
  const all = [...sums.values()].map(rounded)
  const largest = [...sums]
    .sort(([, a], [, b]) => b.actual - a.actual || bySeries(a, b))
    .slice(0, MOST_COURSES)
  return ranked({
    series: all.length,
    rose: all.filter((it) => changed(it) > 0),
    fell: all.filter((it) => changed(it) < 0),
    largest: largest.map(([id, { actual }]) => ({ actual, course: courseOf(id, comparison) })),
  })
}

/** Of several parts of the series. */
export function mergedChanges(parts: RankedChanges[]): RankedChanges {
  const sum = (of: (part: RankedChanges) => number) =>
    parts.reduce((total, part) => total + of(part), 0)
  const merged = ranked({
    series: sum(({ series }) => series),
    rose: parts.flatMap(({ worst }) => worst),
    fell: parts.flatMap(({ best }) => best),
    largest: parts
      .flatMap(({ largest }) => largest)
      .sort((a, b) => b.actual - a.actual || bySeries(a.course, b.course))
      .slice(0, MOST_COURSES),
  })
  return { ...merged, rose: sum(({ rose }) => rose), fell: sum(({ fell }) => fell) }
}

export function productChanges({ largest, ...changes }: RankedChanges): ProductChanges {
  return { ...changes, largest: largest.map(({ course }) => course) }
}

function ranked({
  rose,
  fell,
  ...others
}: Pick<RankedChanges, 'series' | 'largest'> & {
  rose: ProductChange[]
  fell: ProductChange[]
}): RankedChanges {
  return {
    ...others,
    rose: rose.length,
    fell: fell.length,
    worst: rose.sort((a, b) => changed(b) - changed(a) || bySeries(a, b)).slice(0, MOST_CHANGES),
    best: fell.sort((a, b) => changed(a) - changed(b) || bySeries(a, b)).slice(0, MOST_CHANGES),
  }
}

function changed({ challengerError, referenceError }: ProductChange): number {
  return challengerError - referenceError
}

/** The name of a series as far as it has one. */
export function describedBy({ productId, storeId, name, category }: Named) {
  return {
    productId,
    ...(storeId !== undefined && { storeId }),
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
  }
}

function sumsBySeries(comparison: Comparison): Map<string, ProductChange> {
  const { rows, challenger, champion, baseline } = comparison
  const reference = champion ?? baseline
  const sums = new Map<string, ProductChange>()
  rows.forEach(({ series, horizon, actual }, origin) => {
    const own = challenger.forecasts[origin].mean
    const other = reference.forecasts[origin].mean
    for (let row = 0; row < actual.length; row++) {
      // What either cannot forecast has no change; the metrics say so.
      if (!Number.isFinite(actual[row] + own[row] + other[row])) continue
      const of = series[Math.floor(row / horizon)]
      const id = seriesId(of)
      let sum = sums.get(id)
      if (!sum) {
        const none = { actual: 0, challenger: 0, reference: 0 }
        sum = { ...describedBy(of), ...none, challengerError: 0, referenceError: 0 }
        sums.set(id, sum)
      }
      sum.actual += actual[row]
      sum.challenger += own[row]
      sum.reference += other[row]
      sum.challengerError += Math.abs(actual[row] - own[row])
      sum.referenceError += Math.abs(actual[row] - other[row])
    }
  })
  return sums
}

function courseOf(id: string, comparison: Comparison): ProductCourse {
  const { rows, challenger, champion, baseline, frequency } = comparison
  const reference = champion ?? baseline
  const byPeriod = new Map<number, [number, number, number]>()
  let of: Series | undefined
  rows.forEach(({ day, series, horizon, actual }, origin) => {
    const index = series.findIndex((it) => seriesId(it) === id)
    if (index < 0) return
    of = series[index]
    for (let h = 0; h < horizon; h++) {
      const row = index * horizon + h
      const values = [
        actual[row],
        challenger.forecasts[origin].mean[row],
        reference.forecasts[origin].mean[row],
      ] as const
      if (values.every(Number.isFinite)) {
        byPeriod.set(periodOf(frequency, day) + 1 + h, [...values])
      }
    }
  })
  if (!of) throw new Error(`${id} was not scored`)
  const known = [...byPeriod].sort(([a], [b]) => a - b).slice(-MOST_PERIODS)
  return {
    ...describedBy(of),
    periods: known.map(([period]) => isoFromDay(firstDay(frequency, period))),
    actual: known.map(([, [units]]) => tenThousandths(units)),
    challenger: known.map(([, [, units]]) => tenThousandths(units)),
    reference: known.map(([, [, , units]]) => tenThousandths(units)),
  }
}

function rounded(change: ProductChange): ProductChange {
  const { actual, challenger, reference, challengerError, referenceError } = change
  return {
    ...change,
    actual: tenThousandths(actual),
    challenger: tenThousandths(challenger),
    reference: tenThousandths(reference),
    challengerError: tenThousandths(challengerError),
    referenceError: tenThousandths(referenceError),
  }
}

/** More digits tell nobody anything. */
function tenThousandths(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
