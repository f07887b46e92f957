import { type Day, dayFromCivil } from '../src/base/day.ts'
import { type Random, seededRandom } from '../src/base/random.ts'
import type { DailyTotals } from '../src/sales/totals/daily-totals.ts'
import { noMeasures } from '../src/sales/totals/measures.ts'

/**
 * Sales and stock of so many products on so many days: from less than one to fifty units a week, by
 * season, and filled up to three weeks of sales whenever a week of them is left.
 */
export function simulatedChain(products: number, days: number): DailyTotals {
  const random = seededRandom(products)
  const moves: Move[] = []
  for (let product = 0; product < products; product++) moves.push(...movesOf(product, days, random))
  const measures = noMeasures(moves.length)
  const prices = Float64Array.from(
    { length: products },
    () => 2 + Math.floor(3000 * random()) / 100,
  )
  for (const [entry, { product, sold, bought }] of moves.entries()) {
    measures.bought[entry] = bought
    if (product % 3 === 0) {
      measures.shelfLifeTotal[entry] = 90 * bought
      measures.expiringUnits[entry] = bought
    }
    if (sold === 0) continue
    measures.offered[entry] = 1
    measures.sold[entry] = sold
    measures.revenue[entry] = prices[product] * sold
    measures.costTotal[entry] = 0.7 * prices[product] * sold
    measures.pricedUnits[entry] = sold
    measures.costedUnits[entry] = sold
    measures.nameIndex[entry] = product
    measures.categoryIndex[entry] = product % 12
  }
  return {
    ...measures,
    series: Array.from({ length: products }, (_, product) => ({
      productId: `${FIRST_PRODUCT + product}`,
      storeId: undefined,
    })),
    seriesIndex: Int32Array.from(moves, ({ product }) => product),
    day: Int32Array.from(moves, ({ day }) => day),
    names: Array.from({ length: products }, (_, product) => `Produto número ${product}`),
    categories: Array.from({ length: 12 }, (_, category) => `Categoria ${1 + category}`),
    columns: {
      ...{ purchaseDate: true, expiryDate: true, stock: false },
      ...{ price: true, cost: true, category: true },
    },
  }
}

/** A Monday. */
export const FIRST_DAY: Day = dayFromCivil(2023, 11, 6)!

/** Ids of one length are in order as they are counted. */
const FIRST_PRODUCT = 100_000

type Move = { product: number; day: Day; sold: number; bought: number }

function movesOf(product: number, days: number, random: Random): Move[] {
  const perDay = 0.025 * 300 ** (random() ** 1.6)
  const peak = Math.floor(365 * random())
  const moves: Move[] = []
  let stock = 0
  for (let day = 0; day < days; day++) {
    const bought = stock < 7 * perDay ? 6 * Math.ceil((21 * perDay + 6) / 6) : 0
    stock += bought
    const season = 1 + 0.4 * Math.cos((2 * Math.PI * (day - peak)) / 365)
    const sold = Math.min(stock, poisson(perDay * season, random))
    stock -= sold
    if (sold + bought > 0) moves.push({ product, day: FIRST_DAY + day, sold, bought })
  }
  return moves
}

/** Knuth's, for small means. */
function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean)
  let drawn = -1
  for (let product = 1; product > limit; product *= random()) drawn++
  return drawn
}
