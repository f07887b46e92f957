import { type Static, Type } from 'typebox'
import { isoFromDay } from '../../base/day.ts'
import { count, isoDay, number, object, share, union } from '../../base/schema-parts.ts'
import { type MetricName, type MetricSums, metricsFrom } from '../../evaluation/scoring/metrics.ts'
import { Degradation } from '../evidence/degradation.ts'
import type { OriginSums } from '../origins/origin-sums.ts'
import type { ProductionBlock } from '../origins/production-origin.ts'
import { SOLD_DIGEST } from '../origins/sold-digest.ts'

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
  /** Series that sold and were not forecast; absent where there are none. */
  unforecast: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Digest of what was sold in it: whether the sales have changed since. */
  sold: Type.Optional(Type.String({ pattern: SOLD_DIGEST })),
}

const measured = {
  ...span,
  /** Of the metric that decides. */
  loss: object({ model: number, naive: number, shadow: Type.Optional(number) }),
  /** ln(model / naive). */
  logRatio: number,
}

/** A span that an order covers, forecast from its start, and over. Blocks do not overlap. */
export const Block = union('outcome', [
  object({
    ...measured,
    outcome: Type.Literal('counted'),
    /** The evidence after this block, since the promotion: of "worse than promised". */
    e: number,
    r: number,
    level: Degradation,
  }),
  /** Its loss is known, but there is no promise to hold it against. */
  object({ ...measured, outcome: Type.Literal('measured') }),
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

/**
 * What was lost in a block, where enough of its demand is known to tell: `least`, as a share.
 *
 * @param version - number of the one in production
 */
export function measuredBlock(
  seen: ProductionBlock,
  { version, metric, least }: { version: number; metric: MetricName; least: number },
): Block {
  const span = { from: isoFromDay(seen.from), to: isoFromDay(seen.to), version }
  if (seen.outcome === 'no forecasts') {
    const nothing = { forecasts: 'missing' as const, series: 0, knownDemand: 0 }
    return { ...span, ...nothing, outcome: 'cannot tell', reason: 'no forecasts' }
  }
  const { origin } = seen
  const { segments, shadow, silentStores } = origin
  const knownDemand = knownShare(origin)
  const known = {
    ...span,
    forecasts: origin.forecasts.from,
    series: origin.series,
    knownDemand,
    ...(origin.unforecast > 0 && { unforecast: origin.unforecast }),
  }
  if (knownDemand < least) {
    if (silentStores.length === 0) {
      return { ...known, outcome: 'cannot tell', reason: 'too little of the demand known' }
    }
    const stores = silentStores.filter((store) => store !== '').slice(0, MOST_STORES)
    const named = stores.length > 0 && { stores }
    return { ...known, outcome: 'cannot tell', reason: 'sales missing', ...named }
  }
  const lost = (sums: MetricSums | undefined) => sums && metricsFrom(sums)[metric]
  const own = segments.find(({ by }) => by === 'block')
  const loss = { model: lost(own?.model), naive: lost(own?.naive), shadow: lost(shadow?.lost) }
  const logRatio = Math.log((loss.model ?? Number.NaN) / (loss.naive ?? Number.NaN))
  if (loss.model === undefined || loss.naive === undefined || !Number.isFinite(logRatio)) {
    return { ...known, outcome: 'cannot tell', reason: 'nothing to compare' }
  }
  return {
    ...known,
    outcome: 'measured',
    loss: {
      model: loss.model,
      naive: loss.naive,
      ...(loss.shadow !== undefined && { shadow: loss.shadow }),
    },
    logRatio,
  }
}

const MOST_STORES = 20

/** Of the demand in the block, the share that is known: 0 to 1. */
export function knownShare({ demand: { all, known } }: Pick<OriginSums, 'demand'>): number {
  return all > 0 ? Math.min(1, known / all) : 0
}
