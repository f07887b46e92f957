import { type Static, Type } from 'typebox'
import { count, isoDay, number, object, share, union } from '../../base/schema-parts.ts'
import { Degradation } from '../evidence/degradation.ts'

const span = {
  /** ISO days, inclusive: whole periods, as many as an order covers. */
  from: isoDay,
  to: isoDay,
  version: count,
  /** Where the forecasts of it are from. */
  forecasts: Type.Enum(['published', 'reproduced', 'missing']),
  /** Forecast series, and the share of their demand that is known: stock-outs can hide it. */
  series: count,
  knownDemand: share,
}

/** A span that an order covers, forecast from its start, and over. Blocks do not overlap. */
export const Block = union('outcome', [
  object({
    ...span,
    outcome: Type.Literal('counted'),
    /** Of the metric that decides. */
    loss: object({ model: number, naive: number, shadow: Type.Optional(number) }),
    /** ln(model / naive). */
    logRatio: number,
    /** The evidence after this block, since the promotion: of "worse than promised". */
    e: number,
    r: number,
    level: Degradation,
  }),
  object({
    ...span,
    outcome: Type.Literal('cannot tell'),
    reason: Type.Enum([
      'no forecasts',
      'too little of the demand known',
      'sales missing',
      'nothing to compare',
    ]),
    /** Stores of which no sales came at all, where that is the reason. */
    stores: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 20 })),
  }),
])
export type Block = Static<typeof Block>
