import type { Day } from '../../base/day.ts'
import type { Delivery } from '../../ordering/supply.ts'

/**
 * The units of one series, on the shelf and on order, first in, first out. A day goes: `open`,
 * perhaps `order`, then `sell`.
 */
export class StockedShelf {
  #shelf: Delivery[]
  #onOrder: Delivery[]

  constructor(stock: Delivery[], onOrder: Delivery[]) {
    this.#shelf = stock.map((delivery) => ({ ...delivery }))
    this.#onOrder = [...onOrder]
  }

  /** On hand and on order, in the order of arrival. */
  get stock(): Delivery[] {
    return [...this.#shelf, ...this.#onOrder]
  }

  /** Takes deliveries in and what has expired off; returns how many units that were. */
  open(day: Day): number {
    this.#receive(day)
    const expired = this.#shelf.filter(({ lastDay }) => lastDay < day)
    if (expired.length > 0) this.#shelf = this.#shelf.filter(({ lastDay }) => lastDay >= day)
    return unitsOf(expired)
  }

  order(delivery: Delivery, today: Day): void {
    this.#onOrder.push(delivery)
    this.#receive(today)
  }

  /** Sells what is wanted as far as it is there; returns what was not, and what is left. */
  sell(wanted: number): { short: number; left: number } {
    let short = wanted
    while (short > 0 && this.#shelf.length > 0) {
      const [oldest] = this.#shelf
      const units = Math.min(short, oldest.units)
      short -= units
      oldest.units -= units
      if (oldest.units <= 0) this.#shelf.shift()
    }
    return { short, left: unitsOf(this.#shelf) }
  }

  #receive(day: Day): void {
    if (!this.#onOrder.some((delivery) => delivery.day <= day)) return
    for (const delivery of this.#onOrder) {
      if (delivery.day <= day) this.#shelf.push({ ...delivery })
    }
    this.#onOrder = this.#onOrder.filter((delivery) => delivery.day > day)
  }
}

function unitsOf(deliveries: Delivery[]): number {
  return deliveries.reduce((sum, { units }) => sum + units, 0)
}
