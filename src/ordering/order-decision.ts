import type { Day } from '../base/day.ts'
import type { BuyingTerms } from './buying-terms.ts'
import type { DemandQuantiles } from './demand-quantiles.ts'
import {
  type OrderQuantity,
  type OrderSituation,
  orderQuantity,
  type UnitCosts,
} from './order-quantity.ts'
import type { Batch } from './supply.ts'

/** One series on the morning on which it may be ordered. */
export type OrderMoment = {
  /** The first day whose demand the order and what is there have to meet. */
  day: Day
  /** The last day that is forecast. */
  end: Day
  terms: BuyingTerms
  price: number
  cost: number
  /** Days from purchase to expiry; absent where it does not expire. */
  shelfLife?: number | undefined
  /** On hand and on order, the oldest first. */
  stock: Batch[]
  /** Forecast of the demand from `day` to a later day, not after `end`. */
  demandThrough: (last: Day) => Demand
}

/** Units that will be asked for, with their mean. */
export type Demand = DemandQuantiles & { mean: number }

export type OrderDecision = OrderQuantity & {
  /** The day in whose morning it is on the shelf. */
  arrival: Day
  /** The last day that is covered, at most `end`. */
  through: Day
  covered: Demand
  price: number
  costs: UnitCosts
  onHand: number
  /** Units on hand that will have expired before they are sold. */
  expiring: number
}

/**
 * What to order: enough for the lead time and the review period, until the next order is on the
 * shelf, or until the units of this one expire where that comes first; and the situation of that.
 */
export function decideOrder(moment: OrderMoment): OrderDecision & { situation: OrderSituation } {
  const { day, end, terms, price, shelfLife, stock, demandThrough } = moment
  const arrival = day + terms.leadTime
  const expiry = shelfLife === undefined ? Number.POSITIVE_INFINITY : arrival + shelfLife
  const through = Math.min(lastDayToCover(terms, day), expiry, end)
  const covered = demandThrough(through)
  const available = sellable(stock, day, through, covered.mean)
  const onHand = stock.reduce((sum, { units }) => sum + units, 0)
  const costs = unitCosts(moment)
  const situation: OrderSituation = {
    covered,
    ...(expiry < Number.POSITIVE_INFINITY && { untilExpiry: demandUntil(expiry, moment) }),
    available,
    costs,
    pack: terms.pack,
    minimumService: terms.minimumService,
  }
  const quantity = orderQuantity(situation)
  const expiring = onHand - available
  return { ...quantity, arrival, through, covered, price, costs, onHand, expiring, situation }
}

/** The day before the next order is on the shelf. */
export function lastDayToCover({ leadTime, reviewPeriod }: BuyingTerms, day: Day): Day {
  return day + leadTime + reviewPeriod - 1
}

/**
 * A unit short is a lost margin and an urgent reorder; one left over is kept, or expires. Where it
 * sells so far below its cost that the two come to less than nothing, a unit short costs nothing.
 */
export function unitCosts({
  price,
  cost,
  terms,
}: Pick<OrderMoment, 'price' | 'cost' | 'terms'>): UnitCosts {
  return {
    short: Math.max(0, price - cost + terms.urgentSurcharge * cost),
    held: terms.shelfCost * cost * terms.reviewPeriod,
    expired: cost,
  }
}

/** Beyond the forecast, demand goes on at its pace. */
function demandUntil(expiry: Day, { day, end, demandThrough }: OrderMoment): DemandQuantiles {
  const known = Math.min(expiry, end)
  const demand = demandThrough(known)
  const pace = (expiry - day + 1) / (known - day + 1)
  return { ...demand, quantiles: Array.from(demand.quantiles, (units) => pace * units) }
}

/** Units that will be sold from `day` to `through` at an even pace before they expire. */
function sellable(stock: Batch[], day: Day, through: Day, demand: number): number {
  const daily = demand / (through - day + 1)
  let sold = 0
  for (const { units, lastDay } of stock) {
    const asked = lastDay < through ? daily * (lastDay - day + 1) - sold : Number.POSITIVE_INFINITY
    sold += Math.min(units, Math.max(0, asked))
  }
  return sold
}
