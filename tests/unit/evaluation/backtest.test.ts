import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { backtestChampion, backtestRecipe, scoredRows } from '../../../src/evaluation/backtest.ts'
import { evaluationOf } from '../../../src/evaluation/gate/comparison.ts'
import { metrics } from '../../../src/evaluation/scoring/origin-scores.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { forecast, forecastSpan, horizonUntil, modelName } from '../../../src/forecasting/model.ts'
import type { Recipe } from '../../../src/forecasting/recipe.ts'
import { totalsOf } from '../demand/totals.ts'
import { barePolicy } from './examples.ts'
import { anotherFuture, OPENING, recipeOf, shopSales } from './shop.ts'

const sales = shopSales(26)
const totals = totalsOf(sales)
const asked = { origins: 4, step: 3 }

describe('a backtest', () => {
  const recipe = recipeOf()

  it('forecasts at each origin what training and forecasting then would have', async () => {
    const history = openHistory(totals)
    const rows = scoredRows(history, recipe, asked)
    const { forecasts, chosen } = await backtestRecipe(history, recipe, rows)
    expect(rows).toHaveLength(4)
    for (const [k, { day }] of rows.entries()) {
      const then = openHistory(totals, { asOf: day })
      const { model } = await trainAsOf(then, recipe)
      const { mean, quantiles } = forecast(model, then.panel(recipe))
      expect(forecasts[k]).toEqual({ mean, quantiles })
      expect(chosen[k]).toBe(modelName(model))
    }
  })

  it('shows nothing that came after an origin to either side', async () => {
    const history = openHistory(totals)
    const [row] = scoredRows(history, recipe, asked)
    const other = openHistory(anotherFuture(row.day, sales))
    const told = await backtestRecipe(other, recipe, [row])
    expect(told).toEqual(await backtestRecipe(history, recipe, [row]))
    const champion = (await trainAsOf(history, recipe)).model
    const made = await backtestChampion(history, champion, [row], 'week')
    expect(await backtestChampion(other, champion, [row], 'week')).toEqual(made)
  })

  it('takes the champion as deployed from the day on through which it was trained', async () => {
    const history = openHistory(totals)
    const rows = scoredRows(history, recipe, asked)
    const champion = (await trainAsOf(history, recipe, rows[2].day)).model
    const lastWeekAgain = { family: 'moving-average', settings: { window: 1 }, weight: 1 } as const
    const marked = { ...champion, members: [{ ...lastWeekAgain, parameters: { window: 1 } }] }
    const { chosen, forecasts, model } = await backtestChampion(history, marked, rows, 'week')
    expect(model).toBe('moving-average (window 1)')
    expect(chosen.map((name) => name === 'as deployed')).toEqual([false, false, true, true])
    const refitted = await backtestRecipe(history, recipe, rows)
    expect(forecasts.slice(0, 2)).toEqual(refitted.forecasts.slice(0, 2))
    rows.slice(2).forEach(({ day }, k) => {
      const lastWeek = history.panel(recipe, day)
      const { mean } = forecasts[2 + k]
      const sold = lastWeek.units.filter((_, cell) => (cell + 1) % lastWeek.periods === 0)
      expect(mean.filter((_, cell) => cell % 3 === 0)).toEqual(sold)
    })
  })

  it('judges by what sold where there was stock, even a recipe that does not look at stock', async () => {
    const empty = sales.map((entry) =>
      entry.product === 'c' && Number(entry.day) >= OPENING + 24 * 7
        ? { ...entry, sold: 0, stock: 0 }
        : entry,
    )
    const history = openHistory(totalsOf(empty, { stock: true }))
    const blind = scoredRows(history, recipeOf({ censoring: false }), asked)
    expect(blind).toEqual(scoredRows(history, recipe, asked))
    const { series, actual } = blind[3]
    const c = series.findIndex(({ productId }) => productId === 'c')
    expect([...actual.subarray(c * 3, c * 3 + 3)]).toEqual([
      expect.any(Number),
      Number.NaN,
      Number.NaN,
    ])
  })

  it('of a short history scores nothing, and the comparison says why it cannot judge', async () => {
    const history = openHistory(totalsOf(shopSales(5)))
    const rows = scoredRows(history, recipe, asked)
    expect(rows).toEqual([])
    const contender = { ...(await backtestRecipe(history, recipe, rows)), model: 'any' }
    const { decision } = evaluationOf({
      rows,
      challenger: contender,
      champion: contender,
      baseline: contender,
      levels: LEVELS,
      frequency: 'week',
      horizon: 3,
      policy: barePolicy,
      sameModel: false,
    })
    expect(decision).toMatchObject({ decision: 'keep', verdict: 'not distinguishable' })
    expect(decision).toMatchObject({
      doubts: expect.arrayContaining([
        expect.objectContaining({ doubt: 'too few origins', origins: 0 }),
      ]),
    })
  })
})

