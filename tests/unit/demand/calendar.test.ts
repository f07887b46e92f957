import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checker } from '../../../src/base/schema.ts'
import {
  daysIn,
  Frequency,
  firstDay,
  lastDay,
  periodLabel,
  periodOf,
  season,
} from '../../../src/demand/calendar.ts'
import { dayOf } from './totals.ts'

const day = fc.integer({ min: dayOf('1900-01-01'), max: dayOf('2200-12-31') })
const frequency = fc.constantFrom<Frequency>('day', 'week', 'month')

describe('calendar', () => {
  it('repeats itself after a week of days, a year of weeks or months, and knows no other periods', () => {
    const frequencies = ['day', 'week', 'month'] as const
    expect(frequencies.map(season)).toEqual([7, 52, 12])
    const check = checker(Frequency)
    for (const every of frequencies) expect(check(every, 'recipe.yml')).toBe(every)
    for (const every of ['year', '']) expect(() => check(every, 'recipe.yml')).toThrow()
  })

  it('puts every day into exactly one period, so that no sale is counted twice or lost', () => {
    fc.assert(
      fc.property(frequency, day, (every, someDay) => {
        const period = periodOf(every, someDay)
        expect(firstDay(every, period)).toBeLessThanOrEqual(someDay)
        expect(lastDay(every, period)).toBeGreaterThanOrEqual(someDay)
        expect(periodOf(every, firstDay(every, period) - 1)).toBe(period - 1)
        expect(periodOf(every, lastDay(every, period) + 1)).toBe(period + 1)
      }),
    )
  })

  it.each([
    ['2024-02-15', 29],
    ['2025-02-15', 28],
    ['1969-12-31', 31],
  ])('gives the month of %s its %i days, before 1970 as well', (someDay, days) => {
    expect(daysIn('month', periodOf('month', dayOf(someDay)))).toBe(days)
  })

  it.each([
    ['day', '2026-10-31', '2026-10-31'],
    ['month', '2026-10-31', '2026-10'],
    ['month', '1969-12-31', '1969-12'],
    ['week', '2026-10-31', '2026-W44'],
    ['week', '2024-12-30', '2025-W01'],
    ['week', '2027-01-03', '2026-W53'],
    ['week', '2021-01-04', '2021-W01'],
  ] as const)('writes the %s of %s as ISO 8601 does: %s', (every, someDay, label) => {
    expect(periodLabel(every, periodOf(every, dayOf(someDay)))).toBe(label)
  })
})
