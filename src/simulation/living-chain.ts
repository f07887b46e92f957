import type { Day } from '../base/day.ts'
import { demandOf, type Shift } from './demand.ts'
import { streamFor } from './draws.ts'
import { retailCalendar } from './events.ts'
import { type Prices, pricesOf, withLaterPrices } from './prices.ts'
import type { CatalogueProduct } from './product.ts'
import { assortment, type SimulationOptions, type Unit } from './simulate.ts'
import { type TradedUnit, Trading } from './trade.ts'

export type LivingOptions = SimulationOptions & {
  /** How many days it can live on, at most: what comes later is the same however many are lived. */
  laterDays: number
  /** Of a product, by its position in the chain. */
  shiftOf?: (position: number) => Shift
}

/**
 * A simulated chain that lives on after the last day of its history, one day at a time, while somebody
 * orders for it. Its history is that of `simulate` with the same options, to the unit.
 */
export class LivingChain {
  readonly products: readonly CatalogueProduct[]
  /** The last day that is over. */
  today: Day
  private readonly tradings: Trading[]
  private readonly prices: Prices[]
  private readonly firstDay: Day
  private readonly habits: Float64Array[]

  constructor(options: LivingOptions) {
    const { seed, firstDay, lastDay, laterDays, shiftOf } = options
    this.products = assortment(options)
    this.today = lastDay
    this.firstDay = firstDay
    const days = lastDay - firstDay + 1
    const known = retailCalendar(firstDay, days)
    const later = retailCalendar(lastDay + 1, laterDays)
    const whole = retailCalendar(firstDay, days + laterDays)
    this.prices = []
    this.habits = []
    this.tradings = this.products.map((product, position) => {
      const stream = (purpose: string) => streamFor(seed, product.id, purpose)
      const before = pricesOf(product, known, stream('prices'))
      const prices = withLaterPrices(product, before, later, stream('later prices'))
      const demand = demandOf(product, whole, prices, stream('demand'), shiftOf?.(position))
      const trading = new Trading(product, firstDay, { prices, demand, random: stream('supply') })
      // The buyer of the history knows the season of its days alone.
      trading.liveByHabit(demand.season.subarray(0, days))
      this.prices.push(prices)
      this.habits.push(demand.season)
      return trading
    })
  }

  /** Lives one day more. */
  liveDay(): void {
    this.today++
    for (const [position, trading] of this.tradings.entries()) {
      if ((this.products[position].launch ?? this.today) <= this.today) trading.liveDay()
    }
  }

  /** Orders units of a product on the morning after the last day. */
  order(position: number, units: number): void {
    this.tradings[position].order(this.today + 1, units)
  }

  /** What the buyer of the history would order on that morning: nothing of what leaves the shop. */
  usualOrder(position: number): number {
    const trading = this.tradings[position]
    return trading.isKept(this.today + 1) ? trading.usualOrder(this.habits[position]) : 0
  }

  /** By how much promotions of the days that come next multiply the demand for a product, on average. */
  promotionEffect(position: number, days: number): number {
    const { price, usualPrice } = this.prices[position]
    const { elasticity } = this.products[position]
    let sum = 0
    for (let ahead = 1; ahead <= days; ahead++) {
      const index = this.today + ahead - this.firstDay
      sum += (price[index] / usualPrice[index]) ** -elasticity
    }
    return sum / days
  }

  /** All that has left the shelf so far, product by product. */
  gone(): Unit[] {
    return this.unitsOf((trading) => trading.units)
  }

  /** What is on the shelf on the evening of the last day. */
  onShelf(): Unit[] {
    return this.unitsOf((trading) => trading.onShelf())
  }

  private unitsOf(units: (trading: Trading) => TradedUnit[]): Unit[] {
    return this.tradings.flatMap((trading, product) =>
      units(trading).map((unit) => ({ product, ...unit })),
    )
  }
}
