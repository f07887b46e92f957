import { describe, expect, it } from 'vitest'
import { dayFromCivil } from '../../../src/base/day.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import { contextOf, panelOf, quickSettings } from './panels.ts'

const FIRST = dayFromCivil(2022, 12, 1)!
const CHRISTMAS_2022 = dayFromCivil(2022, 12, 25)! - FIRST
const CHRISTMAS_2023 = dayFromCivil(2023, 12, 25)! - FIRST
const LABOUR_DAY_2023 = dayFromCivil(2023, 5, 1)! - FIRST

/** Two products that sell 20 and 30 a day but on the days on which everything is closed. */
function sales(days: number, closed: number[]) {
  const units = [20, 30].map((usual) =>
    Array.from({ length: days }, (_, day) => (closed.includes(day) ? 0 : usual)),
  )
  return panelOf(units, { frequency: 'day', firstPeriod: FIRST })
}

describe.each(Object.values(families))(
  'a chain that is closed at Christmas, by $name',
  (family) => {
    const forecast = (panel: ReturnType<typeof panelOf>, horizon: number) => {
      const context = contextOf('day', horizon)
      return family.forecast(panel, horizon, family.fit(panel, quickSettings(family), context))
    }

    it('is expected to be closed at the next one, and on no other day', () => {
      const made = forecast(sales(CHRISTMAS_2023 - 2, [CHRISTMAS_2022]), 5)
      expect([made[2], made[7]]).toEqual([0, 0])
      for (const [cell, value] of made.entries())
        if (cell % 5 !== 2) expect(value).toBeGreaterThan(15)
    })

    it('is not expected to be closed where it once was open on that holiday', () => {
      const closed = [CHRISTMAS_2023]
      const made = forecast(sales(dayFromCivil(2024, 12, 23)! - FIRST, closed), 5)
      expect(made[2]).toBeGreaterThan(10)
    })

    it('sells as usual a week after the closed day', () => {
      const made = forecast(sales(CHRISTMAS_2023 + 5, [CHRISTMAS_2022, CHRISTMAS_2023]), 3)
      for (const value of made) expect(value).toBeGreaterThan(15)
    })

    it('is known by all products together: one that did not sell says nothing', () => {
      const panel = sales(dayFromCivil(2024, 4, 30)! - FIRST, [])
      panel.units[LABOUR_DAY_2023] = 0
      expect(forecast(panel, 3)[1]).toBeGreaterThan(10)
    })
  },
)
