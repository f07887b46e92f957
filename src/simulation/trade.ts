import { type Day, weekday } from '../base/day.ts'
import type { Random } from '../base/random.ts'
import { deliveryOf, orderUnits, type ShopDelivery } from './buyer.ts'
import { type CustomerDemand, onOffer } from './demand.ts'
import { between } from './draws.ts'
import type { Prices } from './prices.ts'
import type { CatalogueProduct } from './product.ts'
import { Shelf, type ShelfBatch } from './shelf.ts'

/** What became of one product: arrays with one element a day. */
export type Trade = {
  /** Units that customers wanted and did not get. */
  lostSales: Float64Array
  /** Units on the shelf when the store closed. */
  closingStock: Float64Array
  /** Every unit that was ever on the shelf. */
  units: TradedUnit[]
}

export type TradedUnit = {
  /** BRL: paid by the customer, or on the label when the unit was last on the shelf. */
  price: number
  /** BRL. */
  cost: number
  purchaseDay: Day
  /** Undefined where the unit expired or is still on the shelf. */
  saleDay: Day | undefined
  /** The last day on which it may be sold; undefined where it does not expire. */
  expiryDay: Day | undefined
}

/** Days of selling that the buyer looks back on. */
const MEMORY_DAYS = 28

/** The buyer orders no more of a product in the weeks before it is delisted. */
const LAST_ORDER_DAYS = 30

/** The first delivery lasts for this many weeks of plain demand. */
const OPENING_WEEKS = 1.5

/** Day by day: take deliveries, throw away what has expired, sell, order. */
export function trade(
  product: CatalogueProduct,
  firstDay: Day,
  prices: Prices,
  demand: CustomerDemand,
  random: Random,
): Trade {
  const days = demand.units.length
  const opening = Math.max(0, (product.launch ?? firstDay) - firstDay)
  const shelf = new Shelf()
  const sold = new Float64Array(days).fill(product.weeklyDemand / 7, 0, opening)
  const result: Trade = {
    lostSales: new Float64Array(days),
    closingStock: new Float64Array(days),
    units: [],
  }
  const record = (batches: ShelfBatch[], index: number, saleDay: Day | undefined) => {
    for (const { units, ...batch } of batches) {
      const unit = { price: prices.price[index], saleDay, ...batch }
      for (let i = 0; i < units; i++) result.units.push(unit)
    }
  }
  let onTheWay: ShopDelivery[] = [firstDelivery(product, firstDay + opening)]
  for (let index = opening; index < days; index++) {
    const day = firstDay + index
    for (const { units } of onTheWay.filter((delivery) => delivery.day === day)) {
      shelf.put(batchOf(product, day, units, prices.cost[index], random))
    }
    onTheWay = onTheWay.filter((delivery) => delivery.day > day)
    record(shelf.removeExpired(day), index, undefined)

    sold[index] = Math.min(demand.units[index], shelf.units)
    record(shelf.sell(sold[index]), index, day)
    result.lostSales[index] = demand.units[index] - sold[index]
    result.closingStock[index] = shelf.units

    if (!product.orderWeekdays.includes(weekday(day))) continue
    if (!onOffer(product, day + LAST_ORDER_DAYS)) continue
    const coming = onTheWay.reduce((sum, { units }) => sum + units, 0)
    const ordered = order(product, index, sold, demand.season, shelf.units + coming, random)
    const delivery = deliveryOf(product, day, ordered, random)
    if (ordered > 0 && delivery) onTheWay.push(delivery)
  }
  record(shelf.rest(), days - 1, undefined)
  return result
}

function firstDelivery({ weeklyDemand, pack }: CatalogueProduct, day: Day): ShopDelivery {
  return { day, units: Math.ceil((weeklyDemand * OPENING_WEEKS) / pack) * pack }
}

/** Costs differ a little between deliveries, and goods arrive with part of their life behind them. */
function batchOf(
  { shelfLife }: CatalogueProduct,
  purchaseDay: Day,
  units: number,
  usualCost: number,
  random: Random,
): ShelfBatch {
  const cost = Math.round(usualCost * between(random, 0.98, 1.02) * 100) / 100
  const life = between(random, 0.8, 1)
  const expiryDay = shelfLife === undefined ? undefined : purchaseDay + Math.round(shelfLife * life)
  return { purchaseDay, cost, expiryDay, units }
}

function order(
  product: CatalogueProduct,
  index: number,
  sold: Float64Array,
  season: Float64Array,
  available: number,
  random: Random,
): number {
  const tomorrow = index + 1
  const memory = tomorrow - MEMORY_DAYS
  const daysToCover = product.leadDays + 7 / product.orderWeekdays.length
  const horizon = tomorrow + Math.ceil(daysToCover)
  const comingSeason = mean(season, tomorrow, horizon, 1) / mean(season, memory, tomorrow, 1)
  const soldPerDay = mean(sold, memory, tomorrow, product.weeklyDemand / 7)
  return orderUnits(product, { soldPerDay, available, comingSeason, daysToCover }, random)
}

/** Mean of the elements from `from` to before `until`; outside the array, they are `outside`. */
function mean(values: Float64Array, from: number, until: number, outside: number): number {
  let sum = 0
  for (let index = from; index < until; index++) sum += values[index] ?? outside
  return sum / (until - from)
}
