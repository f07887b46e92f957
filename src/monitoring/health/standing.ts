import { type Static, Type } from 'typebox'
import { count, number, object, union } from '../../base/schema-parts.ts'
import { BacktestPromise, NoPromise } from '../evidence/backtest-promise.ts'
import { Degradation } from '../evidence/degradation.ts'

/** Whether the version in production keeps what its backtest promised. */
export const ModelStanding = union('outcome', [
  object({
    outcome: Type.Literal('judged'),
    level: Degradation,
    promise: BacktestPromise,
    /** R from which on it is watched, E from which on it is called degraded. */
    thresholds: object({ watch: number, degraded: number }),
    /** Blocks that counted since the promotion, and those of which nothing can be told. */
    counted: count,
    untold: count,
  }),
  object({
    outcome: Type.Literal('cannot tell'),
    reason: Type.Union([Type.Enum(['no block is over yet', 'no block could be told']), NoPromise]),
  }),
])
export type ModelStanding = Static<typeof ModelStanding>
