import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Frequency, periodOf } from '../../../src/demand/calendar.ts'
import { endOf } from '../../../src/demand/panel.ts'
import type { FitStore } from '../../../src/evaluation/search/fit-store.ts'
import type { FitResult } from '../../../src/evaluation/search/fit-task.ts'
import { openHistory, panelsAt, rollingOrigins } from '../../../src/evaluation/search/history.ts'
import { candidates } from '../../../src/forecasting/recipe.ts'
import type { Plan } from '../../../src/sales/plan/plan.ts'
import { totalsOf } from '../demand/totals.ts'
import { panelOf } from '../forecasting/panels.ts'
import { anotherFuture, OPENING, recipeOf, shopSales } from './shop.ts'

describe('a history', () => {
  const sales = shopSales(20)
  const day = OPENING + 10 * 7 - 1

  it.each(['day', 'week', 'month'] as const)(
    'knows nothing on a day that came later, by %s',
    (frequency) => {
      const view = { frequency, censoring: true }
      const told = openHistory(anotherFuture(day, sales)).panel(view, day)
      expect(told).toEqual(openHistory(totalsOf(sales)).panel(view, day))
    },
  )

  it('fits on nothing that came after the day', async () => {
    const recipe = recipeOf({ families: { 'exponential-smoothing': {}, ridge: {} } })
    for (const candidate of candidates(recipe)) {
      const told = await openHistory(anotherFuture(day, sales)).fit(recipe, candidate, day)
      const untold = await openHistory(totalsOf(sales)).fit(recipe, candidate, day)
      expect(told.mean).toEqual(untold.mean)
      expect(told.parameters).toEqual(untold.parameters)
    }
  })

  it('that is opened as on a day shows no later one, whoever asks', () => {
    const view = { frequency: 'week', censoring: true } as const
    const history = openHistory(totalsOf(sales), { asOf: day })
    expect(endOf(history.panel(view, day + 50))).toBe(day)
    expect(history.panel(view, day + 50)).toBe(history.panel(view))
  })

  it('knows no plan that was made or changed after the day, and at its end all there is', () => {
    const view = { frequency: 'week', censoring: true } as const
    const all = openHistory(totalsOf(sales), { plan: planKnown(day, day + 1) })
    expect(all.panel(view, day).plan?.discount).toEqual(Float64Array.of(0.1))
    const told = openHistory(totalsOf(sales), { plan: planKnown(day) })
    expect(all.panel(view, day)).toEqual(told.panel(view, day))
    const end = endOf(all.panel(view))
    const late = openHistory(totalsOf(sales), { plan: planKnown(end + 3) })
    expect(late.panel(view, end).plan?.discount).toEqual(Float64Array.of(0.1))
    expect(late.panel(view, end - 7).plan).toBeUndefined()
  })

  it('fits on no plan that was made after the day', async () => {
    const recipe = recipeOf({ families: { 'exponential-smoothing': {}, ridge: {} } })
    for (const candidate of candidates(recipe)) {
      const [told, untold] = await Promise.all(
        [planKnown(day, day + 1), planKnown(day)].map((plan) =>
          openHistory(totalsOf(sales), { plan }).fit(recipe, candidate, day),
        ),
      )
      expect(told).toEqual(untold)
    }
  })

  it('makes each panel and each fit once', () => {
    const history = openHistory(totalsOf(sales))
    const recipe = recipeOf()
    const [first, second] = candidates(recipe)
    expect(history.fit(recipe, first, day)).toBe(history.fit({ ...recipe }, { ...first }, day))
    history.fit(recipe, second, day)
    history.fit(recipe, first, day - 7)
    history.fit({ ...recipe, horizon: 4 }, first, day)
    expect(history.fits).toBe(4)
    expect(history.panel(recipe, day)).toBe(history.panel({ ...recipe }, day))
  })

  it('comes to the same fits and panels after it has rested, and counts none of them twice', async () => {
    const history = openHistory(totalsOf(sales), { store: inMemory() })
    const recipe = recipeOf()
    const [candidate] = candidates(recipe)
    const [panel, fit] = [history.panel(recipe, day), await history.fit(recipe, candidate, day)]
    await history.rest()
    expect(history.panel(recipe, day)).not.toBe(panel)
    expect(history.panel(recipe, day)).toEqual(panel)
    expect(await history.fit(recipe, candidate, day)).toBe(fit)
    expect(history.fits).toBe(1)
  })

  it('holds on to fits that no store has, so that they are not made twice', async () => {
    const history = openHistory(totalsOf(sales))
    const recipe = recipeOf()
    const [candidate] = candidates(recipe)
    const fit = await history.fit(recipe, candidate, day)
    await history.rest()
    expect(await history.fit(recipe, candidate, day)).toBe(fit)
  })

  it('leaves out origins before which nothing was sold for a whole period', () => {
    const holidays = (entry: { day: number | string }) =>
      Number(entry.day) <= day - 7 || Number(entry.day) > day
    const history = openHistory(totalsOf(sales.filter(holidays)))
    const panels = panelsAt(history, recipeOf(), [day - 7, day, day + 7])
    expect(panels.map(endOf)).toEqual([day - 7, day + 7])
  })
})

function inMemory(): FitStore {
  const fits = new Map<string, FitResult>()
  return {
    get: async (key) => fits.get(key),
    async put(key, fit) {
      fits.set(key, fit)
    },
  }
}

/** Of all products, for the weeks around the tenth: changed as often as there are days. */
function planKnown(...days: number[]): Plan {
  const rows = days.map((knownOn, k) => ({
    from: OPENING + 8 * 7,
    to: OPENING + 12 * 7 - 1,
    knownOn,
    discount: 0.1 + 0.2 * k,
  }))
  return { rows, prices: 'planned' }
}

describe('rolling origins', () => {
  const frequencies = fc.constantFrom<Frequency>('day', 'week', 'month')

  it('are in order, each once, their horizons over, and as far apart as the history allows', () => {
    const count = (max: number) => fc.integer({ min: 1, max })
    fc.assert(
      fc.property(
        frequencies,
        count(120),
        count(40),
        count(12),
        count(30),
        (frequency, periods, horizon, wanted, step) => {
          const panel = panelOf([new Array(periods).fill(1)], { frequency })
          const origins = rollingOrigins(panel, horizon, wanted, step)
          const known = origins.map((day) => 1 + periodOf(frequency, day) - panel.firstPeriod)
          const gaps = known.slice(1).map((it, k) => it - known[k])
          expect(origins.length).toBeLessThanOrEqual(wanted)
          expect(known.every((it) => it >= 3 && it + horizon <= periods)).toBe(true)
          if (origins.length > 0) expect(known.at(-1)).toBe(periods - horizon)
          expect(new Set(gaps).size).toBeLessThanOrEqual(1)
          expect(gaps.every((gap) => gap >= 1 && gap <= step)).toBe(true)
          const room = periods - horizon - Math.max(3, Math.min(horizon, 8))
          if (room >= (wanted - 1) * step) {
            expect(origins.length).toBe(wanted)
            expect(gaps.every((gap) => gap === step)).toBe(true)
          }
        },
      ),
    )
  })

  it('are none where the history is shorter than what must be known and the horizon', () => {
    expect(rollingOrigins(panelOf([[1, 2, 3, 4]]), 2, 6, 2)).toEqual([])
    expect(rollingOrigins(panelOf([[1, 2, 3, 4, 5]]), 2, 6, 2)).toHaveLength(1)
  })
})
