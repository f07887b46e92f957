import type { Day } from '../../base/day.ts'
import type { NumberArray } from '../../base/number-array.ts'
import { remembered } from '../../base/remembered.ts'
import { type DailyTotals, inByteOrder, seriesId, startsOf, textsInOrder } from './daily-totals.ts'
import { copiedMeasures, equalMeasuresOnce, noMeasures } from './measures.ts'
import { mergeTotals, releaseTotals } from './merged-totals.ts'
import type { SlicedTotals } from './slices.ts'

/**
 * By what series are told apart into parts, each with a model of its own: by a role, or by names that
 * are given for each series, as `seriesId` writes it.
 */
export type PartedBy = 'store' | 'category' | ReadonlyMap<string, string>

/**
 * The parts of the series by their names, in the order of their bytes: of each the indices of its
 * series, ascending. A series is in the part that its last sale says, with all that it ever sold; one
 * of which no sale says any is in the part without a name.
 */
export function seriesByPart(totals: DailyTotals, by: PartedBy): Map<string, number[]> {
  const nameOf =
    by === 'store'
      ? storeOf(totals)
      : by === 'category'
        ? lastCategoryOf(totals)
        : (index: number) => by.get(seriesId(totals.series[index])) ?? ''
  const parts = Map.groupBy(totals.series.keys(), nameOf)
  return new Map([...parts].sort(([a], [b]) => inByteOrder(a, b)))
}

/**
 * What the totals hold of these series, whose indices ascend: as if there had been no others, but for
 * the days of their chain.
 */
export function totalsOfSeries(totals: DailyTotals, series: readonly number[]): DailyTotals {
  const starts = startsOf(totals)
  const kept = series.reduce((sum, index) => sum + starts[index + 1] - starts[index], 0)
  const keep = (to: NumberArray, from: NumberArray) => {
    let next = 0
    for (const index of series) {
      to.set(from.subarray(starts[index], starts[index + 1]), next)
      next += starts[index + 1] - starts[index]
    }
  }
  const day = new Int32Array(kept)
  keep(day, totals.day)
  const seriesIndex = new Int32Array(kept)
  let next = 0
  for (const [position, index] of series.entries()) {
    const end = next + starts[index + 1] - starts[index]
    seriesIndex.fill(position, next, end)
    next = end
  }
  const measures = copiedMeasures(totals, kept, keep)
  const texts = textsInOrder(measures, totals)
  return {
    ...equalMeasuresOnce(measures),
    series: series.map((index) => totals.series[index]),
    seriesIndex,
    day,
    ...texts,
    columns: totals.columns,
    chain: salesOfChain(totals),
  }
}

/** Of pieces of a part, which nobody looks at any more, the part of this chain that they make up. */
export function partOfPieces(pieces: DailyTotals[], chain: DailyTotals): DailyTotals {
  const part = { ...mergeTotals(chain.columns, pieces), chain }
  if (pieces.length > 1) for (const piece of pieces) releaseTotals(piece)
  return part
}

/**
 * On which days the chain sold, and how much: the totals of one series that stands for all, by which
 * the periods and origins of the whole chain can be told. Of a part the same as of all.
 */
export function salesOfChain(totals: DailyTotals): DailyTotals {
  return totals.chain ?? remembered(chains, totals, () => salesOfSlices(totals.columns, [totals]))
}

/** Each part has it. */
const chains = new WeakMap<DailyTotals, DailyTotals>()

/** As `salesOfChain`, of a chain in slices. */
export function salesOfSlices(columns: DailyTotals['columns'], slices: SlicedTotals): DailyTotals {
  const sums = new Map<Day, { offered: number; sold: number; returned: number }>()
  for (const { day, offered, sold, returned } of slices) {
    for (let entry = 0; entry < day.length; entry++) {
      const sum = remembered(sums, day[entry], () => ({ offered: 0, sold: 0, returned: 0 }))
      sum.offered |= offered[entry]
      sum.sold += sold[entry]
      sum.returned += returned[entry]
    }
  }
  const days = Int32Array.from(sums.keys()).sort()
  const measures = noMeasures(days.length)
  for (const [index, day] of days.entries()) {
    const { offered, sold, returned } = sums.get(day)!
    measures.offered[index] = offered
    measures.sold[index] = sold
    measures.returned[index] = returned
  }
  return {
    ...measures,
    series: days.length > 0 ? [{ productId: '', storeId: undefined }] : [],
    seriesIndex: new Int32Array(days.length),
    day: days,
    names: [],
    categories: [],
    columns,
  }
}

/** The last category of each series that its sales say, by `seriesId`; those without one left out. */
export function lastCategories(totals: DailyTotals): Map<string, string> {
  const categoryOf = lastCategoryOf(totals)
  const found = new Map<string, string>()
  for (const [index, series] of totals.series.entries()) {
    const category = categoryOf(index)
    if (category !== '') found.set(seriesId(series), category)
  }
  return found
}

function storeOf({ series }: DailyTotals): (index: number) => string {
  return (index) => series[index].storeId ?? ''
}

function lastCategoryOf(totals: DailyTotals): (index: number) => string {
  const { categories, categoryIndex } = totals
  const starts = startsOf(totals)
  return (index) => {
    for (let entry = starts[index + 1] - 1; entry >= starts[index]; entry--) {
      if (categoryIndex[entry] >= 0) return categories[categoryIndex[entry]]
    }
    return ''
  }
}
