import type { Day } from '../../base/day.ts'
import { StockedShelf } from '../../evaluation/scoring/stocked-shelf.ts'
import type { BuyingTerms } from '../../ordering/buying-terms.ts'
import type { Delivery } from '../../ordering/supply.ts'

/** The shelf of one series on the morning of an order, and what was asked for afterwards. */
export type OrderToReplay = {
  /** The day of the order, the one of its delivery, and the last one that it has to last. */
  day: Day
  arrival: Day
  through: Day
  terms: BuyingTerms
  price: number
  cost: number
  /** Days from purchase to expiry; absent where it does not expire. */
  shelfLife?: number | undefined
  /** On hand, the oldest first, and what had been ordered before. */
  stock: Delivery[]
  onOrder: Delivery[]
  /** Units on each day from `day` on; those after `through` say what can still be sold of the rest. */
  demand: Float64Array
}

/**
 * What an order of so many units comes to, in the currency of the sales: lost margin, urgent reorders,
 * waste and holding, day by day as `simulateOrdering` counts them (`evaluation/scoring/`).
 *
 * A unit short counts until the next order is on the shelf, and a unit left over is held until then:
 * what the next order can mend is not put to the account of this one. What expires later because it
 * was ordered now is: the shelf is sold off without another delivery, and what is thrown away counts.
 */
export function costOfOrder(order: OrderToReplay, units: number): number {
  const { day: first, arrival, through, terms, price, cost, shelfLife, demand } = order
  const shelf = new StockedShelf(order.stock, order.onOrder)
  let total = 0
  for (let day = first; day < first + demand.length; day++) {
    total += shelf.open(day) * cost
    if (day === first && units > 0) {
      const lastDay = arrival + (shelfLife ?? Number.POSITIVE_INFINITY)
      shelf.order({ units, day: arrival, lastDay }, day)
    }
    const { short, left } = shelf.sell(demand[day - first])
    if (day <= through) {
      total += short * (price - cost + terms.urgentSurcharge * cost)
      total += left * terms.shelfCost * cost
    } else if (left === 0) break
  }
  return total
}
