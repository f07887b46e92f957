import { expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { unitsSoldIn } from '../../../src/demand/units-sold.ts'
import { type Entry, totalsOf } from './totals.ts'

const day = (iso: string) => dayFromIso(iso)!
const first = day('2026-03-02')

/** Sells 3 on every day but the 10th to the 12th: it has sold the last ones on the 9th. */
const daily: Entry[] = Array.from({ length: 28 }, (_, i): Entry[] => {
  const isOut = i >= 9 && i < 12
  return [
    { product: 'a', day: first + i, sold: isOut ? 0 : 3, stock: i >= 8 && i < 12 ? 0 : 9 },
    { product: 'b', day: first + i, sold: i, stock: 50 },
  ]
}).flat()
const sold = unitsSoldIn(totalsOf(daily, { stock: true }), first + 27)

it('says what sold on all of the days that a forecast was of, and on how many nothing could', () => {
  expect(sold('a', first, first + 27)).toEqual({ units: 75, censoredDays: 3 })
  expect(sold('a', first + 10, first + 13)).toEqual({ units: 6, censoredDays: 2 })
  expect(sold('b', first + 5, first + 5)).toEqual({ units: 5, censoredDays: 0 })
  expect(sold('b', first - 30, first - 1)).toEqual({ units: 0, censoredDays: 0 })
})

it('says nothing of days that are not over, nor of what was never sold', () => {
  expect(sold('a', first, first + 28)).toBeUndefined()
  expect(sold('c', first, first + 1)).toBeUndefined()
})

it('says of weekly totals only what whole weeks sold', () => {
  const weekly = Array.from({ length: 12 }, (_, i) => {
    return { product: 'a', day: first + 7 * i + 4, sold: 10 + i }
  })
  const inWeeks = unitsSoldIn(totalsOf(weekly), first + 83)
  expect(inWeeks('a', first, first + 13)).toEqual({ units: 21, censoredDays: 0 })
  expect(inWeeks('a', first, first + 12)).toBeUndefined()
  expect(inWeeks('a', first + 1, first + 13)).toBeUndefined()
})
