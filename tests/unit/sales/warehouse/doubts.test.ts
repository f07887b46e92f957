import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '../../../../src/base/day.ts'
import { nothing } from '../../../../src/sales/warehouse/day-changes.ts'
import {
  type Doubtful,
  lateDays,
  type Outcome,
  refuseDoubts,
  runsOfDays,
} from '../../../../src/sales/warehouse/doubts.ts'

const NOBODY: ReadonlySet<Doubtful> = new Set()

/** New rows on these days, where the files have those before. */
function outcome(days: Day[], before: Day[] = []): Outcome {
  const sums = { rows: 5, units: 5, value: 0 }
  return {
    changes: days.map((day) => ({
      ...{ day, change: 'new', before: nothing, now: sums, series: { before: 0, kept: 0 } },
    })),
    before: new Set(before),
    after: new Set([...before, ...days]),
  }
}

const NEVER = () => false

const week = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 })

/** The days of a year on which a shop is open that opens on these days of a week. */
function openDays(open: number[]): Day[] {
  return Array.from({ length: 365 }, (_, day) => 20_000 + day).filter((day) =>
    open.includes(day % 7),
  )
}

test('a shop is never asked about the days of the week on which it is closed', () => {
  fc.assert(
    fc.property(week, (open) => {
      const days = openDays(open)
      expect(() => refuseDoubts(outcome(days), NOBODY, NEVER)).not.toThrow()
      expect(lateDays(outcome(days), (days.at(-1) ?? 0) + 6, NEVER)).toEqual(
        Array.from({ length: 6 }, (_, index) => (days.at(-1) ?? 0) + 1 + index).filter((day) =>
          open.includes(day % 7),
        ),
      )
    }),
  )
})

test('days that are asked for long before those that are there leave no gap unseen', () => {
  const shop = openDays([0, 1, 2, 3, 4, 5, 6])
  const backfill = outcome(shop.slice(0, 30), shop.slice(200))
  expect(() => refuseDoubts(backfill, NOBODY, NEVER)).toThrow('no rows came for 170 days')
})

test('any run of days that is missing within a year is asked about, unless it is accepted or was there', () => {
  fc.assert(
    fc.property(week, fc.nat(), fc.integer({ min: 1, max: 100 }), (open, at, length) => {
      const all = openDays(open)
      const from = 1 + (at % Math.max(1, all.length - length - 2))
      const days = all.filter((_, index) => index < from || index >= from + length)
      if (days.length === from) return
      const missing = () => refuseDoubts(outcome(days), NOBODY, NEVER)
      expect(missing).toThrow('--accept gap')
      expect(() => refuseDoubts(outcome(days), new Set(['gap']), NEVER)).not.toThrow()
      expect(() => refuseDoubts(outcome([], days), NOBODY, NEVER)).not.toThrow()
    }),
  )
})

test('days on which everything may be closed are not asked about, those beside them are', () => {
  const shop = openDays([0, 1, 2, 3, 4, 5, 6])
  const closed = new Set(shop.slice(100, 103))
  const open = shop.filter((day) => !closed.has(day))
  const mayBeClosed = (day: Day) => closed.has(day)
  expect(() => refuseDoubts(outcome(open), NOBODY, NEVER)).toThrow('no rows came for 3 days')
  expect(() => refuseDoubts(outcome(open), NOBODY, mayBeClosed)).not.toThrow()
  const without = open.filter((day) => day !== shop[103])
  expect(() => refuseDoubts(outcome(without), NOBODY, mayBeClosed)).toThrow(
    'no rows came for 1 day',
  )
  const last = Math.max(...shop)
  expect(lateDays(outcome(shop), last + 2, (day) => day === last + 1)).toEqual([last + 2])
})

test('days are told as runs, and no more of them than somebody reads', () => {
  expect(runsOfDays([20_000, 20_001, 20_003])).toBe('2024-10-04 to 2024-10-05, 2024-10-07')
  expect(runsOfDays([0, 2, 4, 6], 2)).toBe('1970-01-01, 1970-01-03 and 2 more runs of days')
})
