import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  civilFromDay,
  dayFromCivil,
  dayFromIso,
  isoFromDay,
  weekday,
} from '../../../src/base/day.ts'

describe('a day', () => {
  it('is counted from 1970-01-01', () => {
    expect(dayFromIso('1970-01-01')).toBe(0)
    expect(dayFromIso('2026-10-31')).toBe(20_757)
    expect(isoFromDay(-1)).toBe('1969-12-31')
  })

  it('survives the way to a date and back, whatever the day', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (day) => {
        const { year, month, dayOfMonth } = civilFromDay(day)
        expect(dayFromCivil(year, month, dayOfMonth)).toBe(day)
      }),
    )
  })

  it('agrees with the calendar of the runtime', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (day) => {
        const date = new Date(day * 86_400_000)
        expect(isoFromDay(day)).toBe(date.toISOString().slice(0, 10))
        expect(weekday(day)).toBe((date.getUTCDay() + 6) % 7)
      }),
    )
  })

  it.each([
    '2025-02-29',
    '2025-02-31',
    '2025-13-01',
    '2025-00-10',
    '25-01-01',
    '2025-1-1',
    '',
    'x',
  ])('is refused where the calendar has none: %s', (text) => {
    expect(dayFromIso(text)).toBeUndefined()
  })
})
