import type { Day } from '../base/day.ts'
import { CATALOGUE } from './catalogue.ts'
import { demandOf } from './demand.ts'
import { streamFor } from './draws.ts'
import { retailCalendar } from './events.ts'
import { pricesOf } from './prices.ts'
import type { CatalogueProduct } from './product.ts'
import { type TradedUnit, trade } from './trade.ts'

export type SimulationOptions = {
  seed: number
  firstDay: Day
  /** Inclusive. */
  lastDay: Day
  /** How many products, spread over the catalogue; all of them unless given. */
  products?: number
}

/** A chain with n products over T days; arrays are n × T, row by row. */
export type Simulation = {
  products: readonly CatalogueProduct[]
  firstDay: Day
  days: number
  /** Units that customers wanted, whether or not there was stock. */
  trueDemand: Float64Array
  /** Units that they wanted and did not get. */
  lostSales: Float64Array
  /** Units on the shelf when the store closed. */
  closingStock: Float64Array
  /** BRL. */
  price: Float64Array
  /** BRL: the price without promotion. */
  usualPrice: Float64Array
  /** Every unit that was ever on a shelf. */
  units: Unit[]
}

/** `product` is an index into the products of the simulation. */
export type Unit = TradedUnit & { product: number }

/** The history of the chain. The same options give the same history. */
export function simulate(options: SimulationOptions): Simulation {
  const { seed, firstDay, lastDay } = options
  const products = assortment(options)
  const days = lastDay - firstDay + 1
  const calendar = retailCalendar(firstDay, days)
  const cells = () => new Float64Array(products.length * days)
  const simulation: Simulation = {
    products,
    firstDay,
    days,
    trueDemand: cells(),
    lostSales: cells(),
    closingStock: cells(),
    price: cells(),
    usualPrice: cells(),
    units: [],
  }
  for (const [index, product] of products.entries()) {
    const stream = (purpose: string) => streamFor(seed, product.id, purpose)
    const prices = pricesOf(product, calendar, stream('prices'))
    const demand = demandOf(product, calendar, prices, stream('demand'))
    const traded = trade(product, firstDay, prices, demand, stream('supply'))
    simulation.trueDemand.set(demand.units, index * days)
    simulation.lostSales.set(traded.lostSales, index * days)
    simulation.closingStock.set(traded.closingStock, index * days)
    simulation.price.set(prices.price, index * days)
    simulation.usualPrice.set(prices.usualPrice, index * days)
    for (const unit of traded.units) simulation.units.push({ product: index, ...unit })
  }
  return simulation
}

/** What the simulated chain sells. */
export function assortment({ products = CATALOGUE.length }: SimulationOptions): CatalogueProduct[] {
  return spread(CATALOGUE, products)
}

/** `count` of the items, evenly spaced, so that every category keeps its share. */
function spread<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)])
}
