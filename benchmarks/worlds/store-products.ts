import { dayFromCivil } from '../../src/base/day.ts'
import { lastDay, periodOf } from '../../src/demand/calendar.ts'
import { recipeFrom } from '../../src/forecasting/recipe.ts'
import { TotalsBuilder } from '../../src/sales/totals/totals-builder.ts'
import type { Dataset } from '../dataset.ts'
import { draws } from './draws.ts'
import { soldColumns } from './sold-columns.ts'

/**
 * 60 products in 5 stores by month, three years of them. The level of a product wanders (a random walk
 * of its logarithm), that of its share of a store a little; no time of the year differs from another,
 * so that whatever finds a season here has found noise.
 */
export async function storeProducts(): Promise<Omit<Dataset, 'name'>> {
  const { normal, poisson } = draws(1)
  const builder = new TotalsBuilder(soldColumns)
  const first = periodOf('month', dayFromCivil(2022, 1, 1)!)
  for (let product = 0; product < PRODUCTS; product++) {
    const levels = wandering(Math.log(8) + 0.8 * normal(), 0.12, normal)
    for (let store = 0; store < STORES; store++) {
      const shares = wandering(-0.4 * store + 0.5 * normal(), 0.06, normal)
      for (let month = 0; month < MONTHS; month++) {
        const noise = 0.35 * normal()
        const entry = builder.entry(
          builder.intern(`product ${100 + product}`),
          builder.intern(`store ${store}`),
          lastDay('month', first + month),
        )
        builder.measures.offered[entry] = 1
        builder.measures.sold[entry] = poisson(Math.exp(levels[month] + shares[month] + noise))
        builder.measures.categoryIndex[entry] = builder.intern(`category ${product % 6}`)
      }
    }
  }
  return {
    totals: builder.finish(),
    recipe: recipeFrom({ frequency: 'month', horizon: 3 }, 'store-products'),
    origins: 4,
  }
}

const PRODUCTS = 60
const STORES = 5
const MONTHS = 36

function wandering(start: number, step: number, normal: () => number): number[] {
  let level = start
  return Array.from({ length: MONTHS }, () => {
    level += step * normal()
    return level
  })
}
