import type { Day } from '../base/day.ts'
import { demandOf } from './demand.ts'
import { streamFor } from './draws.ts'
import { retailCalendar } from './events.ts'
import { type Prices, pricesOf, withLaterPrices } from './prices.ts'
import type { CatalogueProduct } from './product.ts'
import { shiftFrom, type Unforeseen } from './shift.ts'
import { assortment, type SimulationOptions, type Unit } from './simulate.ts'
import { type TradedUnit, Trading } from './trade.ts'

export type LivingOptions = SimulationOptions & {
  /** How many days it can live on, at most: what comes later is the same however many are lived. */
  laterDays: number
  /** What becomes of its demand. */
  unforeseen: readonly Unforeseen[]
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
  private readonly historyDays: number
  private readonly habits: Float64Array[]
  private taken: number[]

  constructor(options: LivingOptions) {
    const { seed, firstDay, lastDay, laterDays, unforeseen } = options
    this.products = assortment(options)
    this.today = lastDay
    this.firstDay = firstDay
    const days = lastDay - firstDay + 1
    this.historyDays = days
    const known = retailCalendar(firstDay, days)
    const later = retailCalendar(lastDay + 1, laterDays)
    const whole = retailCalendar(firstDay, days + laterDays)
    this.prices = []
    this.habits = []
    this.taken = this.products.map(() => 0)
    this.tradings = this.products.map((product) => {
      const stream = (purpose: string) => streamFor(seed, product.id, purpose)
      const before = pricesOf(product, known, stream('prices'))
      const prices = withLaterPrices(product, before, later, stream('later prices'))
      const shift = shiftFrom(unforeseen, stream('unforeseen'))
      const demand = demandOf(product, whole, prices, stream('demand'), shift)
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

  /** What customers wanted in the days that were lived since the history, and how much they did not get. */
  supplied(): { wanted: number; lost: number } {
    const from = this.historyDays
    const until = this.today - this.firstDay + 1
    const supplied = { wanted: 0, lost: 0 }
    for (const { market, lostSales } of this.tradings) {
      for (let index = from; index < until; index++) {
        supplied.wanted += market.demand.units[index]
        supplied.lost += lostSales[index]
      }
    }
    return supplied
  }

  /** What has left the shelf since this was last asked, product by product in the order of time. */
  takeGone(): Unit[] {
    const gone = this.unitsOf((trading, product) => trading.units.slice(this.taken[product]))
    this.taken = this.tradings.map(({ units }) => units.length)
    return gone
  }

  /** What is on the shelf on the evening of the last day. */
  onShelf(): Unit[] {
    return this.unitsOf((trading) => trading.onShelf())
  }

  private unitsOf(units: (trading: Trading, product: number) => TradedUnit[]): Unit[] {
    return this.tradings.flatMap((trading, product) =>
      units(trading, product).map((unit) => ({ product, ...unit })),
    )
  }
}
