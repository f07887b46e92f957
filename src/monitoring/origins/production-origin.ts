import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import type { Shadow } from '../../ledger/shadow.ts'
import type { OriginSums } from './origin-sums.ts'

/**
 * One origin of production, of a part of the sales: what was forecast then of the periods that came
 * next, and what became of it, as the newest sales say. The same shape as an origin of a backtest, so
 * that the same functions score both.
 */
export type ProductionOrigin = {
  /**
   * What could have been sold, of every series that was forecast, in the periods that are over: those
   * of the block, and farther ones as far as they are forecast.
   */
  rows: OriginRows
  /** For the series and periods of the rows, at all of `LEVELS`. */
  model: OriginForecast
  /** What seasonal naive would have forecast, calibrated on what was known then. */
  naive: OriginForecast
  /** What was tried beside it, and forecast at the same moment; NaN where that forecast nothing. */
  shadow?: Shadow & { forecast: OriginForecast }
  forecasts: ForecastsFrom
  /** Units in the block that the series which sell would have sold, and those of them that are known. */
  demand: { all: number; known: number }
  /** Stores of which sales of the block are missing: all, or those of its last days. */
  silentStores: string[]
  /** Series that sold and were not forecast: their rows are not scored. */
  unforecast: number
}

export type ForecastsFrom =
  | { from: 'published'; id: string; at: string }
  /** Made again from the model and the sales of that day, since none were published. */
  | { from: 'reproduced' }

/** A span that an order covers, forecast from its start, and over. Days are inclusive. */
export type ProductionBlock = { from: number; to: number } & (
  | {
      outcome: 'seen'
      /** Of all parts. */
      origin: OriginSums
      /** Published forecasts of series that the sales do not know any more, such as a renamed product. */
      orphaned: number
    }
  /** Nothing was published, and it cannot be made again: why, as a sentence. */
  | { outcome: 'no forecasts'; problem: string }
)
