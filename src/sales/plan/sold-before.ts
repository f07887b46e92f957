import type { Day } from '../../base/day.ts'
import { firstIndex } from '../../base/first-index.ts'
import { remembered } from '../../base/remembered.ts'
import { type DailyTotals, startsOf } from '../totals/daily-totals.ts'
import type { SlicedTotals } from '../totals/slices.ts'

/** What the sales up to a day say of those whom a plan is about. */
export type SoldBefore = {
  has(role: 'product' | 'category' | 'store', id: string): boolean
  /** Whether the product had a category by then, and never this one. */
  isElsewhere(productId: string, category: string, day: Day): boolean
  /** What a unit was paid for in the quarter before the day, in all stores; undefined where none was. */
  usualPrice(productId: string, day: Day): number | undefined
}

/**
 * Looks at no sale later than the day of each question, but for `has`. `withPrices`: whether anybody
 * asks for a usual price, which takes memory for each product and day on which one was paid.
 */
export function soldBefore(
  sales: SlicedTotals,
  { withPrices }: { withPrices: boolean },
): SoldBefore {
  const stores = new Set<string | undefined>()
  const firstIn = new Map<string, Map<string, Day>>()
  const paid = new Map<string, Paid>()
  for (const totals of sales) {
    const { series, seriesIndex, categoryIndex, categories, day } = totals
    for (const { productId, storeId } of series) {
      stores.add(storeId)
      remembered(firstIn, productId, () => new Map())
    }
    for (let entry = 0; entry < day.length; entry++) {
      if (categoryIndex[entry] < 0) continue
      const days = firstIn.get(series[seriesIndex[entry]].productId)!
      const category = categories[categoryIndex[entry]]
      days.set(category, Math.min(day[entry], days.get(category) ?? Number.POSITIVE_INFINITY))
    }
    if (withPrices) addPaid(paid, totals)
  }
  const ids = {
    product: new Set<string | undefined>(firstIn.keys()),
    store: stores,
    category: new Set([...firstIn.values()].flatMap((days) => [...days.keys()])),
  }
  return {
    has: (role, id) => ids[role].has(id),
    isElsewhere(productId, category, until) {
      const days = firstIn.get(productId) ?? new Map<string, Day>()
      const isKnown = [...days.values()].some((first) => first <= until)
      return isKnown && !((days.get(category) ?? Number.POSITIVE_INFINITY) <= until)
    },
    usualPrice(productId, until) {
      const own = paid.get(productId)
      if (own === undefined) return undefined
      const [now, before] = [until, until - QUARTER].map((last) => paidUntil(own, last))
      const units = now.units - before.units
      return units > 0 ? (now.revenue - before.revenue) / units : undefined
    },
  }
}

const QUARTER = 91

/** What was paid for how many units up to each day, in all stores: an element a day with entries. */
type Paid = { days: Int32Array; revenue: Float64Array; units: Float64Array }

/** A slice has all entries of a product. */
function addPaid(paid: Map<string, Paid>, totals: DailyTotals): void {
  const starts = startsOf(totals)
  const byProduct = Map.groupBy(totals.series.keys(), (index) => totals.series[index].productId)
  for (const [productId, series] of byProduct) {
    const entries = series.flatMap((index) =>
      Array.from({ length: starts[index + 1] - starts[index] }, (_, i) => starts[index] + i),
    )
    paid.set(productId, sumsByDay(totals, entries))
  }
}

function sumsByDay({ day, revenue, pricedUnits }: DailyTotals, entries: number[]): Paid {
  const inOrder = entries.sort((a, b) => day[a] - day[b])
  const days = Int32Array.from(new Set(inOrder.map((entry) => day[entry])))
  const sums = {
    days,
    revenue: new Float64Array(days.length),
    units: new Float64Array(days.length),
  }
  const sum = { revenue: 0, units: 0 }
  let at = 0
  for (const entry of inOrder) {
    sum.revenue += revenue[entry]
    sum.units += pricedUnits[entry]
    if (days[at] !== day[entry]) at++
    sums.revenue[at] = sum.revenue
    sums.units[at] = sum.units
  }
  return sums
}

function paidUntil({ days, revenue, units }: Paid, day: Day): { revenue: number; units: number } {
  const later = firstIndex(0, days.length, (index) => days[index] > day)
  return later === 0
    ? { revenue: 0, units: 0 }
    : { revenue: revenue[later - 1], units: units[later - 1] }
}
