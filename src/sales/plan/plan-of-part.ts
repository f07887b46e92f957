import type { DailyTotals } from '../totals/daily-totals.ts'
import type { Plan } from './plan.ts'

/** What of a plan is about any of these series: what it says of others means nothing to them. */
export function planOfPart(plan: Plan, { series, categories }: DailyTotals): Plan {
  const products = new Set(series.map(({ productId }) => productId))
  const stores = new Set(series.map(({ storeId }) => storeId))
  const named = new Set(categories)
  const rows = plan.rows.filter(
    ({ productId, storeId, category }) =>
      (productId === undefined || products.has(productId)) &&
      (storeId === undefined || stores.has(storeId)) &&
      (category === undefined || named.has(category)),
  )
  return { ...plan, rows }
}
