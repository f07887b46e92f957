import { linearRegression, median } from 'simple-statistics'
import type { Frequency } from '../../demand/calendar.ts'
import type { Smoothed } from '../families/smoothing.ts'
import { lengths } from './demand-level.ts'

/**
 * How the logarithm of demand grows per period, of all series together and beyond what the factors of
 * their histories say; 0 where that is not worth believing.
 *
 * The chain is taken for a level with drift of which a part of each shock stays: none where all is
 * noise, all in a random walk (the local level model; Harvey 1989, "Forecasting, structural time series
 * models and the Kalman filter"). How well sales tell a drift depends on that part, which they hardly
 * tell. So the drift is the mean over all parts, with a drift and with none, by how likely each makes
 * what was sold (Hoeting et al. 1999, "Bayesian model averaging", Statistical Science 14); and none
 * where sales are likelier without one (the median probability model: Barbieri & Berger 2004, "Optimal
 * predictive model selection", The Annals of Statistics 32).
 */
export function believedGrowth(histories: Smoothed[], frequency: Frequency): number {
  const errors = smoothingErrors(histories, lengths[frequency].short)
  if (errors.length < FEWEST_ERRORS) return 0
  const usual = USUAL_GROWTH / lengths[frequency].year
  const models = WANDERING.map((part) => driftModels(errors, part, usual))
  const likeliest = Math.max(...models.flatMap(({ none, some }) => [none, some]))
  let withNone = 0
  let withSome = 0
  let drift = 0
  for (const model of models) {
    const weight = Math.exp(model.some - likeliest)
    withNone += Math.exp(model.none - likeliest)
    withSome += weight
    drift += weight * model.drift
  }
  if (withSome < withNone) return 0
  const mean = drift / (withSome + withNone)
  return Math.log1p(Math.max(-MOST_GROWTH, Math.min(MOST_GROWTH, mean)))
}

/** Standard deviation of the growth of chains over a year, in logarithms. */
const USUAL_GROWTH = 0.25
/** What part of a shock stays in the level. */
const WANDERING = [0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1]
const FEWEST_ERRORS = 8
/** In a period; more is a launch or an end. */
const MOST_GROWTH = 0.1
/** Of the level that errors are measured from: any would do, since it is reckoned with. */
const ALPHA = 0.2
/** A single order counts for no more than so many times what is usual; growth for five years is less. */
const MOST_TIMES = 5
/** Of demand: where nothing is left unexplained, growth is told exactly. */
const LEAST_ERROR = 1e-6

/** By how much a period was off, as a share of demand, and the mean age of what it was told from. */
type SmoothingError = { error: number; age: number }

/**
 * How far all series together were from what simple exponential smoothing says of the next period.
 * A growth of g makes that g times the age of the level, which is the mean age of what it is made of.
 *
 * @param launch periods; the first so many of a series are not looked at: a launch is no growth
 */
function smoothingErrors(histories: Smoothed[], launch: number): SmoothingError[] {
  const periods = histories[0]?.units.length ?? 0
  const error = new Float64Array(periods)
  const forecast = new Float64Array(periods)
  const aged = new Float64Array(periods)
  for (const { units, factors, from } of histories) {
    let demand = 0
    let time = 0
    let moment = 0
    let known = 0
    const most = MOST_TIMES * usualLevel(units, factors)
    for (let period = 0; period < periods; period++) {
      if (Number.isNaN(units[period])) continue
      const sold = Math.min(units[period], most * factors[period])
      if (period >= from && known >= launch && time > 0) {
        const expected = (demand / time) * factors[period]
        error[period] += sold - expected
        forecast[period] += expected
        aged[period] += expected * (period - moment / time)
      }
      demand = demand * (1 - ALPHA) + sold
      time = time * (1 - ALPHA) + factors[period]
      moment = moment * (1 - ALPHA) + factors[period] * period
      known++
    }
  }
  const told = [...forecast.keys()].filter((period) => forecast[period] > 0)
  // Not over the forecasts themselves: that is too high after good weeks, and would be a growth of noise.
  const { m, b } = linearRegression(told.map((period) => [period, Math.log(forecast[period])]))
  return told.map((period) => ({
    error: error[period] / Math.exp(b + m * period),
    age: aged[period] / forecast[period],
  }))
}

/** Of the periods in which anything was sold: the median, in units per period whose factor is 1. */
function usualLevel(units: Float64Array, factors: Float64Array): number {
  const levels: number[] = []
  for (let period = 0; period < units.length; period++) {
    if (units[period] > 0 && factors[period] > 0) levels.push(units[period] / factors[period])
  }
  return levels.length > 0 ? median(levels) : 0
}

/**
 * What errors say of the drift if `part` of each shock stays, and how likely they are, if there is
 * none and if there is one, which is `usual` large. An error of smoothing is 1 − α of the one before
 * and what is new: a shock less what did not stay of the one before. How far off the first level was
 * is not known, and taken out of both: the likelihood is the restricted one (Patterson & Thompson
 * 1971, Biometrika 58).
 */
function driftModels(errors: SmoothingError[], part: number, usual: number) {
  const gone = 1 - part
  let shock = 0
  let drifted = 0
  let first = 1
  const sums = { shocks: 0, drifts: 0, firsts: 0, both: 0, shocksFirst: 0, driftsFirst: 0 }
  errors.forEach(({ error, age }, at) => {
    const before = at > 0 ? errors[at - 1] : { error: 0, age: 0 }
    shock = error - (1 - ALPHA) * before.error + gone * shock
    drifted = age - (1 - ALPHA) * before.age + gone * drifted
    first = at > 0 ? gone * first : 1
    sums.shocks += shock ** 2
    sums.drifts += drifted ** 2
    sums.firsts += first ** 2
    sums.both += shock * drifted
    sums.shocksFirst += shock * first
    sums.driftsFirst += drifted * first
  })
  const shocks = sums.shocks - sums.shocksFirst ** 2 / sums.firsts
  const drifts = sums.drifts - sums.driftsFirst ** 2 / sums.firsts
  const both = sums.both - (sums.shocksFirst * sums.driftsFirst) / sums.firsts
  const free = errors.length - 1
  const least = free * LEAST_ERROR ** 2
  const variance = Math.max(least, shocks - both ** 2 / drifts) / free
  const prior = variance / usual ** 2
  const precision = drifts + prior
  const logLikelihood = (squares: number) =>
    (-free * Math.log(Math.max(least, squares)) - Math.log(sums.firsts)) / 2
  return {
    none: logLikelihood(shocks),
    some: logLikelihood(shocks - both ** 2 / precision) - Math.log(precision / prior) / 2,
    drift: both / precision,
  }
}
