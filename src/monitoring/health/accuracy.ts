import { type Static, Type } from 'typebox'
import { count, object } from '../../base/schema-parts.ts'
import { Metrics } from '../../evaluation/scoring/metrics.ts'

/** How the published forecasts did since the promotion, in all and in each part. */
export const Accuracy = object({
  by: Type.Enum(['all', 'block', 'horizon', 'category', 'volume class', 'store']),
  /** Such as `biscuits`, `high`, `3`, or the first ISO day of a block; empty for all. */
  name: Type.String({ maxLength: 300 }),
  rows: count,
  model: Metrics,
  naive: Metrics,
  /** What the backtest had said of the same part; absent where it said nothing. */
  promised: Type.Optional(Metrics),
})
export type Accuracy = Static<typeof Accuracy>
