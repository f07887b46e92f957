import { type Day, isoFromDay } from '../base/day.ts'
import { lastDay } from '../demand/calendar.ts'
import type { Panel } from '../demand/panel.ts'
import { LEVELS } from '../forecasting/levels.ts'
import { type Forecast, type Model, spanForecaster } from '../forecasting/model.ts'
import { seriesId } from '../sales/totals/daily-totals.ts'
import { type Ordering, termsOf } from './buying-terms.ts'
import { quantileAt } from './demand-quantiles.ts'
import { decideOrder, lastDayToCover, type OrderDecision } from './order-decision.ts'
import { orderReason } from './order-reason.ts'
import type { Supply } from './supply.ts'

/**
 * What to order of one series, and why, in words. `unprofitable`: none, not for want of demand, but
 * since each one sold would lose money.
 */
export type OrderAdvice =
  | ({ outcome: 'order' | 'enough' | 'unprofitable' } & AdvisedOrder)
  | { outcome: 'unknown'; reason: string }

export type AdvisedOrder = {
  /** Units to order, as whole packs; 0 where there is enough, or none is worth it. */
  units: number
  pack: number
  /** ISO days: the first and the last one whose demand it has to meet. */
  from: string
  through: string
  forecast: { mean: number; p10: number; p90: number }
  /** Units on hand and on order, and those of them that will have expired before they are sold. */
  onHand: number
  expiring: number
  /** Of a unit too few, and of one too many as far as can be expected. */
  costShort: number
  costOver: number
  /** Share of cases in which demand is to be met: costShort / (costShort + costOver). */
  criticalRatio: number
  reason: string
}

/**
 * A function that advises on an order of one series of a panel, by its index, in the morning of
 * `day`, after the last day known.
 */
export function orderAdviser({
  model,
  panel,
  forecast,
  ordering,
  supply,
  day,
}: {
  model: Model
  panel: Panel
  /** Of the panel by the model. What lies beyond it is not ordered for. */
  forecast: Forecast
  ordering: Ordering
  /** By `seriesId`. */
  supply: Map<string, Supply>
  day: Day
}): (index: number) => OrderAdvice {
  const spanOf = spanForecaster(model, panel, forecast)
  const end = lastDay(forecast.frequency, forecast.firstPeriod + forecast.horizon - 1)
  return (index) => {
    const series = panel.series[index]
    const { price, cost, shelfLife, stock } = supply.get(seriesId(series)) ?? {}
    const terms = termsOf(ordering, series)
    if (price === undefined) return unknown('its price is not in the sales')
    if (cost === undefined) return unknown('its cost is not in the sales')
    if (stock === undefined) return unknown('neither purchases nor stock are in the sales')
    const needed = lastDayToCover(terms, day)
    if (needed > end)
      return unknown(`the order lasts until ${isoFromDay(needed)}, beyond the forecast`)
    const demandThrough = (last: Day) => ({ ...spanOf(index, day, last), levels: LEVELS })
    const decided = decideOrder({ day, end, terms, price, cost, shelfLife, stock, demandThrough })
    return advice(decided, terms.pack, day)
  }
}

function unknown(reason: string): OrderAdvice {
  return { outcome: 'unknown', reason: `What to order is not known: ${reason}.` }
}

function advice(decided: OrderDecision, pack: number, day: Day): OrderAdvice {
  const { units, through, covered, costs, criticalRatio, limit, onHand, expiring } = decided
  const none = limit === 'loss' ? 'unprofitable' : 'enough'
  return {
    outcome: units > 0 ? 'order' : none,
    units,
    pack,
    from: isoFromDay(day),
    through: isoFromDay(through),
    forecast: {
      mean: covered.mean,
      p10: quantileAt(covered, 0.1),
      p90: quantileAt(covered, 0.9),
    },
    onHand,
    expiring,
    costShort: costs.short,
    costOver: criticalRatio > 0 ? (costs.short * (1 - criticalRatio)) / criticalRatio : 0,
    criticalRatio,
    reason: orderReason(decided, pack),
  }
}
