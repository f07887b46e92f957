import type { MetricName } from '../../evaluation/scoring/metrics.ts'
import { metricsOfCells, scoreOrigins } from '../../evaluation/scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { LEVELS } from '../../forecasting/levels.ts'

/** A metric of forecasts over the first so many periods; undefined where nothing there is known. */
export function blockLoss(
  rows: OriginRows,
  forecast: OriginForecast,
  periods: number,
  metric: MetricName,
): number | undefined {
  return metricsOfCells(scoreOrigins([rows], [forecast], LEVELS, { from: 1, to: periods }))[metric]
}
