import { describe, expect, test } from 'vitest'
import type { Day } from '../../../src/base/day.ts'
import { batchChecks } from '../../../src/sales/checks/batch-checks.ts'
import { salesOfAll, salesOfFile } from '../../../src/sales/checks/sales-sums.ts'
import type { Contract } from '../../../src/sales/contract/contract.ts'
import { readContract } from '../../../src/sales/contract/contract.ts'
import { rules } from '../../../src/sales/contract/rules.ts'
import type { FileReading } from '../../../src/sales/reading/file-reader.ts'
import type { LoggedFinding } from '../../../src/sales/reading/finding-log.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { dayOf, type Entry, totalsOf } from '../demand/totals.ts'
import { contractOf } from './contracts.ts'

const folder = await temporaryFolder()
await put(folder, { 'datapackage.json': JSON.stringify(contractOf()) })
const contract = await readContract(`${folder}/datapackage.json`)

/** By rule, what is said of sales that are looked at on a day. */
function found(
  entries: Entry[],
  on: string,
  { changes = {}, files = [] as Partial<FileReading>[] } = {},
): Record<string, string[]> {
  const totals = totalsOf(entries)
  const readings = files.map((reading, index) => ({
    name: `${index + 1}.csv`,
    reading: { totals, read: new Map(), findings: [], ...reading } as unknown as FileReading,
  }))
  const asked: Contract = { ...contract, ...changes }
  const findings = checksOf(totals, { readings, contract: asked, lastVisibleDay: dayOf(on) })
  for (const { rule } of findings) expect(rules).toHaveProperty(rule)
  return Object.fromEntries(findings.map(({ rule, values }) => [rule, values]))
}

/** Of sales in one slice. */
function checksOf(
  totals: DailyTotals,
  options: {
    readings?: { name: string; reading: FileReading }[]
    contract?: Contract
    lastVisibleDay: Day
  },
) {
  const { readings = [], lastVisibleDay } = options
  return batchChecks({
    sales: [totals],
    chain: salesOfAll([totals]),
    files: readings.map(({ name, reading }) => {
      return { name, reading, sold: salesOfFile(reading.totals, lastVisibleDay) }
    }),
    slicedFiles: [readings.map(({ reading }) => reading.totals)],
    contract,
    ...options,
  })
}

const milk = (day: string, changes: Partial<Entry> = {}): Entry => {
  return { product: 'milk', day, sold: 10, price: 2, category: 'dairy', ...changes }
}
/** A sale of each month of 2026 up to this one, newest last, on its first day. */
const monthly = (months: number, sold: (month: number) => number = () => 10) =>
  Array.from({ length: months }, (_, index) =>
    milk(`2026-${String(index + 1).padStart(2, '0')}-01`, { sold: sold(index + 1) }),
  )

test('files without a sale are said to have none', () => {
  expect(found([{ product: 'milk', day: '2026-03-01', bought: 5 }], '2026-03-01')).toEqual({
    'no-sales': [''],
  })
})

test('sales that are all there are found fault with in nothing', () => {
  expect(found(monthly(12), '2026-12-01')).toEqual({})
})

test('data of yesterday is fresh for as many days as the contract allows, and a day more is stale', () => {
  const changes = { maxAgeDays: 3 }
  expect(found(monthly(1), '2026-01-04', { changes })).toEqual({})
  expect(found(monthly(1), '2026-01-05', { changes })).toEqual({
    stale: ['2026-01-01: 4 days old, 3 are allowed'],
  })
  expect(found(monthly(1), '2027-01-05')).toEqual({})
})

test('a mistyped year shows as a year of silence, not a shop that rests', () => {
  const after = (from: string, then: string) =>
    found([milk('2022-01-03'), milk(from), milk(then)], then)['days-apart']
  expect(after('2022-01-03', '2023-01-03')).toBeUndefined()
  expect(after('2022-01-03', '2023-01-04')).toEqual(['2022-01-03, and then 2023-01-04'])
  expect(after('2022-01-05', '2023-01-06')).toEqual([
    '2022-01-03 to 2022-01-05, and then 2023-01-06',
  ])
})

