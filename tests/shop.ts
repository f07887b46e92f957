import { type Day, dayFromIso, isoFromDay } from '../src/base/day.ts'
import { seededRandom } from '../src/base/random.ts'

/** A line of the shop's sales files: what it sold of a product on a day, or in the week from it. */
export type Sale = {
  product: string
  category: string
  day: Day
  units: number
  store?: string
  price?: number
}

export type Shop = { products: string[]; frequency: 'day' | 'week'; periods: number; seed?: number }

/** The first day of the shop, a Monday. */
export const OPENING = dayFromIso('2024-01-01')!

/**
 * What a shop sells. The level of each product wanders, so that the last weeks tell more than the
 * same weeks a year ago, and chance is added to it. On weekends it sells more.
 */
export function salesOf({ products, frequency, periods, seed = 1 }: Shop): Sale[] {
  const random = seededRandom(seed)
  const chance = () => random() + random() + random() - 1.5
  return products.flatMap((product, index) => {
    const category = ['bakery', 'dairy'][index % 2]
    let level = 20 + 60 * random()
    return Array.from({ length: periods }, (_, period) => {
      level *= Math.exp(0.08 * chance())
      const weekend = frequency === 'day' && period % 7 > 4 ? 1.6 : 1
      const units = Math.max(0, Math.round(level * weekend * (1 + 0.5 * chance())))
      return { product, category, day: OPENING + period * (frequency === 'day' ? 1 : 7), units }
    })
  })
}

/** Ids of so many products. */
export function productIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `P${index + 1}`)
}

/** The files that a project needs to forecast these sales: one a year, and their contract. */
export function dataFiles(sales: Sale[]): Record<string, string> {
  const columns = ['product', 'category', 'day', 'units']
  if (sales.some(({ store }) => store !== undefined)) columns.push('store')
  if (sales.some(({ price }) => price !== undefined)) columns.push('price')
  const cells = ({ product, category, day, units, store, price }: Sale) =>
    [
      product,
      category,
      isoFromDay(day),
      String(units),
      ...(store === undefined ? [] : [store]),
      ...(price === undefined ? [] : [String(price)]),
    ]
      .map((cell) => `"${cell.replaceAll('"', '""')}"`)
      .join(',')
  const years = Map.groupBy(sales, ({ day }) => isoFromDay(day).slice(0, 4))
  const files = [...years].map(([year, rows]) => [
    `data/sales/${year}.csv`,
    `${[columns.join(','), ...rows.map(cells)].join('\n')}\n`,
  ])
  return { ...Object.fromEntries(files), 'data/datapackage.json': contract(columns) }
}

/** A recipe with these families, such as `moving-average: { window: 8 }`. */
export function recipe(
  families: string,
  { frequency = 'week', horizon = 4 }: { frequency?: 'day' | 'week'; horizon?: number } = {},
): Record<string, string> {
  const text = `frequency: ${frequency}
horizon: ${horizon}
search: { origins: 2 }
families: { ${families} }
`
  return { 'recipe.yml': text }
}

function contract(columns: string[]): string {
  const types: Record<string, string> = { day: 'date', units: 'number', price: 'number' }
  const roles: Record<string, string> = { day: 'saleDate', units: 'quantity' }
  return JSON.stringify(
    {
      name: 'sales',
      resources: [
        {
          name: 'sales',
          path: ['sales/*.csv'],
          schema: { fields: columns.map((name) => ({ name, type: types[name] ?? 'string' })) },
        },
      ],
      cd4ml: { columns: Object.fromEntries(columns.map((name) => [roles[name] ?? name, name])) },
    },
    null,
    2,
  )
}

/**
 * The files of a shop that keeps books: one row a sale, bought two days before, for 3, and sold for
 * 5; and 50 units of each product that were bought on `lastDay` and are still there.
 */
export function stockedFiles(sales: Sale[], lastDay: Day): Record<string, string> {
  const ids = [...new Set(sales.map(({ product }) => product))]
  const rows = sales.map(({ product, day, units }) =>
    [product, units, 5, 3, isoFromDay(day - 2), isoFromDay(day), isoFromDay(day + 60)].join(','),
  )
  const unsold = ids.map((id) =>
    [id, 50, 5, 3, isoFromDay(lastDay), '', isoFromDay(lastDay + 60)].join(','),
  )
  const columns = ['product', 'units', 'price', 'cost', 'bought', 'sold', 'expires']
  const types = ['string', 'number', 'number', 'number', 'date', 'date', 'date']
  const contract = {
    name: 'sales',
    resources: [
      {
        name: 'sales',
        path: ['sales/*.csv'],
        schema: { fields: columns.map((name, i) => ({ name, type: types[i] })) },
      },
    ],
    cd4ml: {
      columns: {
        product: 'product',
        quantity: 'units',
        price: 'price',
        cost: 'cost',
        purchaseDate: 'bought',
        saleDate: 'sold',
        expiryDate: 'expires',
      },
    },
  }
  return {
    'data/datapackage.json': JSON.stringify(contract),
    'data/sales/all.csv': `${[columns.join(','), ...rows, ...unsold].join('\n')}\n`,
  }
}
