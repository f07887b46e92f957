import { type Day, isoFromDay } from '../base/day.ts'
import { lastDay } from '../demand/calendar.ts'
import type { Panel } from '../demand/panel.ts'
import { LEVELS } from '../forecasting/levels.ts'
import { seriesId } from '../sales/totals/daily-totals.ts'
import { type Ordering, termsOf } from './buying-terms.ts'
import { quantileAt } from './demand-quantiles.ts'
import type { ForecastsAhead } from './forecasts-ahead.ts'
import { type OrderCosts, orderCosts } from './order-costs.ts'
import { decideOrder, lastDayToCover, type OrderDecision } from './order-decision.ts'
import { type Supply, suppliedBy } from './supply.ts'

/**
 * What to order of one series, and all that says why. `unprofitable`: none, not for want of demand,
 * but since each one sold would lose money. `unknown`: the sales say too little of the product, or
 * the order would last, through an ISO day, beyond what can be forecast.
 */
export type OrderAdvice =
  | ({ outcome: 'order' | 'enough' | 'unprofitable' } & AdvisedOrder)
  | UnknownOrder

export type UnknownOrder =
  | { outcome: 'unknown'; missing: 'price' | 'cost' | 'stock' }
  | { outcome: 'unknown'; missing: 'forecast'; through: string }

export type AdvisedOrder = {
  /** Units to order, as whole packs; 0 where there is enough, or none is worth it. */
  units: number
  packs: number
  pack: number
  /** ISO days: the first and the last one whose demand it has to meet. */
  from: string
  through: string
  /** ISO day: the one in whose morning the order is on the shelf. */
  arrives: string
  forecast: { mean: number; p10: number; p90: number }
  /** Set where it has not sold yet, and the forecast rests on its category. */
  restsOn?: 'category'
  /** Units on hand and on order, and those of them that will have expired before they are sold. */
  onHand: number
  expiring: number
  /** Those of them that are still to arrive; absent where none are. */
  onOrder?: number
  /** Units that are asked for before the order arrives, and that no stock can serve; absent where none are. */
  lost?: number
  /** Of a unit, as the sales know them. */
  price: number
  cost: number
  /** Of a unit too few, and of one too many as far as can be expected. */
  costShort: number
  costOver: number
  /** Share of cases in which demand is to be met: costShort / (costShort + costOver). */
  criticalRatio: number
  decidedBy: DecidedBy
  /** Units to order, and expected to sell through that order's last day, if nothing were planned. */
  withoutPlan?: { units: number; mean: number }
}

/**
 * What says how many: what a unit short and one left over cost, the latter with or without its
 * expiry; the terms; or why none is: it sells at a loss, nobody wants it, or keeping one costs more
 * than it earns.
 */
export type DecidedBy = 'costs' | 'expiry' | 'minimum service' | 'loss' | 'no demand' | 'keeping'

/** Advice, and what following it or not can be expected to cost: asked for, as few want it. */
export type AdvisedWithCosts = { advice: OrderAdvice; costs(): OrderCosts | undefined }

/**
 * A function that advises on an order of one series of a panel, by its index, in the morning of
 * `day`, after the last day known.
 */
export function orderAdviser({
  panel,
  ahead: { forecast, span },
  ordering,
  supply,
  day,
}: {
  panel: Panel
  /** Of the panel by a model. What lies beyond it is not ordered for. */
  ahead: Pick<ForecastsAhead, 'forecast' | 'span'>
  ordering: Ordering
  /** By `seriesId`. */
  supply: Map<string, Supply>
  day: Day
}): (index: number) => AdvisedWithCosts {
  const end = lastDay(forecast.frequency, forecast.firstPeriod + forecast.horizon - 1)
  return (index) => {
    const series = panel.series[index]
    const terms = termsOf(ordering, series)
    const { price, cost, shelfLife, stock } = suppliedBy(
      ordering,
      terms,
      supply.get(seriesId(series)) ?? {},
    )
    if (price === undefined) return unknown({ missing: 'price' })
    if (cost === undefined) return unknown({ missing: 'cost' })
    if (stock === undefined) return unknown({ missing: 'stock' })
    const needed = lastDayToCover(terms, day)
    if (needed > end) return unknown({ missing: 'forecast', through: isoFromDay(needed) })
    const demandOn = (from: Day, to: Day) => ({ ...span(index, from, to), levels: LEVELS })
    const decided = decideOrder({ day, end, terms, price, cost, shelfLife, stock, demandOn })
    const isNew = forecast.basis[index] === 'category'
    return {
      advice: { ...adviceOn(decided, terms.pack, day), ...(isNew && { restsOn: 'category' }) },
      costs: () => orderCosts(decided.situation, decided.packs),
    }
  }
}

type Missing<T> = T extends UnknownOrder ? Omit<T, 'outcome'> : never

function unknown(what: Missing<UnknownOrder>): AdvisedWithCosts {
  return { advice: { outcome: 'unknown', ...what }, costs: () => undefined }
}

/** A decision of the morning of `day` as people are told it. */
export function adviceOn(decided: OrderDecision, pack: number, day: Day): OrderAdvice {
  const { units, packs, through, covered, price, costs, criticalRatio, limit } = decided
  const none = limit === 'loss' ? 'unprofitable' : 'enough'
  return {
    outcome: units > 0 ? 'order' : none,
    units,
    packs,
    pack,
    from: isoFromDay(day),
    through: isoFromDay(through),
    arrives: isoFromDay(decided.arrival),
    forecast: {
      mean: covered.mean,
      p10: quantileAt(covered, 0.1),
      p90: quantileAt(covered, 0.9),
    },
    onHand: decided.onHand,
    expiring: decided.expiring,
    ...(decided.onOrder > 0 && { onOrder: decided.onOrder }),
    ...(decided.lost >= HALF && { lost: decided.lost }),
    price,
    cost: costs.expired,
    costShort: costs.short,
    costOver: criticalRatio > 0 ? (costs.short * (1 - criticalRatio)) / criticalRatio : 0,
    criticalRatio,
    decidedBy: decidedBy(decided),
  }
}

/** Of a unit: less is none. */
const HALF = 0.5

function decidedBy(decided: OrderDecision): DecidedBy {
  const { limit, covered, units, target, onHand, expiring } = decided
  if (limit === 'loss' || limit === 'minimum service') return limit
  if (quantileAt(covered, 0.975) === 0) return 'no demand'
  if (units === 0 && target === 0 && onHand - expiring < HALF) return 'keeping'
  return limit ?? 'costs'
}