describe('units per day of the newest month', () => {
  const volume = (entries: Entry[], on = '2026-12-01') => found(entries, on)['volume-change']

  test.each([
    [15, undefined],
    [15.1, '15.1 units a day, the median of the months before is 10.0'],
    [5, undefined],
    [4.9, '4.9 units a day, the median of the months before is 10.0'],
  ])('%d are far from the 10 of the months before: %s', (now, said) => {
    const sold = (month: number) => (month === 12 ? now : [9, 10, 11][month % 3])
    expect(volume(monthly(12, sold))).toEqual(said && [said])
  })

  test('are compared where three months before have sales, of which only days with sales count', () => {
    const sold = (months: number) => (month: number) => (month === months ? 99 : 10)
    expect(volume(monthly(3, sold(3)), '2026-03-01')).toBeUndefined()
    expect(volume(monthly(4, sold(4)), '2026-04-01')).toBeDefined()
    const delivered: Entry[] = [
      ...monthly(4),
      ...[1, 2, 3, 4].map((day): Entry => ({ product: 'rice', day: `2026-04-1${day}`, bought: 9 })),
    ]
    expect(volume(delivered, '2026-04-30')).toBeUndefined()
    const twoDays = [...monthly(4), milk('2026-04-02'), milk('2026-04-02', { product: 'rice' })]
    expect(volume(twoDays, '2026-04-30')).toBeUndefined()
  })

  test('are compared with the last 12 months, and those without sales are none of them', () => {
    const old = ['01', '02', '03'].map((month) => milk(`2024-${month}-01`))
    expect(
      volume([...old, ...monthly(3, (month) => (month === 3 ? 99 : 10))], '2026-03-01'),
    ).toBeUndefined()
    const year = Array.from({ length: 3 }, (_, index) => milk(`2025-0${index + 1}-01`))
    const newest = milk('2026-03-01', { sold: 99 })
    expect(volume([...year, milk('2026-02-01'), newest], '2026-03-01')).toBeUndefined()
    expect(
      volume([...year, milk('2026-01-01'), milk('2026-02-01'), newest], '2026-03-01'),
    ).toBeDefined()
  })
})

describe('rows in which something is missing', () => {
  const rows = (now: number, before: number) =>
    new Map([
      [dayOf('2026-02-01'), before],
      [dayOf('2026-03-01'), now],
      // Not visible yet.
      [dayOf('2026-03-02'), 1000],
    ])
  const missing = (now: number, before: number, all = [100, 100]) => {
    const finding = { rule: 'price-missing', days: rows(now, before) } as LoggedFinding
    const other = { rule: 'price-not-positive', days: rows(90, 0) } as LoggedFinding
    const file = { read: rows(all[0], all[1]), findings: [finding, other] }
    return found(monthly(3), '2026-03-01', { files: [file] })['more-missing']
  }

  test('are told where their share has risen by more than the contract allows', () => {
    expect(missing(7, 2)).toBeUndefined()
    expect(missing(8, 2)).toEqual(['8.0% now, 2.0% before'])
    expect(missing(2, 8)).toBeUndefined()
  })

  test('are told of twenty rows or more, now and before', () => {
    expect(missing(20, 0, [20, 20])).toEqual(['100.0% now, 0.0% before'])
    expect(missing(19, 0, [19, 20])).toBeUndefined()
    expect(missing(20, 0, [20, 19])).toBeUndefined()
  })

  test.each([
    ['name', 'name-missing'],
    ['category', 'category-missing'],
    ['price', 'price-missing'],
    ['cost', 'cost-missing'],
    ['purchaseDate', 'purchase-date-missing'],
    ['stock', 'stock-unusable'],
  ] as const)('are told of each column by itself: %s', (role, rule) => {
    const finding = { rule, days: rows(50, 0) } as LoggedFinding
    const findings = checksOf(totalsOf(monthly(3)), {
      readings: [
        {
          name: '1.csv',
          reading: {
            read: rows(100, 100),
            findings: [finding],
            totals: totalsOf([]),
          } as unknown as FileReading,
        },
      ],
      lastVisibleDay: dayOf('2026-03-01'),
    })
    expect(findings).toEqual([{ rule: 'more-missing', role, values: ['50.0% now, 0.0% before'] }])
  })
})

test('a category that begins in the newest month is pointed out, unless all do', () => {
  const bread = milk('2026-03-01', { product: 'bread', category: 'bakery' })
  const { category: _, ...plain } = bread
  const categories = (entries: Entry[]) => found(entries, '2026-03-01')['new-category']
  expect(categories([...monthly(3), bread])).toEqual(['bakery'])
  expect(categories([...monthly(3), bread, { ...bread, day: '2026-01-01' }])).toBeUndefined()
  expect(categories([milk('2026-03-01'), bread])).toBeUndefined()
  expect(categories([...monthly(3), { ...plain, day: '2026-03-01' }])).toBeUndefined()
})

