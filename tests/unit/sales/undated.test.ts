import { expect, test } from 'vitest'
import { stockOuts } from '../../../src/demand/stock-outs.ts'
import { settleUndatedSales } from '../../../src/sales/checks/undated-sales.ts'
import { type DailyTotals, totalsAsOf } from '../../../src/sales/totals/daily-totals.ts'
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
  const outs = (totals: DailyTotals) => stockOuts(totals, START + 99, 'day').length
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
  expect(leavings(settleUndatedSales(full, [sale]))).toEqual([])
  const keeps = { ...sale, expiryDay: START + 33 }
  expect(leavings(settleUndatedSales(full, [keeps]))).toEqual([[33, 1]])
})

test('before the day on which it leaves nothing tells it from a unit that is not sold yet', () => {
  const totals = withBought(totalsOf(everyTenDays, { purchaseDate: true }), 0, 1)
  const settled = settleUndatedSales(totals, [sale])
  expect(totalsAsOf(settled, START + 29)).toEqual(totalsAsOf(totals, START + 29))
  expect(totalsAsOf(settled, START + 30)).not.toEqual(totalsAsOf(totals, START + 30))
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
