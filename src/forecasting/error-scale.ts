import { quickselect } from 'simple-statistics'
import { type Static, Type } from 'typebox'
import { object } from '../base/schema-parts.ts'
import { significant } from './significant.ts'
import {
  addRow,
  holdColumn,
  type NormalEquations,
  noRows,
  ridgeRegression,
} from './weighted-least-squares.ts'

const power = Type.Number({ minimum: 0, maximum: 2 })

/**
 * How large the error of a forecast of one period is expected to be, in units: the exponential of
 * intercept + mean · ln(forecast + least) + spread · ln(spread of the series + least), and, where a
 * model tells it, + width · ln(width of the distribution, as a share of the forecast).
 */
export const ErrorScale = object({
  intercept: Type.Number({ minimum: -200, maximum: 200 }),
  mean: power,
  spread: power,
  width: Type.Optional(power),
  /** A logarithm needs more than nothing: in units, 0.1 where it is not said. */
  least: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
})
export type ErrorScale = Static<typeof ErrorScale>

/** As much as the series varies, for when there is no backtest to learn from. */
export const DEFAULT_SCALE: ErrorScale = { intercept: 0, mean: 0, spread: 1 }

export function expectedError(
  scale: ErrorScale,
  mean: number,
  spread: number,
  width: number = 1,
): number {
  const least = scale.least ?? LEAST_UNITS
  let log =
    scale.intercept + scale.mean * Math.log(mean + least) + scale.spread * Math.log(spread + least)
  if (scale.width) log += scale.width * Math.log(width)
  return Math.exp(log)
}

/** Errors of forecasts: all arrays of the same length, in units; NaN where it is not known. */
export type MeasuredErrors = {
  error: Float64Array
  mean: Float64Array
  spread: Float64Array
  /** As a share of the mean, where a model tells it: above 0. */
  width?: Float64Array | undefined
}

/**
 * Quasi-Poisson regression of the absolute errors on forecast and spread with a logarithmic link, by
 * iteratively reweighted least squares (Nelder & Wedderburn 1972, "Generalized Linear Models";
 * McCullagh & Nelder 1989, chapter 9), whose steps are halved where they go too far. Large errors in
 * series that sell a lot weigh more, in proportion to their size, as they do in every loss in units. All
 * is relative to the median forecast, so that what is sold by the gram is learnt as what is sold by the
 * ton.
 */
export function learnErrorScale({ error, mean, spread, width }: MeasuredErrors): ErrorScale {
  const step = Math.max(1, Math.ceil(error.length / MOST_ROWS))
  const rows: number[] = []
  for (let row = 0; row < error.length; row += step) if (!Number.isNaN(error[row])) rows.push(row)
  const total = rows.reduce((sum, row) => sum + Math.abs(error[row]), 0)
  if (rows.length < FEWEST_ROWS || total === 0) return DEFAULT_SCALE
  const unit = typicalOf(rows, mean)
  const columns = [logsOf(mean, rows, unit, LEAST), logsOf(spread, rows, unit, LEAST)]
  if (width) columns.push(logsOf(width, rows, 1, 0))
  const found = new Float64Array(rows.length)
  rows.forEach((row, index) => {
    found[index] = Math.abs(error[row]) / unit
  })
  let scale: Powers = {
    intercept: Math.log(total / rows.length / unit),
    powers: columns.map(() => 0),
  }
  const logs = new Float64Array(columns.length)
  let best = { ...scale, loss: Number.POSITIVE_INFINITY }
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const equations = noRows(columns.length)
    const { intercept: base, powers: tried } = scale
    let loss = 0
    for (let index = 0; index < found.length; index++) {
      let predictor = base
      for (let column = 0; column < tried.length; column++) {
        const log = columns[column][index]
        logs[column] = log
        predictor += tried[column] * log
      }
      const expected = Math.exp(predictor)
      const working = predictor + (found[index] - expected) / expected
      loss += expected - found[index] * predictor
      addRow(equations, logs, working, expected)
    }
    if (!(loss <= best.loss)) {
      scale = halfway(best, scale)
      continue
    }
    best = { ...scale, loss }
    const next = boundedRegression(equations)
    const change = next.powers.reduce((sum, it, k) => sum + Math.abs(it - scale.powers[k]), 0)
    scale = next
    if (change < TOLERANCE) break
  }
  const grown = best.powers[0] + best.powers[1]
  const [intercept, least, ofMean, ofSpread, ofWidth] = significant([
    best.intercept + (1 - grown) * Math.log(unit),
    LEAST * unit,
    ...best.powers,
  ])
  return { intercept, mean: ofMean, spread: ofSpread, ...(width && { width: ofWidth }), least }
}

function logsOf(values: Float64Array, rows: number[], unit: number, least: number): Float64Array {
  const logs = new Float64Array(rows.length)
  for (let index = 0; index < logs.length; index++) {
    logs[index] = Math.log(values[rows[index]] / unit + least)
  }
  return logs
}

type Powers = { intercept: number; powers: number[] }

/**
 * The powers, between 0 and `MOST_POWER`, that solve the equations best: the one that would lie furthest
 * beyond is held at its bound, and the others explain what is left then.
 */
function boundedRegression(equations: NormalEquations): Powers {
  const held = new Float64Array(equations.columns)
  for (;;) {
    const { intercept, coefficients } = ridgeRegression(equations, PENALTY)
    const beyond = coefficients.map((it) => Math.max(-it, it - MOST_POWER))
    const furthest = Math.max(...beyond)
    if (furthest <= 0)
      return { intercept, powers: Array.from(held, (it, k) => it + coefficients[k]) }
    const column = beyond.indexOf(furthest)
    held[column] = coefficients[column] < 0 ? 0 : MOST_POWER
    holdColumn(equations, column, held[column])
  }
}

function halfway(one: Powers, other: Powers): Powers {
  return {
    intercept: (one.intercept + other.intercept) / 2,
    powers: one.powers.map((it, column) => (it + other.powers[column]) / 2),
  }
}

/** The median of the forecasts that are not 0; 1 where none is. */
function typicalOf(rows: number[], mean: Float64Array): number {
  const positive = rows.map((row) => mean[row]).filter((units) => units > 0)
  const middle = positive.length >> 1
  quickselect(positive, middle, 0, positive.length - 1)
  return positive[middle] ?? 1
}

/** Of the median forecast. */
const LEAST = 0.02
const LEAST_UNITS = 0.1
/** Few numbers are learnt: more rows change nothing. */
const MOST_ROWS = 5000
const FEWEST_ROWS = 30
const ITERATIONS = 20
const TOLERANCE = 1e-4
const PENALTY = 1
/** No error grows faster than in proportion to what is forecast, to the spread or to the width. */
const MOST_POWER = 1
