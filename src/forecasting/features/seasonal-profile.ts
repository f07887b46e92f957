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
 * The level of each period without its season, as classical decomposition by ratio to moving average
 * has it (Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 3.4): the
 * mean over the season around it. At the ends of the history that is the first or the last whole
 * season, from whose middle the level goes on with the growth: a flat end would take growth for a
 * season. NaN throughout where less than one season is known.
 *
 * @param units one series, NaN where unknown
 * @param growth of their logarithm per period
 */
export function seasonalLevel(units: Float64Array, season: number, growth: number): Float64Array {
  const totals = runningTotals(units)
  const periods = units.length
  const first = totals.known.lastIndexOf(0)
  const level = new Float64Array(periods).fill(Number.NaN)
  if (periods - first < season) return level
  for (let period = first; period < periods; period++) {
    const start = Math.min(Math.max(period - (season >> 1), first), periods - season)
    const fromMiddle = period - (start + (season - 1) / 2)
    level[period] = meanOver(totals, start, start + season) * Math.exp(growth * fromMiddle)
  }
  return level
}

/**
 * What a seasonal profile is made from, for each position of the season: in how many seasons it is
 * known, what these count, and their ratios of units to level, 1 on average: Σ w r and Σ w r².
 */
export type SeasonalSums = {
  seasons: Float64Array
  weight: Float64Array
  ratio: Float64Array
  squares: Float64Array
}

/**
 * Every season counts for one, but less where less was sold than usual: when a shop is closed, one
 * unit is no season.
 *
 * @param units of each period, NaN where unknown
 * @param level of each period, NaN where unknown
 * @param positions of the periods in the season
 * @param from first period that counts
 */
export function seasonalSums(
  units: Float64Array,
  level: Float64Array,
  positions: Int32Array,
  season: number,
  from: number,
): SeasonalSums {
  const sums = {
    seasons: new Float64Array(season),
    weight: new Float64Array(season),
    ratio: new Float64Array(season),
    squares: new Float64Array(season),
  }
  const counts = (period: number) => !Number.isNaN(units[period]) && level[period] > 0
  let usual = 0
  let known = 0
  for (let period = from; period < units.length; period++) {
    if (!counts(period)) continue
    known++
    usual += (level[period] - usual) / known
  }
  let weights = 0
  let ratios = 0
  for (let period = from; period < units.length; period++) {
    if (!counts(period)) continue
    const position = positions[period]
    const ratio = units[period] / level[period]
    const weight = Math.min(1, level[period] / usual)
    sums.seasons[position]++
    sums.weight[position] += weight
    sums.ratio[position] += weight * ratio
    sums.squares[position] += weight * ratio ** 2
    weights += weight
    ratios += weight * ratio
  }
  if (!(ratios > 0)) return sums
  const mean = ratios / weights
  return {
    ...sums,
    ratio: sums.ratio.map((it) => it / mean),
    squares: sums.squares.map((it) => it / mean ** 2),
  }
}

/**
 * How much the factor of a position varies from season to season, as the variance of one that counts
 * for one. Infinite where no position is known twice.
 */
function variationBetweenSeasons({ seasons, weight, ratio, squares }: SeasonalSums): number {
  let sum = 0
  let free = 0
  for (let position = 0; position < seasons.length; position++) {
    if (seasons[position] < 2) continue
    sum += Math.max(0, squares[position] - ratio[position] ** 2 / weight[position])
    free += seasons[position] - 1
  }
  return free > 0 ? sum / free : Number.POSITIVE_INFINITY
}

/** What was sold by the season, and the profile that it is to be compared with. */
type Compared = { sums: SeasonalSums; prior: Float64Array }

/**
 * How much factors differ from those that they are compared with beyond what the variation between
 * seasons explains, as a variance: the moment estimate of DerSimonian & Laird 1986 ("Meta-analysis in
 * clinical trials", Controlled Clinical Trials 7). Series that are steady count most: told from all
 * seasons about the prior, where chance and truth weigh alike, so that those that are steady by
 * chance do not. 0 where chance explains all of it, or nothing is known.
 */
export function differenceFromPrior(all: Compared[]): number {
  const known = all.flatMap(({ sums, prior }) => {
    const { seasons, weight, ratio, squares } = sums
    const variation = variationBetweenSeasons(sums)
    if (variation === Number.POSITIVE_INFINITY) return []
    let weights = 0
    let distance = 0
    let excess = 0
    for (let position = 0; position < seasons.length; position++) {
      if (seasons[position] === 0) continue
      const factor = prior[position]
      weights += weight[position]
      distance += squares[position] - factor * (2 * ratio[position] - factor * weight[position])
      excess += (ratio[position] - factor * weight[position]) ** 2 / weight[position] - variation
    }
    return [{ distance: distance / weights, excess: excess / weights }]
  })
  const usual = known.reduce((sum, { distance }) => sum + distance, 0) / known.length
  let sum = 0
  let weights = 0
  for (const { distance, excess } of known) {
    const weight = usual > 0 ? (1 + distance / usual) ** -2 : 1
    sum += weight * excess
    weights += weight
  }
  return weights > 0 ? Math.max(0, sum / weights) : 0
}

/**
 * The seasonal factor of each position, 1 on average: the mean ratio of its seasons by its
 * credibility, for the rest the prior. The credibility of seasons that count for w is w / (w + k),
 * with the variation between seasons over the difference from the prior for k (Bühlmann & Straub
 * 1970, "Glaubwürdigkeit für Schadensätze").
 */
export function shrunkProfile(
  sums: SeasonalSums,
  prior: Float64Array,
  difference: number,
): Float64Array {
  const variation = variationBetweenSeasons(sums)
  if (difference === 0 || variation === Number.POSITIVE_INFINITY) return prior
  const { weight, ratio } = sums
  const profile = prior.map((factor, position) => {
    if (weight[position] === 0) return factor
    const credibility = weight[position] / (weight[position] + variation / difference)
    return factor + credibility * (ratio[position] / weight[position] - factor)
  })
  const mean = profile.reduce((sum, value) => sum + value, 0) / profile.length
  return profile.map((factor) => factor / mean)
}
