import type { SeriesOrder } from './forecaster.ts'

/** Why somebody should look at an order before it goes out. */
export const attentionReasons = [
  'unknown',
  'runs out',
  'expires',
  'unusual',
  'new',
  'uncertain',
] as const
export type AttentionReason = (typeof attentionReasons)[number]

/** What else is known of the series, as far as it is. */
export type OrderContext = {
  /** Units that were ordered the last time that any were. */
  lastOrdered?: number | undefined
}

/**
 * Why an order needs a person, the most pressing reason first; none where it can go out as it is.
 *
 * - `unknown`: the sales say too little to advise.
 * - `runs out`: at least a unit will be asked for before this order is on the shelf, and not be there, as
 *   far as can be expected: what is on order serves from its own arrival on.
 * - `expires`: of what is on hand, at least a unit will have expired before it is sold.
 * - `unusual`: two packs or more, and half, away from what was ordered the last time. That none is
 *   ordered between two orders is usual.
 * - `new`: the forecast rests on the category, since the product has not sold yet.
 * - `uncertain`: the 80% interval is wider than twice the forecast, and than four packs.
 */
export function attention(order: SeriesOrder, context: OrderContext = {}): AttentionReason[] {
  if (order.outcome === 'unknown') return ['unknown']
  const holds: Record<AttentionReason, boolean> = {
    unknown: false,
    'runs out': (order.lost ?? 0) >= 1,
    expires: order.expiring >= 1,
    unusual: isUnusual(order, context.lastOrdered),
    new: order.restsOn === 'category',
    uncertain: isUncertain(order),
  }
  return attentionReasons.filter((reason) => holds[reason])
}

type Advised = Exclude<SeriesOrder, { outcome: 'unknown' }>

function isUnusual({ units, pack }: Advised, last: number | undefined): boolean {
  if (units === 0 || last === undefined || last === 0) return false
  return Math.abs(units - last) >= Math.max(2 * pack, last / 2)
}

function isUncertain({ forecast: { mean, p10, p90 }, pack }: Advised): boolean {
  return p90 - p10 > Math.max(2 * mean, 4 * pack)
}
