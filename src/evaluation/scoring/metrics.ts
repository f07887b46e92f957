import { type Static, Type } from 'typebox'
import { number, partialRecord } from '../../base/schema-parts.ts'
import type { Series } from '../../demand/panel.ts'
import type { VolumeClass } from '../../demand/volume-class.ts'
import type { OriginForecast, OriginRows } from './rows.ts'

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

/**
 * The metrics of one model over all rows, one forecast for each origin. A metric is absent where it
 * cannot be computed: nothing to divide by, a level that was not forecast, a forecast that is not a
 * finite number.
 */
export function metrics(
  rows: OriginRows[],
  forecasts: OriginForecast[],
  levels: number[],
): Metrics {
  return metricsOf(score(rows, forecasts, levels))
}

/** The scored rows of one series at one origin. */
export type ScoreCell = {
  /** Index of the origin. */
  origin: number
  series: Series
  volumeClass: VolumeClass
  /** How many horizons were scored, at least 1. */
  rows: number
}

/**
 * What the metrics are made of, cell by cell: C cells × 7 metrics, in the order of `metricNames`.
 * Cells and denominators depend on the rows alone, so that they are the same for every model.
 */
export type Scores = { cells: ScoreCell[]; numerators: Float64Array; denominators: Float64Array }

/** Scores one model on the horizons `from` to `to` (counted from 1, inclusive), or on all. */
export function score(
  rows: OriginRows[],
  forecasts: OriginForecast[],
  levels: number[],
  horizons: { from: number; to: number } = { from: 1, to: Number.POSITIVE_INFINITY },
): Scores {
  const most = rows.reduce((sum, { series }) => sum + series.length, 0)
  const numerators = new Float64Array(most * metricNames.length)
  const denominators = new Float64Array(most * metricNames.length)
  const cells: ScoreCell[] = []
  rows.forEach((origin, index) => {
    origin.series.forEach((series, i) => {
      const sums = sumRows(origin, forecasts[index], i, levels, horizons)
      if (sums.rows === 0) return
      const start = cells.length * metricNames.length
      numerators.set(numeratorsOf(sums), start)
      denominators.set(denominatorsOf(sums), start)
      cells.push({ origin: index, series, volumeClass: origin.volumeClasses[i], rows: sums.rows })
    })
  })
  const used = cells.length * metricNames.length
  return {
    cells,
    numerators: numerators.subarray(0, used),
    denominators: denominators.subarray(0, used),
  }
}

/** The metrics over the cells that `keep` accepts. */
export function metricsOf(
  { cells, numerators, denominators }: Scores,
  keep: (cell: ScoreCell) => boolean = () => true,
): Metrics {
  const above = new Float64Array(metricNames.length)
  const below = new Float64Array(metricNames.length)
  cells.forEach((cell, index) => {
    if (!keep(cell)) return
    for (let m = 0; m < metricNames.length; m++) {
      above[m] += numerators[index * metricNames.length + m]
      below[m] += denominators[index * metricNames.length + m]
    }
  })
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

function sumRows(
  origin: OriginRows,
  forecast: OriginForecast,
  i: number,
  levels: number[],
  horizons: { from: number; to: number },
): Sums {
  const { horizon } = origin
  const sums: Sums = {
    rows: 0,
    actual: 0,
    absoluteActual: 0,
    error: 0,
    absoluteError: 0,
    squaredError: 0,
    quantileLoss: 0,
    inside80: 0,
    inside95: 0,
    naiveAbsoluteError: scale(origin.naiveAbsoluteError[i]),
    naiveSquaredError: scale(origin.naiveSquaredError[i]),
  }
  for (let h = horizons.from - 1; h < Math.min(horizon, horizons.to); h++) {
    const row = i * horizon + h
    const actual = origin.actual[row]
    if (Number.isNaN(actual)) continue
    const error = forecast.mean[row] - actual
    // NaN where the level was not forecast, which makes absent what needs it.
    const quantile = (level: number) => {
      const at = levels.indexOf(level)
      return at < 0 ? Number.NaN : forecast.quantiles[row * levels.length + at]
    }
    sums.rows += 1
    sums.actual += actual
    sums.absoluteActual += Math.abs(actual)
    sums.error += error
    sums.absoluteError += Math.abs(error)
    sums.squaredError += error * error
    for (const level of [0.1, 0.5, 0.9]) {
      sums.quantileLoss += (2 / 3) * pinball(level, actual, quantile(level))
    }
    sums.inside80 += inside(actual, quantile(0.1), quantile(0.9))
    sums.inside95 += inside(actual, quantile(0.025), quantile(0.975))
  }
  return sums
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
