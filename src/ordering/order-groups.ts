import type { SeriesOrder } from './forecaster.ts'
import type { AdvisedOrder, UnknownOrder } from './order-advice.ts'

/** What is ordered of one series. */
export type Ordered = SeriesOrder & AdvisedOrder

/** Orders of a category, the most valuable first; undefined for those without one. */
export type OrderGroup = { category: string | undefined; orders: Ordered[] } & OrderTotal

/** Units, and what they cost. */
export type OrderTotal = { products: number; units: number; value: number }

/** What is ordered, by category in the order of their names; those without one last. */
export function orderGroups(rows: readonly SeriesOrder[]): OrderGroup[] {
  const ordered = rows.filter(isOrdered)
  const groups = [...Map.groupBy(ordered, ({ category }) => category)]
  return groups
    .map(([category, orders]) => ({
      category,
      orders: orders.sort((a, b) => orderValue(b) - orderValue(a)),
      ...totalOf(orders),
    }))
    .sort((a, b) => byName(a.category, b.category))
}

/** Of all that is ordered. */
export function orderTotal(rows: readonly SeriesOrder[]): OrderTotal {
  return totalOf(rows.filter(isOrdered))
}

/** What the units of an order cost. */
export function orderValue({ units, cost }: AdvisedOrder): number {
  return units * cost
}

/** Why there is no order of the others, and of how many. */
export function notOrdered(rows: readonly SeriesOrder[]) {
  return {
    enough: rows.filter(({ outcome }) => outcome === 'enough').length,
    unprofitable: rows.filter((row): row is Ordered => row.outcome === 'unprofitable'),
    unknown: rows.filter((row): row is SeriesOrder & UnknownOrder => row.outcome === 'unknown'),
  }
}

function isOrdered(row: SeriesOrder): row is Ordered {
  return row.outcome === 'order'
}

function totalOf(orders: readonly AdvisedOrder[]): OrderTotal {
  const sum = (of: (order: AdvisedOrder) => number) =>
    orders.reduce((total, order) => total + of(order), 0)
  return { products: orders.length, units: sum(({ units }) => units), value: sum(orderValue) }
}

function byName(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return collator.compare(a, b) || (a < b ? -1 : 1)
}

// A fixed locale: a page must not depend on the machine that writes it.
const collator = new Intl.Collator('pt')
