import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { periodOf } from '../../../src/demand/calendar.ts'
import { calendarFeatures } from '../../../src/forecasting/features/calendar-features.ts'
import { directFeatures } from '../../../src/forecasting/features/direct-features.ts'
import type { DemandFeatures } from '../../../src/forecasting/features/learning-rows.ts'
import { ridgeFeatures } from '../../../src/forecasting/features/ridge-features.ts'
import { panelOf } from './panels.ts'

describe('the calendar of a target', () => {
  it.each(['day', 'week', 'month'] as const)(
    'is the same for ridge and the trees, by %s, so that neither misses a holiday',
    (frequency) => {
      for (const yearly of [true, false]) {
        const panel = panelOf([new Array(130).fill(5)], { frequency, firstPeriod: 600 })
        const settings = { horizon: 4, holidays: 'BR', yearly, categories: [], groups: [] }
        const { names, at } = calendarFeatures(frequency, 'BR', yearly)
        expect(new Set(names).size).toBe(names.length)
        const calendarIn = (features: DemandFeatures) => {
          expect(features.names.slice(-names.length)).toEqual(names)
          const row = new Float64Array(features.names.length)
          features.ofSeries(0)(row, 129, 131)
          return row.slice(-names.length)
        }
        expect(calendarIn(ridgeFeatures(panel, settings))).toEqual(at(731))
        expect(calendarIn(directFeatures(panel, settings))).toEqual(at(731))
      }
    },
  )

  it('of a day knows its weekday, its day of the month, and the holidays beside it', () => {
    const eve = named('day', '2025-12-24')
    expect(eve).toMatchObject({ Wednesday: 1, Thursday: 0, 'day of the month': 24 })
    expect(eve).toMatchObject({ 'public holiday': 0, 'next period: public holiday': 1 })
    expect(named('day', '2025-12-26')['previous period: public holiday']).toBe(1)
  })

  it('of a week knows where in the month it begins, of a month its length and its weekends', () => {
    expect(named('week', '2025-12-24')['day of the month']).toBe(22)
    // Five Saturdays and four Sundays.
    expect(named('month', '2025-05-10')).toMatchObject({
      'length of the month': 31 / 30 - 1,
      'weekend days of the month': 9 / 8 - 1,
    })
  })

  it('tells the time of the year as a place on a circle, so that December is next to January', () => {
    const place = (day: string) => {
      const { 'year sine 1': sine, 'year cosine 1': cosine } = named('day', day)
      return [sine, cosine]
    }
    const distance = (a: string, b: string) =>
      Math.hypot(place(a)[0] - place(b)[0], place(a)[1] - place(b)[1])
    expect(distance('2025-12-31', '2026-01-01')).toBeLessThan(0.03)
    expect(distance('2025-12-31', '2026-07-01')).toBeGreaterThan(1.99)
    expect(Object.keys(named('day', '2025-12-31', false)).join()).not.toContain('year sine')
  })
})

function named(frequency: 'day' | 'week' | 'month', day: string, yearly = true) {
  const { names, at } = calendarFeatures(frequency, 'BR', yearly)
  const values = at(periodOf(frequency, dayFromIso(day)!))
  return Object.fromEntries(names.map((name, index) => [name, values[index]]))
}
