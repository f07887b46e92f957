import type { Day } from '../base/day.ts'
import { type DailyTotals, seriesId } from '../sales/totals/daily-totals.ts'
import { firstEntryAfter, knownOn } from '../sales/totals/known-totals.ts'
import { firstDay, lastDay, periodOf } from './calendar.ts'
import { reportingFrequency } from './reporting-frequency.ts'
import { stockOuts } from './stock-outs.ts'

/** Units that sold on some days, and on how many of them there was no stock. */
export type UnitsSold = { units: number; censoredDays: number }

/**
 * A function that says what sold of a series, by its `seriesId`, on the days `from` to `to`,
 * inclusive; undefined where that is not known: after the day `knownThrough`, of a series that was
 * never sold, and where weekly or monthly totals do not tell one part of a period from the other.
 */
export function unitsSoldIn(
  totals: DailyTotals,
  knownThrough: Day,
): (series: string, from: Day, to: Day) => UnitsSold | undefined {
  const known = knownOn(totals)
  const indices = new Map(known.series.map((key, index) => [seriesId(key), index]))
  const reporting = reportingFrequency(totals)
  const isWhole = (from: Day, to: Day) =>
    firstDay(reporting, periodOf(reporting, from)) === from &&
    lastDay(reporting, periodOf(reporting, to)) === to
  const outs = stockOuts(known, knownThrough, reporting)
  return (series, from, to) => {
    const index = indices.get(series)
    if (index === undefined || to > knownThrough || !isWhole(from, to)) return undefined
    const end = firstEntryAfter(totals, to, known.from[index], known.to[index])
    let units = 0
    let entry = firstEntryAfter(totals, from - 1, known.from[index], end)
    for (; entry < end; entry++) units += totals.sold[entry]
    let censoredDays = 0
    for (const out of outs[index]) {
      censoredDays += Math.max(0, Math.min(out.to, to) - Math.max(out.from, from) + 1)
    }
    return { units, censoredDays }
  }
}
