import type { Day } from '../../src/base/day.ts'
import { StockedShelf } from '../../src/evaluation/scoring/stocked-shelf.ts'
import type { BuyingTerms } from '../../src/ordering/buying-terms.ts'
import type { Delivery } from '../../src/ordering/supply.ts'

/** One product, and how it is bought. */
export type KnownShop = {
  terms: BuyingTerms
  price: number
  cost: number
  /** Days from purchase to expiry; absent where it does not expire. */
  shelfLife?: number
  /** Units on each day, from day 0 on. */
  demand: Float64Array
  /** Days that are lived, but whose costs do not count. */
  warmUp: number
}

/** How many units to order on the morning of a day, by what is on hand and on order. */
export type OrderRule = (day: Day, stock: Delivery[]) => number

/** What a rule costs on a day: lost margin, urgent reorders, waste and keeping. */
export function costOfRule(shop: KnownShop, rule: OrderRule): number {
  const { terms, price, cost, shelfLife = Number.POSITIVE_INFINITY, demand, warmUp } = shop
  const shelf = new StockedShelf([], [])
  const lost = price - cost + terms.urgentSurcharge * cost
  let total = 0
  for (let day = 0; day < demand.length; day++) {
    const expired = shelf.open(day)
    if (day % terms.reviewPeriod === 0) {
      const units = rule(day, shelf.stock)
      const arrival = day + terms.leadTime
      if (units > 0) shelf.order({ units, day: arrival, lastDay: arrival + shelfLife }, day)
    }
    const { short, left } = shelf.sell(demand[day])
    if (day >= warmUp) total += short * lost + expired * cost + left * terms.shelfCost * cost
  }
  return total / (demand.length - warmUp)
}

/** Whole packs up to a level, counting all that is on hand and on order. */
function orderUpTo(level: number, pack: number): OrderRule {
  return (_, stock) => {
    const there = stock.reduce((sum, { units }) => sum + units, 0)
    return pack * Math.max(0, Math.ceil((level - there) / pack))
  }
}

/**
 * What the order-up-to level and the fixed quantity cost a day that cost least in the same shop on
 * other days: the least of many on the very days has luck in it.
 */
export function bestOfOtherDays(
  shop: KnownShop,
  otherDays: Float64Array,
  most: number,
): { upTo: number; fixed: number } {
  const { pack } = shop.terms
  const other = { ...shop, demand: otherDays }
  const level = cheapest(most, 1, (units) => costOfRule(other, orderUpTo(units, pack)))
  const quantity = cheapest(most, pack, (units) => costOfRule(other, () => units))
  return {
    upTo: costOfRule(shop, orderUpTo(level, pack)),
    fixed: costOfRule(shop, () => quantity),
  }
}

/** Of the multiples of a unit up to `most`: on a grid first, then around the best of it, ever finer. */
function cheapest(most: number, unit: number, costOf: (amount: number) => number): number {
  let best = { amount: 0, cost: costOf(0) }
  let [low, high] = [0, most]
  let step = unit * Math.max(1, Math.ceil(most / GRID / unit))
  for (;;) {
    for (let amount = low; amount <= high; amount += step) {
      const cost = costOf(amount)
      if (cost < best.cost) best = { amount, cost }
    }
    if (step === unit) return best.amount
    low = Math.max(0, best.amount - step)
    high = best.amount + step
    step = unit * Math.max(1, Math.floor(step / 4 / unit))
  }
}

const GRID = 24
