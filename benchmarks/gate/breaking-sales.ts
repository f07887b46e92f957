import { type Day, dayFromIso } from '../../src/base/day.ts'
import { seededRandom } from '../../src/base/random.ts'
import type { DailyTotals } from '../../src/sales/totals/daily-totals.ts'
import { noMeasures } from '../../src/sales/totals/measures.ts'

export type BreakingSales = {
  products: number
  weeks: number
  seed: number
  /** The week, from 0, from which on sales are `factor` × what they were, and the new ones sell. */
  breaksIn?: number
  factor?: number
  /** By what they change again in every week after it. */
  perWeek?: number
  /** How many products are launched then. */
  launched?: number
}

/** The last day of the week before the first, so that week w ends on `OPENING + 7 × (w + 1)`. */
export const OPENING: Day = dayFromIso('2023-12-31')!

/**
 * Weekly sales of a chain without stores. The level of each product wanders by 3% a week, shocks of
 * 4% hit all products of a week, and every row has its own of 25%; nothing else changes, but at the
 * break.
 */
export function breakingSales({
  products,
  weeks,
  seed,
  breaksIn = weeks,
  factor = 1,
  perWeek = 1,
  launched = 0,
}: BreakingSales): DailyTotals {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const shocks = Array.from({ length: weeks }, () => 0.04 * normal())
  const rows = Array.from({ length: products + launched }, (_, product) => {
    let level = Math.exp(3 + 0.9 * normal())
    return shocks.flatMap((shock, week) => {
      level *= Math.exp(0.03 * normal())
      const mean = level * (week < breaksIn ? 1 : factor * perWeek ** (week - breaksIn))
      const units = Math.round(mean * Math.exp(shock + 0.25 * normal()))
      return product >= products && week < breaksIn ? [] : [{ product, week, units }]
    })
  }).flat()
  const sold = Float64Array.from(rows, ({ units }) => units)
  return {
    ...noMeasures(rows.length),
    series: Array.from({ length: products + launched }, (_, product) => ({
      productId: `P${product}`,
      storeId: undefined,
    })),
    seriesIndex: Int32Array.from(rows, ({ product }) => product),
    day: Int32Array.from(rows, ({ week }) => OPENING + 7 * (week + 1)),
    sold,
    offered: new Uint8Array(rows.length).fill(1),
    categoryIndex: Int32Array.from(rows, ({ product }) => product % CATEGORIES.length),
    names: [],
    categories: CATEGORIES,
    columns: {
      purchaseDate: false,
      expiryDate: false,
      stock: false,
      price: false,
      cost: false,
      category: true,
    },
  }
}

const CATEGORIES = ['bakery', 'dairy', 'drinks', 'pantry']
