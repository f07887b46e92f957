import type { Day } from '../../base/day.ts'
import { firstIndex } from '../../base/first-index.ts'
import type { NumberArray } from '../../base/number-array.ts'
import type { DailyTotals, SeriesKey } from './daily-totals.ts'
import { copiedMeasures } from './measures.ts'

/** What was known on a day: totals that are not copied, and which of their entries those are. */
export type KnownTotals = {
  /** n: those with an entry up to the day. */
  series: SeriesKey[]
  /** n: the entries of a series are those `from` to before `to` of the totals, ascending by day. */
  from: Int32Array
  to: Int32Array
  totals: DailyTotals
}

/** The entries dated up to `day`, inclusive; all without one. */
export function knownOn(totals: DailyTotals, day: Day = Number.POSITIVE_INFINITY): KnownTotals {
  const series: SeriesKey[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (let from = 0; from < totals.day.length; ) {
    const end = endOfSeries(totals, from)
    const to = firstEntryAfter(totals, day, from, end)
    if (to > from) {
      series.push(totals.series[totals.seriesIndex[from]])
      starts.push(from)
      ends.push(to)
    }
    from = end
  }
  return { series, from: Int32Array.from(starts), to: Int32Array.from(ends), totals }
}

/** The entries dated up to `day`, inclusive, and the series that have any. */
export function totalsAsOf(totals: DailyTotals, day: Day): DailyTotals {
  const { series, from, to } = knownOn(totals, day)
  const chain = totals.chain && { chain: totalsAsOf(totals.chain, day) }
  const kept = to.reduce((sum, end, index) => sum + end - from[index], 0)
  if (kept === totals.day.length && chain?.chain === totals.chain) return totals
  const keep = (target: NumberArray, source: NumberArray) => {
    let next = 0
    for (let index = 0; index < series.length; index++) {
      target.set(source.subarray(from[index], to[index]), next)
      next += to[index] - from[index]
    }
  }
  const days = new Int32Array(kept)
  keep(days, totals.day)
  const seriesIndex = new Int32Array(kept)
  let next = 0
  for (let index = 0; index < series.length; index++) {
    seriesIndex.fill(index, next, next + to[index] - from[index])
    next += to[index] - from[index]
  }
  return {
    ...totals,
    ...copiedMeasures(totals, kept, keep),
    series,
    seriesIndex,
    day: days,
    ...chain,
  }
}

function endOfSeries({ seriesIndex }: DailyTotals, from: number): number {
  let end = from + 1
  while (end < seriesIndex.length && seriesIndex[end] === seriesIndex[from]) end++
  return end
}

/**
 * Of the entries `from` to before `to` of one series the first that is dated later than `day`; `to`
 * where there is none. They are sorted by day.
 */
export function firstEntryAfter(totals: DailyTotals, day: Day, from: number, to: number): number {
  return firstIndex(from, to, (entry) => totals.day[entry] > day)
}
