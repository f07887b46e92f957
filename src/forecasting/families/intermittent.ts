import { type SpanTotals, spanTotals } from './span-totals.ts'

/**
 * Forecasts of demand that comes now and then, after how often (the probability or the interval)
 * and how much (the size). Time is counted in seasonal factors: a period in which twice as much
 * is usually sold counts for two. With all factors 1 these are the textbook methods. Averages are
 * exponentially weighted with weights that add up to one from the start, as in `smoothedLevel`.
 *
 * For all: `units` per period, NaN where unknown; `factors` of the same length; result in units per
 * period whose factor is 1, NaN where nothing is known.
 */

/**
 * Teunter–Syntetos–Babai: smoothed probability of a demand × smoothed size. The probability also
 * falls while nothing is sold, so the forecast of a product that dies out goes to zero (Teunter,
 * Syntetos & Babai 2011, "Intermittent demand: linking forecasting to inventory obsolescence",
 * European Journal of Operational Research 214; here with one α for both).
 */
export function tsb(units: Float64Array, factors: Float64Array, alpha: number): number {
  let demands = 0
  let time = 0
  let size = 0
  let sizeWeight = 0
  for (let period = 0; period < units.length; period++) {
    if (Number.isNaN(units[period])) continue
    demands *= 1 - alpha
    time = time * (1 - alpha) + factors[period]
    if (units[period] === 0) continue
    demands++
    sizeWeight = sizeWeight * (1 - alpha) + 1
    size += (units[period] - size) / sizeWeight
  }
  return (demands / time) * size
}

/**
 * Syntetos–Boylan approximation: (1 − α/2) × smoothed size / smoothed interval, Croston's method
 * without its bias (Syntetos & Boylan 2005, "The accuracy of intermittent demand estimates",
 * International Journal of Forecasting 21). The first interval counts from the first known period.
 */
export function sba(units: Float64Array, factors: Float64Array, alpha: number): number {
  let interval = 0
  let size = 0
  let weight = 0
  let sinceDemand = 0
  let known = 0
  for (let period = 0; period < units.length; period++) {
    if (Number.isNaN(units[period])) continue
    known++
    sinceDemand += factors[period]
    if (units[period] === 0) continue
    weight = weight * (1 - alpha) + 1
    size += (units[period] - size) / weight
    interval += (sinceDemand - interval) / weight
    sinceDemand = 0
  }
  if (known === 0) return Number.NaN
  return weight === 0 ? 0 : ((1 - alpha / 2) * size) / interval
}

/**
 * The aggregate–disaggregate approach, ADIDA: demand added up over spans as long as there are
 * periods from one demand to the next, which leaves few without any, to be smoothed as demand that
 * comes all the time (Nikolopoulos et al. 2011, "An aggregate–disaggregate intermittent demand
 * approach (ADIDA) to forecasting", Journal of the Operational Research Society 62).
 */
export function totalsOfIntervals(units: Float64Array, factors: Float64Array): SpanTotals {
  let known = 0
  let demands = 0
  for (const value of units) {
    if (Number.isNaN(value)) continue
    known++
    if (value > 0) demands++
  }
  return spanTotals(units, factors, Math.max(1, Math.round(known / Math.max(1, demands))))
}
