import type { Day } from '../base/day.ts'
import { remembered } from '../base/remembered.ts'
import type { BuyingTerms } from './buying-terms.ts'
import { type Demand, expectedLeftOver, timesDemand } from './demand-quantiles.ts'
import {
  type OrderQuantity,
  type OrderSituation,
  orderQuantity,
  type UnitCosts,
} from './order-quantity.ts'
import { type Delivery, unitsOf } from './supply.ts'
import { servedBy, unmetDemand } from './unmet-demand.ts'

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
  /** On hand and on order, in the order of arrival. */
  stock: Delivery[]
  /** Forecast of the demand on the days `from` to `to`, between `day` and `end`. */
  demandOn: (from: Day, to: Day) => Demand
}

export type OrderDecision = OrderQuantity & {
  /** The day in whose morning it is on the shelf. */
  arrival: Day
  /** The last day that is covered, at most `end`. */
  through: Day
  /** From `day` on. */
  covered: Demand
  price: number
  costs: UnitCosts
  /** On hand and on order. */
  onHand: number
  /** Of those, the ones that are still to arrive. */
  onOrder: number
  /** Units of both that will have expired before they are sold. */
  expiring: number
  /** Units that are asked for before it arrives, and that no stock can serve. */
  lost: number
}

/**
 * What to order: enough, with what will then be left of the stock, from its arrival until the next
 * order is on the shelf, or until the units of this one expire where that comes first; and the
 * situation of that.
 */
export function decideOrder(moment: OrderMoment): OrderDecision & { situation: OrderSituation } {
  const { day, end, terms, price, shelfLife, stock } = moment
  const arrival = day + terms.leadTime
  const expiry = arrival + (shelfLife ?? Number.POSITIVE_INFINITY)
  const through = Math.min(lastDayToCover(terms, day), expiry, end)
  const demandOn = goingOn(moment)
  const { cases, lost } = unmetDemand(stock, { day, arrival, through, expiry }, demandOn)
  const costs = unitCosts(moment)
  const situation: OrderSituation = {
    unmet: cases,
    costs,
    pack: terms.pack,
    packWaste: cases[0].untilExpiry ? wasteOf(terms.pack, demandOn(arrival, expiry)) : 0,
    minimumService: terms.minimumService,
  }
  const covered = demandOn(day, through)
  return {
    ...orderQuantity(situation),
    arrival,
    through,
    covered,
    price,
    costs,
    onHand: unitsOf(stock),
    onOrder: unitsOf(stock.filter((delivery) => delivery.day > day)),
    expiring: servedBy(stock, day, through, covered.mean).expired,
    lost,
    situation,
  }
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

/** Units of a pack that expire for each one that sells, where nothing else is on the shelf. */
function wasteOf(pack: number, untilExpiry: Demand): number {
  const expired = expectedLeftOver(untilExpiry, pack)
  return expired < pack ? expired / (pack - expired) : Number.MAX_VALUE
}

/** Beyond the forecast, demand goes on at its pace. All days are forecast once a decision. */
function goingOn({ day, end, demandOn }: OrderMoment): OrderMoment['demandOn'] {
  const known = new Map<string, Demand>()
  const ahead: OrderMoment['demandOn'] = (from, to) =>
    remembered(known, `${from} ${to}`, () => demandOn(from, to))
  return (from, to) => {
    if (to <= end) return ahead(from, to)
    const start = from <= end ? from : day
    return timesDemand(ahead(start, end), (to - from + 1) / (end - start + 1))
  }
}
