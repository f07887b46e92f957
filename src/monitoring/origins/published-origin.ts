import { isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { type Frequency, firstDay, periodOf } from '../../demand/calendar.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { PublishedForecasts } from '../../ledger/published-forecasts.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'

/**
 * Published forecasts for the series and periods of the rows; NaN where nothing was published. Throws
 * a `UserError` where they are of other periods or levels.
 */
export function publishedOrigin(
  { frequency, from, levels, series }: PublishedForecasts,
  { day, horizon, ...rows }: OriginRows,
  file: string,
): OriginForecast {
  requireSamePeriods({ frequency, from, levels }, day, file)
  const mean = new Float64Array(rows.series.length * horizon).fill(Number.NaN)
  const quantiles = new Float64Array(mean.length * LEVELS.length).fill(Number.NaN)
  const rowOf = new Map(rows.series.map((it, row) => [seriesId(it), row]))
  const ahead = Math.min(horizon, from.length)
  for (const { product, store, ...forecast } of series) {
    const row = rowOf.get(seriesId({ productId: product, storeId: store }))
    if (row === undefined) continue
    for (let h = 0; h < ahead; h++) {
      const cell = row * horizon + h
      mean[cell] = forecast.mean[h]
      quantiles.set(forecast.quantiles[h], cell * LEVELS.length)
    }
  }
  return { mean, quantiles }
}

/** Throws a `UserError` where forecasts are of other periods than those after the day, or levels. */
export function requireSamePeriods(
  { frequency, from, levels }: { frequency: Frequency; from: string[]; levels: number[] },
  day: number,
  file: string,
): void {
  const refuse = (what: string): never => {
    throw new UserError(what, { file })
  }
  if (JSON.stringify(levels) !== JSON.stringify(LEVELS)) refuse('has the quantiles of other levels')
  const first = periodOf(frequency, day + 1)
  const inOrder = from.every((iso, h) => iso === isoFromDay(firstDay(frequency, first + h)))
  if (!inOrder) refuse(`does not forecast the periods from ${isoFromDay(day + 1)} on`)
}
