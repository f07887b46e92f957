import fc from 'fast-check'
import { expect, test } from 'vitest'
import { againstEachOther } from '../../../src/sales/plan/against-each-other.ts'
import { inOrder, noPlan, type PlannedDays, planKnownOn } from '../../../src/sales/plan/plan.ts'
import { soldBefore } from '../../../src/sales/plan/sold-before.ts'
import { totalsAsOf } from '../../../src/sales/totals/known-totals.ts'
import { TotalsBuilder } from '../../../src/sales/totals/totals-builder.ts'

const plannedRow = fc.record(
  {
    productId: fc.constant('milk'),
    category: fc.constantFrom('dairy', 'vegan'),
    from: fc.integer({ min: 0, max: 9 }),
    days: fc.integer({ min: 1, max: 9 }),
    knownOn: fc.integer({ min: 0, max: 1 }),
    price: fc.constantFrom(3, 4),
    discount: fc.constantFrom(0.1, 0.2),
    promotion: fc.constantFrom('leaflet', 'app'),
    display: fc.boolean(),
    closed: fc.boolean(),
  },
  { requiredKeys: ['from', 'days', 'knownOn'] },
)
const plannedRows = fc
  .array(plannedRow, { maxLength: 12 })
  .map((rows) => rows.map(({ days, ...row }): PlannedDays => ({ ...row, to: row.from + days - 1 })))

test('no two rows are left of which nobody could tell which holds, and none is left out for nothing', () => {
  fc.assert(
    fc.property(plannedRows, (rows) => {
      const found = againstEachOther(rows)
      const kept = rows.filter((row) => !found.has(row))
      expect(kept.some((row) => kept.some((other) => isAgainst(row, other)))).toBe(false)
      for (const [row, rule] of found) {
        const isAlike = (other: PlannedDays) =>
          other !== row && JSON.stringify(sorted(other)) === JSON.stringify(sorted(row))
        if (rule === 'plan-repeated') expect(rows.some(isAlike)).toBe(true)
        else
          expect(reached(row, rows).some((one) => rows.some((it) => isAgainst(one, it)))).toBe(true)
      }
    }),
    { numRuns: 500, seed: 14 },
  )
})

test('rows of different targets, days or moments contradict nothing', () => {
  const row: PlannedDays = { productId: 'milk', from: 1, to: 3, knownOn: 0, price: 3 }
  const others: PlannedDays[] = [
    { ...row, from: 4, to: 5, price: 4 },
    { ...row, knownOn: 1, price: 4 },
    { ...row, storeId: '1', price: 4 },
    { category: 'milk', from: 1, to: 3, knownOn: 0, price: 4 },
    { productId: 'milk', from: 1, to: 3, knownOn: 0, closed: true },
  ]
  expect(againstEachOther([row, ...others]).size).toBe(0)
  expect(againstEachOther([row, { ...row, from: 3, price: 4 }]).size).toBe(2)
})

test('a plan has one order, whatever file its rows came from, and of a day what was known then', () => {
  fc.assert(
    fc.property(plannedRows, fc.integer({ min: -1, max: 2 }), (rows, day) => {
      const ordered = inOrder(rows)
      expect(inOrder(rows.toReversed())).toEqual(ordered)
      expect(planKnownOn({ ...noPlan, rows: ordered }, day).rows).toEqual(
        ordered.filter(({ knownOn }) => knownOn <= day),
      )
    }),
    { numRuns: 100, seed: 14 },
  )
})

test('what had been sold by a day is told by nothing that came later', () => {
  const sales = Array.from({ length: 200 }, (_, day) => [
    { store: '1', day, units: 2, price: 3 + (day % 7), category: day < 120 ? 'dairy' : 'vegan' },
    { store: '2', day, units: 1, price: 5, category: 'dairy' },
  ]).flat()
  const all = soldBefore([totalsOf(sales)], { withPrices: true })
  for (const day of [0, 30, 90, 119, 120, 199]) {
    const then = soldBefore([totalsAsOf(totalsOf(sales), day)], { withPrices: true })
    const own = sales.filter((it) => it.day <= day && it.day > day - 91)
    const paid = own.reduce((sum, it) => sum + it.price * it.units, 0)
    const units = own.reduce((sum, it) => sum + it.units, 0)
    expect(all.usualPrice('milk', day)).toBeCloseTo(paid / units, 10)
    expect(then.usualPrice('milk', day)).toBe(all.usualPrice('milk', day))
    expect(all.isElsewhere('milk', 'vegan', day)).toBe(day < 120)
    expect(all.isElsewhere('milk', 'dairy', day)).toBe(false)
  }
  expect(all.usualPrice('milk', -1)).toBeUndefined()
  expect(all.usualPrice('bread', 100)).toBeUndefined()
  expect(all.isElsewhere('bread', 'dairy', 100)).toBe(false)
  expect([all.has('product', 'milk'), all.has('product', 'bread')]).toEqual([true, false])
  expect([all.has('store', '2'), all.has('store', '3')]).toEqual([true, false])
  expect([all.has('category', 'vegan'), all.has('category', 'meat')]).toEqual([true, false])
})

type Milk = { store: string; day: number; units: number; price: number; category: string }

function totalsOf(sales: Milk[]) {
  const columns = { purchaseDate: false, expiryDate: false, stock: false, cost: false }
  const builder = new TotalsBuilder({ ...columns, price: true, category: true })
  for (const { store, day, units, price, category } of sales) {
    const entry = builder.entry(builder.intern('milk'), builder.intern(store), day)
    builder.measures.sold[entry] = units
    builder.measures.revenue[entry] = units * price
    builder.measures.pricedUnits[entry] = units
    builder.measures.categoryIndex[entry] = builder.intern(category)
  }
  return builder.finish()
}

function isAgainst(one: PlannedDays, other: PlannedDays): boolean {
  const saysOther = (say: (row: PlannedDays) => string | undefined) => {
    const [a, b] = [say(one), say(other)]
    return a !== undefined && b !== undefined && a !== b
  }
  return (
    hangsOn(one, other) &&
    (saysOther(priceOf) ||
      saysOther(({ promotion }) => promotion) ||
      saysOther(({ display }) => display?.toString()) ||
      saysOther(({ closed }) => closed?.toString()))
  )
}

function priceOf({ price, discount }: PlannedDays): string | undefined {
  return price === undefined && discount === undefined ? undefined : `${price} ${discount}`
}

/** Whether two rows known on the same day are about the same products and a day in common. */
function hangsOn(one: PlannedDays, other: PlannedDays): boolean {
  const isSame = (['knownOn', 'productId', 'category', 'storeId'] as const).every(
    (key) => one[key] === other[key],
  )
  return isSame && one.from <= other.to && other.from <= one.to
}

/** The rows that hang together with one by their days. */
function reached(row: PlannedDays, rows: PlannedDays[]): PlannedDays[] {
  const found = new Set([row])
  for (const one of found) for (const other of rows) if (hangsOn(one, other)) found.add(other)
  return [...found]
}

function sorted(row: PlannedDays) {
  return Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))
}
