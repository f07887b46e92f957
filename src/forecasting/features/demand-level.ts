import type { Frequency } from '../../demand/calendar.ts'
import type { Panel } from '../../demand/panel.ts'
import { knownIn, meanOver, type RunningTotals, runningTotals } from './running-totals.ts'

/** What one series sells as a rule, told from its history up to an origin. */
export type DemandLevel = {
  /**
   * Units per period: the mean of a short and a long mean; where both are 0, a fifth of the last
   * year's mean. 0 where nothing was sold within a year, NaN where nothing is known.
   */
  level(origin: number): number
  /** Level × how the target's weekday compares with the others, in units. */
  baseline(origin: number, target: number): number
}

/** Lengths in periods. */
export const lengths: Record<Frequency, { short: number; long: number; year: number }> = {
  day: { short: 14, long: 56, year: 364 },
  week: { short: 8, long: 26, year: 52 },
  month: { short: 3, long: 12, year: 12 },
}

/** Whether the history is long enough to tell the time of the year. */
export function tellsYear({ frequency, periods }: Pick<Panel, 'frequency' | 'periods'>): boolean {
  return periods >= 1.25 * lengths[frequency].year
}

/**
 * @param units one series, NaN where unknown
 * @param totals of it
 * @param usualWeek of the chain; for days only
 */
export function demandLevel(
  frequency: Frequency,
  units: Float64Array,
  totals: RunningTotals,
  usualWeek: UsualWeek | undefined,
): DemandLevel {
  const { short, long, year } = lengths[frequency]
  const level = (origin: number) => {
    const end = origin + 1
    const shortMean = meanOver(totals, end - short, end)
    const longMean = meanOver(totals, end - long, end)
    if (Number.isNaN(longMean)) return meanOver(totals, 0, end)
    const mean = Number.isNaN(shortMean) ? longMean : (shortMean + longMean) / 2
    return mean > 0 ? mean : meanOver(totals, end - year, end) / 5
  }
  if (usualWeek === undefined) return { level, baseline: level }
  const ofWeekday = Array.from({ length: 7 }, (_, first) =>
    runningTotals(units.filter((_, period) => period % 7 === first)),
  )
  const baseline = (origin: number, target: number) => {
    const mean = meanOver(totals, origin + 1 - 7 * WEEKS, origin + 1)
    if (!(mean > 0)) return level(origin)
    const day = target % 7
    const end = Math.floor((origin - day) / 7) + 1
    const weeks = knownIn(ofWeekday[day], end - WEEKS, end)
    const own = weeks === 0 ? 0 : meanOver(ofWeekday[day], end - WEEKS, end) / mean
    const factor = (weeks * own + USUAL_WEIGHT * usualWeek(day, origin)) / (weeks + USUAL_WEIGHT)
    return level(origin) * Math.max(LEAST_FACTOR, factor)
  }
  return { level, baseline }
}

/** Factor of a weekday, counted from the panel's first period, as known at an origin. */
export type UsualWeek = (weekday: number, origin: number) => number

/**
 * Factor of each weekday over all series together, 1 on average: its sales over those of the week
 * around it, in all weeks that were over by the origin; 1 where none was.
 */
export function usualWeekOf(chain: RunningTotals): UsualWeek {
  const { periods } = chain
  const sold = new Float64Array(7 * (periods + 1))
  const level = new Float64Array(7 * (periods + 1))
  for (let period = 0; period < periods; period++) {
    const [from, to] = [7 * period, 7 * period + 7]
    sold.copyWithin(to, from, to)
    level.copyWithin(to, from, to)
    const there = meanOver(chain, period, period + 1)
    if (Number.isNaN(there)) continue
    sold[to + (period % 7)] += there
    level[to + (period % 7)] += meanOver(chain, period - 3, period + 4)
  }
  return (weekday, origin) => {
    const at = 7 * Math.max(0, origin - 2) + weekday
    return level[at] > 0 ? sold[at] / level[at] : 1
  }
}

/** Weeks that a weekday's factor is told from, and how many of them the chain's week is worth. */
const WEEKS = 26
const USUAL_WEIGHT = 4
/** A weekday on which a series has never sold keeps a little, so that a first sale can be learnt. */
const LEAST_FACTOR = 0.02
