import type { Day } from '../../base/day.ts'
import { copiedMeasures, type MeasureArray, type Measures } from './measures.ts'

/** What a series of demand is about: a product, or a product in a store. */
export type SeriesKey = { productId: string; storeId: string | undefined }

/** A text that tells series apart: the product id, with stores a JSON pair of product and store. */
export function seriesId({ productId, storeId }: SeriesKey): string {
  return storeId === undefined ? productId : JSON.stringify([productId, storeId])
}

/**
 * What the accepted sales rows add up to: one entry for each series and day on which anything
 * happened, sorted by series, then day. All arrays have one element an entry. Everything is dated,
 * so that cutting the entries at a day gives exactly what was known on that day.
 */
export type DailyTotals = Measures & {
  /** Sorted by product, then store, in code-point order. */
  series: SeriesKey[]
  /** Index into `series`. */
  seriesIndex: Int32Array
  day: Int32Array
  /** What `nameIndex` and `categoryIndex` point into. */
  names: string[]
  categories: string[]
  /** Which optional columns the contract maps: what is missing switches off what needs it. */
  columns: {
    purchaseDate: boolean
    expiryDate: boolean
    stock: boolean
    price: boolean
    cost: boolean
    category: boolean
  }
}

/** The entries dated up to `day`, inclusive, and the series that have any. */
export function totalsAsOf(totals: DailyTotals, day: Day): DailyTotals {
  const series: SeriesKey[] = []
  const runs: { from: number; to: number }[] = []
  let kept = 0
  for (let from = 0; from < totals.day.length; ) {
    const end = endOfSeries(totals, from)
    const to = firstEntryAfter(totals, day, from, end)
    if (to > from) {
      series.push(totals.series[totals.seriesIndex[from]])
      runs.push({ from, to })
      kept += to - from
    }
    from = end
  }
  const keep = (to: MeasureArray, from: MeasureArray) => {
    let next = 0
    for (const run of runs) {
      to.set(from.subarray(run.from, run.to), next)
      next += run.to - run.from
    }
  }
  const days = new Int32Array(kept)
  keep(days, totals.day)
  const seriesIndex = new Int32Array(kept)
  let next = 0
  for (const [index, { from, to }] of runs.entries()) {
    seriesIndex.fill(index, next, next + to - from)
    next += to - from
  }
  return { ...totals, ...copiedMeasures(totals, kept, keep), series, seriesIndex, day: days }
}

/** The distinct days with a sale row, ascending. */
export function saleDays({ day, offered }: DailyTotals): Day[] {
  return distinctDays(day, offered)
}

/** The distinct days of the entries that are marked with 1, ascending. */
export function distinctDays(days: Int32Array, marks: Uint8Array): Day[] {
  let first = days[0]
  let last = days[0]
  for (let entry = 1; entry < days.length; entry++) {
    if (days[entry] < first) first = days[entry]
    if (days[entry] > last) last = days[entry]
  }
  const found: Day[] = []
  if (days.length === 0) return found
  const seen = new Uint8Array(last - first + 1)
  for (let entry = 0; entry < days.length; entry++) seen[days[entry] - first] |= marks[entry]
  for (let day = first; day <= last; day++) if (seen[day - first] === 1) found.push(day)
  return found
}

/** The last day with a sale row; undefined where there is none. */
export function lastSaleDay(totals: DailyTotals): Day | undefined {
  let last: Day | undefined
  for (let entry = 0; entry < totals.day.length; entry++) {
    if (totals.offered[entry] === 1 && (last === undefined || totals.day[entry] > last)) {
      last = totals.day[entry]
    }
  }
  return last
}

function endOfSeries({ seriesIndex }: DailyTotals, from: number): number {
  let end = from + 1
  while (end < seriesIndex.length && seriesIndex[end] === seriesIndex[from]) end++
  return end
}

/** Binary search: the entries of a series are sorted by day. */
function firstEntryAfter(totals: DailyTotals, day: Day, from: number, to: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if (totals.day[middle] <= day) low = middle + 1
    else high = middle
  }
  return low
}
