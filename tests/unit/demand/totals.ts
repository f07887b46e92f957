import * as fc from 'fast-check'
import { type Day, dayFromIso } from '../../../src/base/day.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'

/** What happened to a product on a day; `sold` makes the day one with a sale row. */
export type Entry = {
  product: string
  day: Day | string
  sold?: number
  returned?: number
  bought?: number
  /** Days from purchase to expiry of what was bought. */
  shelfLife?: number
  expired?: number
  stock?: number
  price?: number
  cost?: number
  name?: string
  category?: string
}

/** Totals of the entries, as the sales files of a chain without stores would give them. */
export function totalsOf(
  entries: readonly Entry[],
  columns: Partial<DailyTotals['columns']> = {},
): DailyTotals {
  const rows = entries
    .map((entry) => ({ ...entry, day: dayOf(entry.day) }))
    .sort((a, b) => (a.product < b.product ? -1 : a.product > b.product ? 1 : a.day - b.day))
  const products = [...new Set(rows.map(({ product }) => product))]
  const names = [...new Set(rows.flatMap(({ name }) => name ?? []))]
  const categories = [...new Set(rows.flatMap(({ category }) => category ?? []))]
  const floats = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value)
  const ints = (value: (row: (typeof rows)[number]) => number) => Int32Array.from(rows, value)
  return {
    series: products.map((productId) => ({ productId, storeId: undefined })),
    seriesIndex: ints(({ product }) => products.indexOf(product)),
    day: ints(({ day }) => day),
    sold: floats(({ sold }) => sold ?? 0),
    returned: floats(({ returned }) => returned ?? 0),
    offered: Uint8Array.from(rows, ({ sold, returned }) =>
      (sold ?? returned) === undefined ? 0 : 1,
    ),
    revenue: floats(({ sold, price }) => (sold ?? 0) * (price ?? 0)),
    pricedUnits: floats(({ sold, price }) => (price === undefined ? 0 : (sold ?? 0))),
    costTotal: floats(({ sold, cost }) => (sold ?? 0) * (cost ?? 0)),
    costedUnits: floats(({ sold, cost }) => (cost === undefined ? 0 : (sold ?? 0))),
    bought: floats(({ bought }) => bought ?? 0),
    shelfLifeTotal: floats(({ bought, shelfLife }) => (bought ?? 0) * (shelfLife ?? 0)),
    expiringUnits: floats(({ bought, shelfLife }) => (shelfLife === undefined ? 0 : (bought ?? 0))),
    expired: floats(({ expired }) => expired ?? 0),
    statedStock: floats(({ stock }) => stock ?? Number.NaN),
    nameIndex: ints(({ name }) => (name === undefined ? -1 : names.indexOf(name))),
    categoryIndex: ints(({ category }) =>
      category === undefined ? -1 : categories.indexOf(category),
    ),
    names,
    categories,
    columns: {
      purchaseDate: false,
      expiryDate: false,
      stock: false,
      price: true,
      cost: false,
      category: true,
      ...columns,
    },
  }
}

/** `dayOf('2026-10-31')`; a day stays a day. */
export function dayOf(day: Day | string): Day {
  return typeof day === 'number' ? day : dayFromIso(day)!
}

/** Entries of up to four products within 120 days, at most one a product and day. */
export const someEntries: fc.Arbitrary<Entry[]> = fc
  .uniqueArray(
    fc.record(
      {
        product: fc.constantFrom('a', 'b', 'c', 'd'),
        day: fc.integer({ min: 20_000, max: 20_119 }),
        sold: fc.integer({ min: 0, max: 9 }),
        returned: fc.integer({ min: 0, max: 2 }),
        bought: fc.integer({ min: 0, max: 20 }),
        expired: fc.integer({ min: 0, max: 3 }),
        stock: fc.integer({ min: 0, max: 20 }),
        price: fc.integer({ min: 1, max: 9 }),
        name: fc.constantFrom('Arroz', 'Feijão'),
        category: fc.constantFrom('mercearia', 'padaria'),
      },
      { requiredKeys: ['product', 'day'] },
    ),
    { selector: ({ product, day }) => `${product} ${day}`, minLength: 1, maxLength: 150 },
  )
  .filter((entries) => entries.some(({ sold }) => sold !== undefined))