describe('the price of a product', () => {
  const jumps = (...entries: Entry[]) => found(entries, '2026-03-31')['price-jump']
  const priced = (day: string, price: number, sold = 10) => milk(day, { price, sold })

  test.each([
    [3, undefined],
    [3.01, ['milk: 2.00 → 3.01']],
    [1, undefined],
    [0.99, ['milk: 2.00 → 0.99']],
  ])('that was 2 and is %d now has jumped: %s', (price, said) => {
    expect(jumps(priced('2026-02-01', 2), priced('2026-03-01', price))).toEqual(said)
  })

  test('is the mean of a month, by units, against that of the last month before that knows one', () => {
    expect(
      jumps(
        priced('2026-01-01', 90),
        priced('2026-02-01', 1, 1),
        priced('2026-02-02', 3, 3),
        priced('2026-03-01', 1, 10),
        priced('2026-03-02', 5, 30),
      ),
    ).toEqual(['milk: 2.50 → 4.00'])
    const { price: _, ...unpriced } = priced('2026-02-01', 0)
    expect(jumps(priced('2026-01-01', 2), unpriced, priced('2026-03-01', 9))).toEqual([
      'milk: 2.00 → 9.00',
    ])
  })

  test('of which one month is not known has not jumped', () => {
    expect(jumps(priced('2026-02-01', 2))).toBeUndefined()
    expect(jumps(priced('2026-03-01', 2))).toBeUndefined()
    const bread = { ...priced('2026-03-01', 2), product: 'bread' }
    expect(jumps(priced('2026-02-01', 2), bread)).toBeUndefined()
  })
})

test('the price of a product in two stores is that of its last month in both', () => {
  const priced = (product: string, day: string, price: number) => milk(day, { product, price })
  const totals = totalsOf([
    priced('s1', '2026-02-01', 4),
    priced('s1', '2026-03-01', 8),
    priced('s2', '2026-01-01', 9),
    priced('s2', '2026-03-01', 8),
  ])
  const series = ['s1', 's2'].map((storeId) => ({ productId: 'milk', storeId }))
  const findings = checksOf({ ...totals, series }, { lastVisibleDay: dayOf('2026-03-01') })
  expect(findings).toEqual([{ rule: 'price-jump', role: 'price', values: ['milk: 4.00 → 8.00'] }])
})

test('what is found is said of the column that it is about', () => {
  const old = Array.from({ length: 3 }, (_, index) => milk(`2024-0${index + 1}-01`))
  const now = milk('2026-03-01', { sold: 99, price: 9 })
  const toys = milk('2026-03-01', { product: 'toys', category: 'toys' })
  const roles = (totals: DailyTotals, changes: Partial<Contract> = {}) =>
    checksOf(totals, {
      contract: { ...contract, ...changes },
      lastVisibleDay: dayOf('2026-03-09'),
    }).map(({ rule, role }) => [rule, role])
  expect(roles(totalsOf([...old, now, toys]), { maxAgeDays: 1 })).toEqual([
    ['stale', 'saleDate'],
    ['days-apart', 'saleDate'],
    ['new-category', 'category'],
    ['price-jump', 'price'],
  ])
  expect(roles(totalsOf([{ product: 'a', day: 20_000, bought: 1 }]))).toEqual([
    ['no-sales', 'saleDate'],
  ])
  const units = [
    [4, 9, 2, 7, 5],
    [30, 12, 21, 17, 40],
    [60, 55, 71, 48, 52],
    [94, 76, 94, 72, 97],
  ]
  const parts = totalsOf(
    units.flatMap((of, part) =>
      of.map((sold, i): Entry => ({ product: `${part}`, day: 20_000 + i, sold })),
    ),
  )
  expect(roles(parts)).toEqual([['total-counted', 'product']])
  const stores = parts.series.map(({ productId }) => ({ productId: 'a', storeId: productId }))
  expect(roles({ ...parts, series: stores })).toEqual([['total-counted', 'store']])
})

test('files with the same sales are refused, unless the contract has them counted', () => {
  const files = [{}, {}]
  const sales = monthly(3)
  const said = ['2.csv and 1.csv: 2026-01-01 to 2026-03-01, 3 of 3 sales are in both']
  expect(found(sales, '2026-03-01', { files })).toEqual({ 'files-overlap': said })
  expect(found(sales, '2026-03-01', { files, changes: { overlaps: 'count' } })).toEqual({})
})

test('sums among the sales are told by what they are a sum of', () => {
  const days = Array.from({ length: 9 }, (_, index): Day => Number(dayOf('2026-01-01')) + index)
  const sold = (product: string, units: (index: number) => number): Entry[] =>
    days.map((day, index) => ({ product, day, sold: units(index) }))
  const parts = ['a', 'b', 'c'].flatMap((product, part) => sold(product, (i) => 9 * i + part + 1))
  const all = (name: string, extra = 0) => sold(name, (i) => 27 * i + 6 + extra)
  expect(found([...parts, ...all('x')], '2026-01-09')).toEqual({ 'total-counted': ['x'] })
  expect(found([...parts, ...all('Total', 1)], '2026-01-09')).toEqual({ 'may-be-total': ['Total'] })
})
