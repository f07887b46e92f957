import { describe, expect, test } from 'vitest'
import { stockOuts } from '../../../src/demand/stock-outs.ts'
import { settleUndatedSales } from '../../../src/sales/checks/undated-sales.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { knownOn, totalsAsOf } from '../../../src/sales/totals/known-totals.ts'
import { dayOf, type Entry, totalsOf } from '../demand/totals.ts'

const START = dayOf('2026-01-05')
const NEVER = Number.NaN

/** Two units come every tenth day and are gone on the next but one. */
const everyTenDays: Entry[] = Array.from(
  { length: 10 },
  (_, delivery) => START + delivery * 10,
).flatMap((day): Entry[] => [
  { product: 'a', day, bought: 2 },
  { product: 'a', day: day + 1, sold: 1 },
  { product: 'a', day: day + 2, sold: 1 },
])

const sale = { productId: 'a', storeId: undefined, units: 1, purchaseDay: START, expiryDay: NEVER }

test('a unit whose sale cannot be dated hides no stock-out for good', () => {
  const outs = (totals: DailyTotals) => stockOuts(knownOn(totals), START + 99, 'day').flat().length
  const plain = totalsOf(everyTenDays, { purchaseDate: true })
  const withOne = withBought(plain, 0, 1)
  expect(outs(plain)).toBe(10)
  expect(outs(withOne)).toBe(0)
  const settled = settleUndatedSales(withOne, [sale])
  // Four weeks on the shelf, and then until something happens.
  expect(leavings(settled)).toEqual([[30, 1]])
  expect(outs(settled)).toBe(7)
})

test('it stays while units that came before it are still there, and no longer than it keeps', () => {
  const full = totalsOf([{ product: 'a', day: START - 1, bought: 100 }, ...everyTenDays], {
    purchaseDate: true,
  })
  expect(settleUndatedSales(full, [sale])).toEqual(full)
  const keeps = { ...sale, expiryDay: START + 33 }
  expect(leavings(settleUndatedSales(full, [keeps]))).toEqual([[33, 1]])
})

test('before the day on which it leaves nothing tells it from a unit that is not sold yet', () => {
  const totals = withBought(totalsOf(everyTenDays, { purchaseDate: true }), 0, 1)
  const settled = settleUndatedSales(totals, [sale])
  expect(totalsAsOf(settled, START + 29)).toEqual(totalsAsOf(totals, START + 29))
  expect(totalsAsOf(settled, START + 30)).not.toEqual(totalsAsOf(totals, START + 30))
})

describe('units whose sale cannot be dated', () => {
  const columns = { purchaseDate: true }
  const left = (entries: Entry[], ...sales: (typeof sale)[]) =>
    leavings(settleUndatedSales(totalsOf(entries, columns), sales))
  const shelf = (...days: [day: number, changes: Partial<Entry>][]): Entry[] =>
    days.map(([day, changes]) => ({ product: 'a', day: START + day, ...changes }))

  test('leave four weeks after their purchase, not a day earlier, on a day on which all before them are gone', () => {
    expect(left(shelf([0, { bought: 1 }], [27, { bought: 1 }], [28, { bought: 1 }]), sale)).toEqual(
      [],
    )
    expect(
      left(shelf([0, { bought: 2 }], [5, { sold: 1 }], [27, { sold: 1 }], [28, { sold: 0 }]), sale),
    ).toEqual([[28, 1]])
    expect(
      left(shelf([0, { bought: 2 }], [5, { sold: 1 }], [29, { sold: 1 }], [30, {}]), sale),
    ).toEqual([[29, 1]])
  })

  test('wait for what stood there when they came, and not for what came after', () => {
    const before: Entry[] = shelf([-3, { bought: 5 }], [-2, { sold: 2 }], [-1, { returned: 1 }])
    const waits = (sold: number) =>
      left([...before, ...shelf([0, { bought: 1 }], [1, { bought: 9 }], [40, { sold }])], sale)
    expect(waits(4)).toEqual([])
    expect(waits(5)).toEqual([[40, 1]])
    const expired = [
      ...before,
      ...shelf([0, { bought: 1 }], [9, { expired: 3 }], [40, { sold: 2 }]),
    ]
    expect(left(expired, sale)).toEqual([
      [9, 3],
      [40, 1],
    ])
  })

  test('make room for each other, the oldest first, however the rows stand', () => {
    const later = { ...sale, purchaseDay: START + 1, units: 2 }
    const entries = shelf(
      [0, { bought: 1 }],
      [1, { bought: 2 }],
      [28, { sold: 1 }],
      [29, { sold: 1 }],
      [30, { sold: 1 }],
    )
    expect(left(entries, sale, later)).toEqual(left(entries, later, sale))
    expect(left(entries, later, sale)).toEqual([
      [28, 1],
      [29, 2],
    ])
  })

  test('do not make the stock of a shop that sold more than it bought less than none', () => {
    expect(left(shelf([-2, { sold: 9 }], [0, { bought: 1 }], [30, { sold: 1 }]), sale)).toEqual([
      [30, 1],
    ])
  })

  test('leave on their expiry date where nothing lets them go before it', () => {
    const keeps = (days: number) => ({ ...sale, expiryDay: START + days })
    const entries = shelf([0, { bought: 2 }], [30, { sold: 2 }])
    expect(left(entries, keeps(30))).toEqual([[30, 1]])
    expect(left(entries, keeps(29))).toEqual([[29, 1]])
    expect(left(entries, keeps(31))).toEqual([[30, 1]])
  })

  test('leave the shelf of their own product and store, and what is without them stays as it is', () => {
    const two = totalsOf(
      [...everyTenDays, ...everyTenDays.map((entry) => ({ ...entry, product: 'b' }))],
      columns,
    )
    const settled = settleUndatedSales(two, [{ ...sale, productId: 'b' }])
    const of = (product: string) =>
      [...settled.expired].filter(
        (_, i) => settled.series[settled.seriesIndex[i]].productId === product,
      )
    expect(of('a').some(Boolean)).toBe(false)
    expect(of('b').some(Boolean)).toBe(true)
    expect(settled.series).toEqual(two.series)
    expect(settleUndatedSales(two, [])).toBe(two)
  })

  test('of a store leave that store', () => {
    const totals = {
      ...totalsOf(everyTenDays, columns),
      series: [{ productId: 'a', storeId: 's' }],
    }
    const settled = settleUndatedSales(totals, [{ ...sale, storeId: 's' as unknown as undefined }])
    expect(settled.series).toEqual([{ productId: 'a', storeId: 's' }])
    expect(leavings(settled)).toHaveLength(1)
    expect(leavings(settleUndatedSales(totals, [sale]))).toEqual([])
  })
})

function withBought(totals: DailyTotals, entry: number, units: number): DailyTotals {
  const bought = totals.bought.slice()
  bought[entry] += units
  return { ...totals, bought }
}

/** Days since the start on which units left without a sale, and how many. */
function leavings({ day, expired }: DailyTotals): [number, number][] {
  return [...expired].flatMap((units, entry): [number, number][] =>
    units === 0 ? [] : [[day[entry] - START, units]],
  )
}
