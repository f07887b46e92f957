import { civilFromDay, dayFromCivil, weekday } from '../../base/day.ts'
import { type Frequency, firstDay } from '../../demand/calendar.ts'
import { meanOver, runningTotals } from './running-totals.ts'

/**
 * Where a period stands in its season, 0 … season − 1: the weekday of a day, the sevenths of the
 * year of a week (by its Thursday), the month of a month.
 */
export function positionInSeason(frequency: Frequency, period: number): number {
  if (frequency === 'day') return weekday(period)
  if (frequency === 'month') return ((period % 12) + 12) % 12
  const thursday = firstDay('week', period) + 3
  const dayOfYear = thursday - dayFromCivil(civilFromDay(thursday).year, 1, 1)!
  return Math.min(51, Math.floor(dayOfYear / 7))
}

/**
 * What a seasonal profile is made from: for each position of the season the units sold there, and
 * what would have been sold there without a season; and over how many periods.
 */
export type SeasonalSums = { units: Float64Array; level: Float64Array; periods: number }

export function noSums(season: number): SeasonalSums {
  return { units: new Float64Array(season), level: new Float64Array(season), periods: 0 }
}

/** Adds the sums of a part to those of the whole. */
export function addSums(whole: SeasonalSums, part: SeasonalSums): void {
  for (let position = 0; position < whole.units.length; position++) {
    whole.units[position] += part.units[position]
    whole.level[position] += part.level[position]
  }
  whole.periods += part.periods
}

/**
 * Classical decomposition by ratio to moving average (Hyndman & Athanasopoulos, "Forecasting:
 * Principles and Practice", 3rd ed., section 3.4): the level of a period is the mean over the
 * season around it, at the ends of the history over the first or last whole season. Empty where
 * less than one season is known.
 *
 * @param units one series, NaN where unknown
 * @param positions of its periods in the season
 * @param from first period that counts
 */
export function seasonalSums(
  units: Float64Array,
  positions: Int32Array,
  season: number,
  from: number,
): SeasonalSums {
  const sums = noSums(season)
  const totals = runningTotals(units)
  const periods = units.length
  const first = totals.known.lastIndexOf(0)
  if (periods - first < season) return sums
  for (let period = Math.max(from, first); period < periods; period++) {
    if (Number.isNaN(units[period])) continue
    const start = Math.min(Math.max(period - (season >> 1), first), periods - season)
    sums.units[positions[period]] += units[period]
    sums.level[positions[period]] += meanOver(totals, start, start + season)
    sums.periods++
  }
  return sums
}

/**
 * The seasonal factor of each position, 1 on average: units / level, drawn towards `prior` as if
 * the prior had been observed `weight` times at each position. Where nothing was sold, the prior.
 */
export function shrunkProfile(
  { units, level, periods }: SeasonalSums,
  prior: Float64Array,
  weight: number,
): Float64Array {
  const meanLevel = level.reduce((sum, value) => sum + value, 0) / Math.max(1, periods)
  if (meanLevel === 0) return prior
  const priorLevel = weight * meanLevel
  const profile = units.map(
    (sold, position) => (sold + priorLevel * prior[position]) / (level[position] + priorLevel),
  )
  const mean = profile.reduce((sum, value) => sum + value, 0) / profile.length
  return profile.map((factor) => factor / mean)
}
