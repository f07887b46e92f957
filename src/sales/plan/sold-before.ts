import type { Day } from '../../base/day.ts'
import type { DailyTotals } from '../totals/daily-totals.ts'

/** What the sales up to a day say of those whom a plan is about. */
export type SoldBefore = {
  has(role: 'product' | 'category' | 'store', id: string): boolean
  /** Whether the product had a category by then, and never this one. */
  isElsewhere(productId: string, category: string, day: Day): boolean
  /** What a unit was paid for in the quarter before the day, in all stores; undefined where none was. */
  usualPrice(productId: string, day: Day): number | undefined
}

/** Looks at no sale later than the day of each question, but for `has`. */
export function soldBefore(totals: DailyTotals): SoldBefore {
  const { series, seriesIndex, categoryIndex, categories, day, revenue, pricedUnits } = totals
  const entries = new Map<string, number[]>()
  const firstIn = new Map<string, Map<string, Day>>()
  for (let entry = 0; entry < day.length; entry++) {
    const { productId } = series[seriesIndex[entry]]
    const known = entries.get(productId)
    if (known) known.push(entry)
    else entries.set(productId, [entry])
    const category = categoryIndex[entry] < 0 ? undefined : categories[categoryIndex[entry]]
    if (category === undefined) continue
    const days = firstIn.get(productId) ?? new Map<string, Day>()
    firstIn.set(productId, days)
    days.set(category, Math.min(day[entry], days.get(category) ?? Number.POSITIVE_INFINITY))
  }
  const ids = {
    product: new Set(entries.keys()),
    store: new Set(series.map(({ storeId }) => storeId)),
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
      let paid = 0
      let units = 0
      for (const entry of entries.get(productId) ?? []) {
        if (day[entry] > until || day[entry] <= until - QUARTER) continue
        paid += revenue[entry]
        units += pricedUnits[entry]
      }
      return units > 0 ? paid / units : undefined
    },
  }
}

const QUARTER = 91
