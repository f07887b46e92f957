import type { Day } from '../../base/day.ts'
import { firstIndex } from '../../base/first-index.ts'
import { remembered } from '../../base/remembered.ts'
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
  const { series, seriesIndex, categoryIndex, categories, day } = totals
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
  const sums = new Map<string, Paid[]>()
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
      const own = entries.get(productId) ?? []
      const paid = remembered(sums, productId, () => sumsByDay(totals, own))
      const [now, before] = [until, until - QUARTER].map((last) => paidUntil(paid, last))
      const units = now.units - before.units
      return units > 0 ? (now.revenue - before.revenue) / units : undefined
    },
  }
}

const QUARTER = 91

/** What was paid for how many units up to each day. */
type Paid = { day: Day; revenue: number; units: number }

function sumsByDay({ day, revenue, pricedUnits }: DailyTotals, entries: number[]): Paid[] {
  let sum = { revenue: 0, units: 0 }
  return entries
    .toSorted((a, b) => day[a] - day[b])
    .map((entry) => {
      sum = { revenue: sum.revenue + revenue[entry], units: sum.units + pricedUnits[entry] }
      return { day: day[entry], ...sum }
    })
}

function paidUntil(sums: readonly Paid[], day: Day): Pick<Paid, 'revenue' | 'units'> {
  const later = firstIndex(0, sums.length, (index) => sums[index].day > day)
  return sums[later - 1] ?? { revenue: 0, units: 0 }
}
