import { type Static, Type } from 'typebox'
import { number, partialRecord } from '../../base/schema-parts.ts'

/**
 * Every metric is a sum over rows divided by a sum over the same rows (y: units sold, f: mean
 * forecast, q_p: forecast quantile at level p, H: scored horizons of a series at an origin):
 *
 * - `weightedQuantileLoss`: mean over p = 0.1, 0.5, 0.9 of 2 Σ ρ_p(y, q_p) / Σ|y|, with the pinball
 *   loss ρ_p = p (y − q_p) above the quantile and (1 − p)(q_p − y) below it. The factor 2 makes the
 *   median's part equal to its WAPE. Koenker & Bassett (1978), Gneiting (2011), Salinas et al.
 *   (2020, "ρ-risk"). 0 is perfect.
 * - `wape`: Σ|y − f| / Σ|y|; Kolassa & Schütz (2007, "MAD/mean ratio").
 * - `mase`: mean over origins and series of (Σ|y − f| / H) / naive absolute error; Hyndman &
 *   Koehler (2006). Below 1 is better than the seasonal naive forecast was in the history.
 * - `rmsse`: mean over origins and series of √((Σ(y − f)² / H) / naive squared error); Makridakis,
 *   Spiliotis & Assimakopoulos (2022, the M5 competition).
 * - `bias`: Σ(f − y) / Σy; above 0 is too much forecast.
 * - `coverage80`: share of rows with q_0.1 ≤ y ≤ q_0.9; Gneiting, Balabdaoui & Raftery (2007).
 * - `coverage95`: share of rows with q_0.025 ≤ y ≤ q_0.975.
 *
 * Rows whose actual is NaN are not scored. A series without history (or with a constant one) has no
 * scale and is left out of `mase` and `rmsse`.
 */
export const metricNames = [
  'weightedQuantileLoss',
  'wape',
  'mase',
  'rmsse',
  'bias',
  'coverage80',
  'coverage95',
] as const

/** The metrics, by the names that recipe, policy, reports and files use. */
export const MetricName = Type.Enum(metricNames)
export type MetricName = Static<typeof MetricName>

/** A metric that cannot be computed is absent. */
export const Metrics = partialRecord(metricNames, () => number)
export type Metrics = Static<typeof Metrics>

/** Forecasts and what came of them: R rows, each a period of one of C cells. */
export type ScoreColumns = {
  /** R: which cell a row is of, 0 … C − 1: one series, forecast on one day. */
  cell: Int32Array
  /** R: units that could have been sold; NaN where the row is not scored. */
  actual: Float64Array
  /** R: expected units. */
  mean: Float64Array
  /** R × L: the forecast quantiles at the levels. */
  quantiles: Float64Array
  levels: readonly number[]
  /** C: the scales of MASE and RMSSE; NaN or 0 where there is none. */
  naiveAbsoluteError: Float64Array
  naiveSquaredError: Float64Array
}

/**
 * What the metrics are made of, cell by cell: C × 7 metrics, in the order of `metricNames`. The
 * denominators depend on what is scored alone, so that they are the same for every model.
 */
export type Scores = {
  /** C: how many rows were scored. */
  rows: Int32Array
  numerators: Float64Array
  denominators: Float64Array
}

/** Scores any forecasts, of a backtest or published ones, row by row in one pass. */
export function score(columns: ScoreColumns): Scores {
  const { cell, actual, naiveAbsoluteError, naiveSquaredError } = columns
  const cells = naiveAbsoluteError.length
  const scores: Scores = {
    rows: new Int32Array(cells),
    numerators: new Float64Array(cells * metricNames.length),
    denominators: new Float64Array(cells * metricNames.length),
  }
  const sums = Array.from({ length: cells }, (_, index) =>
    noSums(naiveAbsoluteError[index], naiveSquaredError[index]),
  )
  const at = indexOfLevels(columns.levels)
  for (let row = 0; row < actual.length; row++) {
    if (!Number.isNaN(actual[row])) addRow(sums[cell[row]], columns, row, at)
  }
  sums.forEach((ofCell, index) => {
    if (ofCell.rows === 0) return
    scores.rows[index] = ofCell.rows
    scores.numerators.set(numeratorsOf(ofCell), index * metricNames.length)
    scores.denominators.set(denominatorsOf(ofCell), index * metricNames.length)
  })
  return scores
}

/**
 * The metrics over the cells of which `isIn` is true: of all, or of a segment. A metric is absent
 * where it cannot be computed: nothing to divide by, a level that was not forecast, a forecast that is
 * not a finite number.
 */
export function metricsOf(scores: Scores, isIn?: (cell: number) => boolean): Metrics {
  return metricsFrom(metricSums(scores, isIn))
}

