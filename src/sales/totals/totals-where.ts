import type { NumberArray } from '../../base/number-array.ts'
import type { DailyTotals } from './daily-totals.ts'
import { copiedMeasures } from './measures.ts'

/** The entries of which this is true, and the series that have any. */
export function totalsWhere(totals: DailyTotals, counts: (entry: number) => boolean): DailyTotals {
  const kept: number[] = []
  for (let entry = 0; entry < totals.day.length; entry++) if (counts(entry)) kept.push(entry)
  const keep = (to: NumberArray, from: NumberArray) => {
    for (const [at, entry] of kept.entries()) to[at] = from[entry]
  }
  const day = new Int32Array(kept.length)
  keep(day, totals.day)
  const series: DailyTotals['series'] = []
  const seriesIndex = new Int32Array(kept.length)
  let last = -1
  for (const [at, entry] of kept.entries()) {
    const index = totals.seriesIndex[entry]
    if (index !== last) series.push(totals.series[index])
    last = index
    seriesIndex[at] = series.length - 1
  }
  return { ...totals, ...copiedMeasures(totals, kept.length, keep), series, seriesIndex, day }
}
