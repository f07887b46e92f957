import { median } from 'simple-statistics'
import { type Static, Type } from 'typebox'
import { object } from '../base/schema-parts.ts'
import { significant } from './significant.ts'
import { addRow, noRows, ridgeRegression } from './weighted-least-squares.ts'

const power = Type.Number({ minimum: 0, maximum: 2 })

/**
 * How large the error of a forecast of one period is expected to be, in units: the exponential of
 * intercept + mean · ln(forecast + least) + spread · ln(spread of the series + least).
 */
export const ErrorScale = object({
  intercept: Type.Number({ minimum: -200, maximum: 200 }),
  mean: power,
  spread: power,
  /** A logarithm needs more than nothing: in units, 0.1 where it is not said. */
  least: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
})
export type ErrorScale = Static<typeof ErrorScale>

/** As much as the series varies, for when there is no backtest to learn from. */
export const DEFAULT_SCALE: ErrorScale = { intercept: 0, mean: 0, spread: 1 }

export function expectedError(
  { intercept, least = LEAST_UNITS, ...powers }: ErrorScale,
  mean: number,
  spread: number,
): number {
  return Math.exp(
    intercept + powers.mean * Math.log(mean + least) + powers.spread * Math.log(spread + least),
  )
}

/** Errors of forecasts: all arrays of the same length, in units; NaN where it is not known. */
export type MeasuredErrors = { error: Float64Array; mean: Float64Array; spread: Float64Array }

/**
 * Quasi-Poisson regression of the absolute errors on forecast and spread with a logarithmic link, by
 * iteratively reweighted least squares (Nelder & Wedderburn 1972, "Generalized Linear Models";
 * McCullagh & Nelder 1989, chapter 9). Large errors in series that sell a lot weigh more, in
 * proportion to their size, as they do in every loss in units. All is relative to the median forecast,
 * so that what is sold by the gram is learnt as what is sold by the ton.
 */
export function learnErrorScale({ error, mean, spread }: MeasuredErrors): ErrorScale {
  const step = Math.max(1, Math.ceil(error.length / MOST_ROWS))
  const rows: number[] = []
  for (let row = 0; row < error.length; row += step) if (!Number.isNaN(error[row])) rows.push(row)
  const total = rows.reduce((sum, row) => sum + Math.abs(error[row]), 0)
  if (rows.length < FEWEST_ROWS || total === 0) return DEFAULT_SCALE
  const unit = typicalOf(rows, mean)
  let scale = { intercept: Math.log(total / rows.length / unit), mean: 0, spread: 0 }
  const logsOfMean = Float64Array.from(rows, (row) => Math.log(mean[row] / unit + LEAST))
  const logsOfSpread = Float64Array.from(rows, (row) => Math.log(spread[row] / unit + LEAST))
  const logs = new Float64Array(2)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const equations = noRows(2)
    for (let index = 0; index < rows.length; index++) {
      logs[0] = logsOfMean[index]
      logs[1] = logsOfSpread[index]
      const predictor = scale.intercept + scale.mean * logs[0] + scale.spread * logs[1]
      const expected = Math.exp(predictor)
      const working = predictor + (Math.abs(error[rows[index]]) / unit - expected) / expected
      addRow(equations, logs, working, expected)
    }
    const { intercept, coefficients } = ridgeRegression(equations, PENALTY)
    const [ofMean, ofSpread] = coefficients.map((it) => Math.min(MOST_POWER, Math.max(0, it)))
    // The intercept stands where the regression crosses its means; a clamped slope moves it.
    const moved =
      ((coefficients[0] - ofMean) * equations.sums[0] +
        (coefficients[1] - ofSpread) * equations.sums[1]) /
      equations.weight
    const next = { intercept: intercept + moved, mean: ofMean, spread: ofSpread }
    const change = Math.abs(next.mean - scale.mean) + Math.abs(next.spread - scale.spread)
    scale = next
    if (change < TOLERANCE) break
  }
  const [intercept, ofMean, ofSpread, least] = significant([
    scale.intercept + (1 - scale.mean - scale.spread) * Math.log(unit),
    scale.mean,
    scale.spread,
    LEAST * unit,
  ])
  return { intercept, mean: ofMean, spread: ofSpread, least }
}

/** The median of the forecasts that are not 0; 1 where none is. */
function typicalOf(rows: number[], mean: Float64Array): number {
  const positive = rows.map((row) => mean[row]).filter((units) => units > 0)
  return positive.length > 0 ? median(positive) : 1
}

/** Of the median forecast. */
const LEAST = 0.02
const LEAST_UNITS = 0.1
/** Three numbers are learnt: more rows change nothing. */
const MOST_ROWS = 5000
const FEWEST_ROWS = 30
const ITERATIONS = 12
const TOLERANCE = 1e-4
const PENALTY = 1
/** No error grows faster than this power of the forecast. */
const MOST_POWER = 1.5
