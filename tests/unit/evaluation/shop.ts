import { type Day, dayFromIso, weekday } from '../../../src/base/day.ts'
import { seededRandom } from '../../../src/base/random.ts'
import type { Recipe } from '../../../src/forecasting/recipe.ts'
import { type Entry, totalsOf } from '../demand/totals.ts'

/** The first day of the shop, a Monday. */
export const OPENING = dayFromIso('2024-01-01')!

/** What a shop with six products in two categories sells on each day of so many weeks. */
export function shopSales(weeks: number, seed = 1): Entry[] {
  const random = seededRandom(seed)
  return ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((product, index) =>
    Array.from({ length: weeks * 7 }, (_, day) => ({
      product,
      category: index < 3 ? 'bakery' : 'dairy',
      day: OPENING + day,
      sold: Math.floor((1 + index + (weekday(OPENING + day) > 4 ? 3 : 0)) * 2 * random()),
      price: 5,
    })),
  )
}

/** Those of the entries that are known on the day. */
export function upTo(day: Day, entries: Entry[]): Entry[] {
  return entries.filter((entry) => Number(entry.day) <= day)
}

/** The entries up to the day, and then a shop that sells a hundred times as much, and new things. */
export function anotherFuture(day: Day, entries: Entry[]) {
  const changed = entries.map((entry) =>
    Number(entry.day) <= day ? entry : { ...entry, sold: 100, bought: 7, category: 'toys' },
  )
  return totalsOf([...changed, { product: 'new', day: day + 1, sold: 1000, category: 'dairy' }])
}

export function recipeOf(changes: Partial<Recipe> = {}): Recipe {
  return {
    frequency: 'week',
    horizon: 3,
    holidays: 'BR',
    censoring: true,
    seed: 1,
    search: { origins: 2, step: 3 },
    families: { 'seasonal-naive': {}, 'moving-average': { window: [4, 8] } },
    ...changes,
  }
}
