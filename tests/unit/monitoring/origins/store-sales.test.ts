import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../../src/base/day.ts'
import { salesByStore, shareToCome } from '../../../../src/monitoring/origins/store-sales.ts'
import { type Entry, totalsOf } from '../../demand/totals.ts'

const MONDAY = dayFromIso('2026-06-01')!
const weeks = 30

describe('the sales of a store are known', () => {
  it('through the day of its last sale, whatever another store has sold or it has bought since', () => {
    const sales = storesOf([
      { product: 'centre', day: MONDAY, sold: 1 },
      { product: 'centre', day: MONDAY + 9, sold: 0 },
      { product: 'harbour', day: MONDAY + 4, sold: 2 },
      { product: 'harbour', day: MONDAY + 8, bought: 5 },
    ])
    expect([...sales].map(([store, { through }]) => [store, through])).toEqual([
      ['centre', MONDAY + 9],
      ['harbour', MONDAY + 4],
    ])
  })

  it('through the period that its last total is of', () => {
    const fridays = Array.from({ length: weeks }, (_, week) => MONDAY + 7 * week + 4)
    const sales = storesOf(fridays.map((day) => ({ product: 'centre', day, sold: 10 })))
    expect(sales.get('centre')!.through).toBe(fridays.at(-1)! + 6)
  })

  it('in no store that never sold', () => {
    expect(storesOf([{ product: 'centre', day: MONDAY, bought: 3 }]).size).toBe(0)
  })
})

it('what is still to come of a week is what usually sells on its last weekdays', () => {
  const days = Array.from({ length: 7 * weeks - 2 }, (_, i) => MONDAY + i)
  const sales = storesOf(
    days.map((day, i) => ({ product: 'centre', day, sold: [1, 1, 1, 1, 2, 4, 0][i % 7] })),
  ).get('centre')!
  const last = MONDAY + 7 * (weeks - 1)
  expect(shareToCome(sales, { from: last, to: last + 6 })).toBe(0.4)
  expect(shareToCome(sales, { from: last, to: last + 4 })).toBe(0)
  expect(shareToCome(sales, { from: last + 7, to: last + 13 })).toBe(1)
  expect(shareToCome(sales, { from: last + 6, to: last + 6 })).toBe(0)
})

/** Of entries that name a store for the product. */
function storesOf(entries: Entry[]) {
  const totals = totalsOf(entries)
  const series = totals.series.map(({ productId }) => ({ productId: 'P', storeId: productId }))
  return salesByStore({ ...totals, series })
}