describe('a champion of another recipe', () => {
  const daily = recipeOf({ frequency: 'day', horizon: 14, search: { origins: 2, step: 14 } })
  const weekly = recipeOf()
  const monthly = recipeOf({ frequency: 'month', horizon: 2, search: { origins: 1, step: 2 } })

  async function champions(
    champion: Recipe,
    challenger: Recipe,
    origins = { origins: 3, step: 2 },
  ) {
    const history = openHistory(totals)
    const rows = scoredRows(history, challenger, origins)
    const deployed = (await trainAsOf(history, champion, rows[0].day)).model
    const retrained = (await trainAsOf(history, champion)).model
    return { history, rows, deployed, retrained }
  }

  it.each([
    ['weeks, a challenger in days', weekly, daily],
    ['months, a challenger in days', monthly, daily],
    ['months, a challenger in weeks', monthly, weekly],
    ['days, a challenger in weeks', daily, weekly],
    ['a shorter horizon, a challenger of a longer one', recipeOf({ horizon: 1 }), weekly],
  ])('is judged on every row of the challenger: in %s', async (_what, champion, challenger) => {
    const { history, rows, deployed, retrained } = await champions(champion, challenger)
    expect(rows).toHaveLength(3)
    for (const model of [deployed, retrained]) {
      const made = await backtestChampion(history, model, rows, challenger.frequency)
      const found = metrics(rows, made.forecasts, LEVELS)
      expect(Object.keys(found)).toHaveLength(7)
      expect(found.wape).toBeLessThan(1)
      expect(Math.abs(found.bias!)).toBeLessThan(0.25)
    }
  })

  it('in weeks says for the days of a week what it would say to a buyer on that day', async () => {
    const { history, rows, deployed } = await champions(weekly, daily)
    const made = await backtestChampion(history, deployed, rows, 'day')
    rows.forEach(({ day, horizon }, k) => {
      const panel = history.panel(weekly, day)
      const own = forecast(deployed, panel, horizonUntil(panel, day + horizon))
      for (const h of [1, 5, 14]) {
        const spans = forecastSpan(deployed, panel, own, day + h, day + h)
        spans.forEach((span, i) => {
          expect(made.forecasts[k].mean[i * horizon + h - 1]).toBe(span.mean)
        })
      }
    })
  })

  it('in weeks forecasts the rest of a week that has begun at the level of whole ones', async () => {
    const { history, deployed } = await champions(weekly, daily)
    const wednesday = dayFromIso('2024-06-12')!
    const panel = history.panel(weekly, wednesday)
    const own = forecast(deployed, panel, 2)
    const whole = forecastSpan(deployed, panel, own, wednesday - 2, wednesday + 4)
    const rest = forecastSpan(deployed, panel, own, wednesday + 1, wednesday + 4)
    rest.forEach(({ mean }, i) => {
      expect(mean).toBeGreaterThan(whole[i].mean * 0.4)
      expect(mean).toBeLessThan(whole[i].mean * 0.9)
    })
  })

  it('in days adds up to the weeks of the challenger', async () => {
    const { history, rows, deployed } = await champions(daily, weekly)
    const made = await backtestChampion(history, deployed, rows, 'week')
    rows.forEach(({ day }, k) => {
      const { mean } = forecast(deployed, history.panel(daily, day), 21)
      for (let cell = 0; cell < made.forecasts[k].mean.length; cell++) {
        const days = mean.subarray(cell * 7, cell * 7 + 7)
        expect(made.forecasts[k].mean[cell]).toBeCloseTo(
          days.reduce((sum, it) => sum + it, 0),
          9,
        )
      }
    })
  })
})