/** What metrics are quotients of, over some cells, in the order of `metricNames`. */
export type MetricSums = { above: Float64Array; below: Float64Array }

/** Over the cells of which `isIn` is true. */
export function metricSums(
  { rows, numerators, denominators }: Scores,
  isIn: (cell: number) => boolean = () => true,
): MetricSums {
  const above = new Float64Array(metricNames.length)
  const below = new Float64Array(metricNames.length)
  for (let cell = 0; cell < rows.length; cell++) {
    if (!isIn(cell)) continue
    for (let m = 0; m < metricNames.length; m++) {
      above[m] += numerators[cell * metricNames.length + m]
      below[m] += denominators[cell * metricNames.length + m]
    }
  }
  return { above, below }
}

/** As `metricsOf`. */
export function metricsFrom({ above, below }: MetricSums): Metrics {
  const result: Metrics = {}
  metricNames.forEach((name, m) => {
    const value = above[m] / below[m]
    if (below[m] > 0 && Number.isFinite(value)) result[name] = value
  })
  return result
}

type Sums = {
  rows: number
  actual: number
  absoluteActual: number
  error: number
  absoluteError: number
  squaredError: number
  quantileLoss: number
  inside80: number
  inside95: number
  /** NaN where the series has no scale. */
  naiveAbsoluteError: number
  naiveSquaredError: number
}

function noSums(naiveAbsoluteError: number, naiveSquaredError: number): Sums {
  return {
    rows: 0,
    actual: 0,
    absoluteActual: 0,
    error: 0,
    absoluteError: 0,
    squaredError: 0,
    quantileLoss: 0,
    inside80: 0,
    inside95: 0,
    naiveAbsoluteError: scale(naiveAbsoluteError),
    naiveSquaredError: scale(naiveSquaredError),
  }
}

const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975] as const

/** Where each of `LEVELS` stands among the levels of a forecast; -1 where it was not forecast. */
function indexOfLevels(levels: readonly number[]): number[] {
  return LEVELS.map((level) => levels.indexOf(level))
}

function addRow(
  sums: Sums,
  { actual: actuals, mean, quantiles, levels }: ScoreColumns,
  row: number,
  at: number[],
): void {
  const actual = actuals[row]
  const error = mean[row] - actual
  // NaN where the level was not forecast, which makes absent what needs it.
  const quantile = (index: number) =>
    index < 0 ? Number.NaN : quantiles[row * levels.length + index]
  const [q10, q50, q90] = [quantile(at[1]), quantile(at[2]), quantile(at[3])]
  sums.rows += 1
  sums.actual += actual
  sums.absoluteActual += Math.abs(actual)
  sums.error += error
  sums.absoluteError += Math.abs(error)
  sums.squaredError += error * error
  sums.quantileLoss += (2 / 3) * pinball(0.1, actual, q10)
  sums.quantileLoss += (2 / 3) * pinball(0.5, actual, q50)
  sums.quantileLoss += (2 / 3) * pinball(0.9, actual, q90)
  sums.inside80 += inside(actual, q10, q90)
  sums.inside95 += inside(actual, quantile(at[0]), quantile(at[4]))
}

function scale(naiveError: number): number {
  return naiveError > 0 ? naiveError : Number.NaN
}

function pinball(level: number, actual: number, quantile: number): number {
  return actual >= quantile ? level * (actual - quantile) : (1 - level) * (quantile - actual)
}

/** 1 or 0; NaN where a bound is not a finite number. */
function inside(actual: number, low: number, high: number): number {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return Number.NaN
  return low <= actual && actual <= high ? 1 : 0
}

/** In the order of `metricNames`. */
function numeratorsOf(sums: Sums): number[] {
  const { rows, naiveAbsoluteError, naiveSquaredError } = sums
  return [
    sums.quantileLoss,
    sums.absoluteError,
    Number.isNaN(naiveAbsoluteError) ? 0 : sums.absoluteError / rows / naiveAbsoluteError,
    Number.isNaN(naiveSquaredError) ? 0 : Math.sqrt(sums.squaredError / rows / naiveSquaredError),
    sums.error,
    sums.inside80,
    sums.inside95,
  ]
}

/** In the order of `metricNames`. */
function denominatorsOf(sums: Sums): number[] {
  const { rows, naiveAbsoluteError, naiveSquaredError } = sums
  return [
    sums.absoluteActual,
    sums.absoluteActual,
    Number.isNaN(naiveAbsoluteError) ? 0 : 1,
    Number.isNaN(naiveSquaredError) ? 0 : 1,
    sums.actual,
    rows,
    rows,
  ]
}
