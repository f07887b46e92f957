import { type Day, weekday } from '../base/day.ts'
import type { Random } from '../base/random.ts'
import { between, wholeBetween } from './draws.ts'
import type { RetailCalendar } from './events.ts'
import type { CatalogueProduct } from './product.ts'

/** Prices and cost of a product in BRL, one element a day. */
export type Prices = {
  price: Float64Array
  /** What it costs when it is not on promotion. */
  usualPrice: Float64Array
  cost: Float64Array
}

/** Days of clearance before a product leaves the assortment. */
const CLEARANCE_DAYS = 28

/**
 * A usual price that follows inflation in steps, from `level` on, and promotions on top: of one or
 * two weeks, from Thursday, when the leaflet comes out; on Black Friday where customers expect it; and
 * before a delisting. No promotion gives away more than four fifths of the margin.
 */
export function pricesOf(
  product: CatalogueProduct,
  calendar: RetailCalendar,
  random: Random,
  level = product.price,
): Prices {
  const { days } = calendar
  const discount = discounts(product, calendar, random)
  const price = new Float64Array(days)
  const usualPrice = new Float64Array(days)
  const cost = new Float64Array(days)
  let nextStep = wholeBetween(random, 60, 240)
  for (let index = 0; index < days; index++) {
    if (index === nextStep) {
      level *= 1 + between(random, 0.015, 0.045)
      nextStep += wholeBetween(random, 150, 270)
    }
    usualPrice[index] = endingInNine(level)
    price[index] = endingInNine(level * (1 - discount[index]))
    cost[index] = level * (1 - product.margin)
  }
  return { price, usualPrice, cost }
}

/** The prices of a product over some days, and over those that come next, drawn from `random`. */
export function withLaterPrices(
  product: CatalogueProduct,
  before: Prices,
  later: RetailCalendar,
  random: Random,
): Prices {
  const level = before.cost[before.cost.length - 1] / (1 - product.margin)
  const after = pricesOf(product, later, random, level)
  const joined = (key: keyof Prices) => Float64Array.of(...before[key], ...after[key])
  return { price: joined('price'), usualPrice: joined('usualPrice'), cost: joined('cost') }
}

/** The share of the usual price that is given away, each day; 0 on most of them. */
function discounts(
  product: CatalogueProduct,
  calendar: RetailCalendar,
  random: Random,
): Float64Array {
  const { firstDay, days, blackFridays } = calendar
  const discount = new Float64Array(days)
  const give = (from: Day, length: number) => {
    const share = product.margin * between(random, 0.4, 0.8)
    const index = from - firstDay
    discount.fill(share, Math.max(0, index), Math.max(0, index + length))
  }
  const weeksBetween = () => 7 * wholeBetween(random, 6, 24)
  const thursday = firstDay + ((10 - weekday(firstDay)) % 7)
  for (let day = thursday + weeksBetween(); day < firstDay + days; day += weeksBetween()) {
    give(day, 7 * wholeBetween(random, 1, 2))
  }
  if (product.season.blackFriday) for (const friday of blackFridays) give(friday - 1, 4)
  if (product.delisting !== undefined) give(product.delisting - CLEARANCE_DAYS, CLEARANCE_DAYS)
  return discount
}

/** 4.5213 → 4.49: the nearest price whose last digit is 9. */
function endingInNine(amount: number): number {
  return (Math.round((amount * 100 + 1) / 10) * 10 - 1) / 100
}
