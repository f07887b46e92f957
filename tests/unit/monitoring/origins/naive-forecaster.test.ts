import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../../src/base/day.ts'
import { lastDay, periodOf } from '../../../../src/demand/calendar.ts'
import { buildPanel } from '../../../../src/demand/panel.ts'
import { backtestRecipe } from '../../../../src/evaluation/backtest.ts'
import { originRows } from '../../../../src/evaluation/scoring/origin-rows.ts'
import { openHistory } from '../../../../src/evaluation/search/history.ts'
import { baselineRecipe } from '../../../../src/forecasting/recipe.ts'
import { naiveForecaster } from '../../../../src/monitoring/origins/naive-forecaster.ts'
import { totalsOf } from '../../demand/totals.ts'
import { OPENING, recipeOf, shopSales } from '../../evaluation/shop.ts'

const entries = shopSales(30).map((entry) => ({
  ...entry,
  // Some days run out of stock: how much is known of a week depends on when one looks.
  bought: Number(entry.day) % 9 < 6 ? (entry.sold ?? 0) : 0,
}))
const totals = totalsOf(entries, { purchaseDate: true })

describe.each([true, false])(
  'seasonal naive at an origin of production, where a recipe says censoring: %s',
  (censoring) => {
    const recipe = recipeOf({ censoring, search: { origins: 3, step: 2 } })
    const panelAt = (day: number, withStock = censoring) =>
      buildPanel(totals, { frequency: 'week', asOf: day, ignoreStock: !withStock })
    const history = openHistory(totals)
    const later = history.panel({ frequency: 'week', censoring: true })
    const first = periodOf('week', OPENING)

    it('is number for number the baseline of a backtest there, in whatever order one looks', async () => {
      const naiveAt = naiveForecaster(recipe, panelAt)
      for (const weeks of [24, 20, 26, 4, 25, 29]) {
        const day = lastDay('week', first + weeks - 1)
        const rows = originRows(panelAt(day, true), later, Math.min(3, 30 - weeks))
        const { forecasts } = await backtestRecipe(history, baselineRecipe(recipe), [rows])
        const naive = naiveAt(panelAt(day), rows.horizon)
        expect(naive, isoFromDay(day)).toEqual(forecasts[0])
      }
    })

    it('builds no panel twice, so that a year of them takes no longer than it has to', () => {
      const built: number[] = []
      const naiveAt = naiveForecaster(recipe, (day) => {
        built.push(day)
        return panelAt(day)
      })
      for (let weeks = 20; weeks < 30; weeks++)
        naiveAt(panelAt(lastDay('week', first + weeks - 1)), 1)
      expect(new Set(built).size).toBe(built.length)
    })
  },
)
