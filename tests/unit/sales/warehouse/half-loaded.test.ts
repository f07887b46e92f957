import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '../../../../src/base/day.ts'
import { halfLoadedDays } from '../../../../src/sales/warehouse/half-loaded.ts'

const TODAY: Day = 20_000
/** 500 rows on a weekday, 800 on two days of the week, as of a chain. */
const usual = (day: Day) => (day % 7 < 2 ? 800 : 500)
const sums = (rows: number, units = rows * 3) => ({ rows, units, value: 0 })
const before = new Map(
  Array.from({ length: 28 }, (_, index) => TODAY - 28 + index).map((day) => [
    day,
    sums(usual(day)),
  ]),
)

test('a day that is loaded until noon is told, by its rows or by its units, an ordinary one is not', () => {
  const day = TODAY
  expect(halfLoadedDays(new Map([[day, sums(usual(day) * 0.4)]]), before)).toEqual([day])
  expect(halfLoadedDays(new Map([[day, sums(usual(day), usual(day))]]), before)).toEqual([day])
  expect(halfLoadedDays(new Map([[day, sums(usual(day) * 0.6)]]), before)).toEqual([])
})

test('a small day that a whole one follows is one of a storm, and is taken', () => {
  const days = [TODAY, TODAY + 1, TODAY + 2]
  const shares = (...of: number[]) =>
    new Map(days.map((day, index) => [day, sums(usual(day) * of[index])]))
  expect(halfLoadedDays(shares(0.1, 1, 0.1), before)).toEqual([TODAY + 2])
  expect(halfLoadedDays(shares(1, 0.1, 0.1), before)).toEqual([TODAY + 1, TODAY + 2])
})

test('a shop that sells a few units a day is never told that a slow day is none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 16 }), (usual, now) => {
      const known = new Map([7, 14, 21].map((back) => [TODAY - back, sums(1, usual)]))
      expect(halfLoadedDays(new Map([[TODAY, sums(1, now)]]), known)).toEqual([])
    }),
  )
})

test('of a weekday that is hardly known, nothing is told', () => {
  const known = new Map([[TODAY - 7, sums(500)]])
  expect(halfLoadedDays(new Map([[TODAY, sums(1)]]), known)).toEqual([])
})
