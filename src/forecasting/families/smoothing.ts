/** What is smoothed: a series, the seasonal factor of each of its periods, and where errors begin. */
export type Smoothed = { units: Float64Array; factors: Float64Array; from: number }

/**
 * Simple exponential smoothing (Brown 1959) of demand that a season speeds up and slows down: the
 * level after the last period, in units per period whose factor is 1,
 *
 *     level = Σ wₜ yₜ / Σ wₜ sₜ,   wₜ = (1 − α)^(number of known periods after t).
 *
 * With sₜ = 1 this is level ← level + α (y − level) once the start has faded. The weights add up to
 * one from the first period on, so no start value has to be chosen (discounted least squares,
 * Brown 1963). Dividing sums rather than each y by its s keeps periods in which nearly nothing is
 * sold from shouting.
 *
 * @param units demand per period; NaN where unknown, which is passed over
 * @param factors seasonal factor of each period, 0 or more, 1 on average
 * @returns NaN where nothing is known
 */
export function smoothedLevel(units: Float64Array, factors: Float64Array, alpha: number): number {
  let demand = 0
  let time = 0
  for (let period = 0; period < units.length; period++) {
    if (Number.isNaN(units[period])) continue
    demand = demand * (1 - alpha) + units[period]
    time = time * (1 - alpha) + factors[period]
  }
  return demand / time
}

/**
 * Sum of the absolute errors that `smoothedLevel` would have made forecasting each known period
 * from those before it, and their number. Periods before `from`, and those that follow fewer than
 * `WARM_UP` known ones, are not counted.
 */
export function oneStepErrors(
  units: Float64Array,
  factors: Float64Array,
  alpha: number,
  from: number,
): { sum: number; count: number } {
  let demand = 0
  let time = 0
  let known = 0
  let sum = 0
  let count = 0
  for (let period = 0; period < units.length; period++) {
    if (Number.isNaN(units[period])) continue
    if (period >= from && known >= WARM_UP && time > 0) {
      sum += Math.abs(units[period] - (demand / time) * factors[period])
      count++
    }
    demand = demand * (1 - alpha) + units[period]
    time = time * (1 - alpha) + factors[period]
    known++
  }
  return { sum, count }
}

const WARM_UP = 4
