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

/** Day by day, ordering as the chain's buyer does by habit. */
export function trade(
  product: CatalogueProduct,
  firstDay: Day,
  prices: Prices,
  demand: CustomerDemand,
  random: Random,
): Trade {
  const trading = new Trading(product, firstDay, { prices, demand, random })
  trading.liveByHabit(demand.season)
  const { lostSales, closingStock, units } = trading
  return { lostSales, closingStock, units: [...units, ...trading.onShelf()] }
}

/** What customers want of a product and pay for it, one element a day, and the luck of its supply. */
export type Market = { prices: Prices; demand: CustomerDemand; random: Random }

/** One product, lived day by day: it is delivered, thrown away when it has expired, sold, ordered. */
export class Trading {
  readonly lostSales: Float64Array
  readonly closingStock: Float64Array
  /** Every unit that has left the shelf, in the order of time. */
  readonly units: TradedUnit[] = []
  private readonly shelf = new Shelf()
  private readonly sold: Float64Array
  private onTheWay: ShopDelivery[]
  /** Of the next day. */
  private index: number
  private readonly product: CatalogueProduct
  private readonly firstDay: Day
  readonly market: Market

  constructor(product: CatalogueProduct, firstDay: Day, market: Market) {
    const days = market.demand.units.length
    this.product = product
    this.firstDay = firstDay
    this.market = market
    this.index = Math.max(0, (product.launch ?? firstDay) - firstDay)
    this.sold = new Float64Array(days).fill(product.weeklyDemand / 7, 0, this.index)
    this.lostSales = new Float64Array(days)
    this.closingStock = new Float64Array(days)
    this.onTheWay = [firstDelivery(product, firstDay + this.index)]
  }

  /** Lives on for as many days as the season is known, and orders on the evenings of its weekdays. */
  liveByHabit(season: Float64Array): void {
    while (this.index < season.length) {
      this.liveDay()
      const day = this.firstDay + this.index - 1
      if (this.product.orderWeekdays.includes(weekday(day)) && this.isKept(day)) {
        this.order(day, this.usualOrder(season))
      }
    }
  }

  /** Takes deliveries, throws away what has expired, and sells. */
  liveDay(): void {
    const { prices, demand, random } = this.market
    const index = this.index++
    const day = this.firstDay + index
    for (const { units } of this.onTheWay.filter((delivery) => delivery.day === day)) {
      this.shelf.put(batchOf(this.product, day, units, prices.cost[index], random))
    }
    this.onTheWay = this.onTheWay.filter((delivery) => delivery.day > day)
    this.units.push(...this.unitsOf(this.shelf.removeExpired(day), index, undefined))

    this.sold[index] = Math.min(demand.units[index], this.shelf.units)
    this.units.push(...this.unitsOf(this.shelf.sell(this.sold[index]), index, day))
    this.lostSales[index] = demand.units[index] - this.sold[index]
    this.closingStock[index] = this.shelf.units
  }

  /** Whether the product is still bought on a day. */
  isKept(day: Day): boolean {
    return onOffer(this.product, day + LAST_ORDER_DAYS)
  }

  /** Orders so many units on a day; the supplier brings them, late or never. */
  order(day: Day, units: number): void {
    const delivery = deliveryOf(this.product, day, units, this.market.random)
    if (units > 0 && delivery) this.onTheWay.push(delivery)
  }

  /** What is on the shelf on the evening of the last day, as it is labelled then. */
  onShelf(): TradedUnit[] {
    return this.unitsOf(this.shelf.rest(), this.index - 1, undefined)
  }

  /** What the buyer orders on the evening of the last day; beyond what is known of it no season is. */
  usualOrder(season: Float64Array): number {
    const { product, sold, index } = this
    const coming = this.onTheWay.reduce((sum, { units }) => sum + units, 0)
    const memory = index - MEMORY_DAYS
    const daysToCover = product.leadDays + 7 / product.orderWeekdays.length
    const horizon = index + Math.ceil(daysToCover)
    const situation = {
      soldPerDay: mean(sold, memory, index, product.weeklyDemand / 7),
      available: this.shelf.units + coming,
      comingSeason: mean(season, index, horizon, 1) / mean(season, memory, index, 1),
      daysToCover,
    }
    return orderUnits(product, situation, this.market.random)
  }

  private unitsOf(batches: ShelfBatch[], index: number, saleDay: Day | undefined): TradedUnit[] {
    const price = this.market.prices.price[index]
    return batches.flatMap(({ units, ...batch }) =>
      Array<TradedUnit>(units).fill({ price, saleDay, ...batch }),
    )
  }
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

/** Mean of the elements from `from` to before `until`; outside the array, they are `outside`. */
function mean(values: Float64Array, from: number, until: number, outside: number): number {
  let sum = 0
  for (let index = from; index < until; index++) sum += values[index] ?? outside
  return sum / (until - from)
}
