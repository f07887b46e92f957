import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weekday } from '../../../src/base/day.ts'
import { type Frequency, periodOf } from '../../../src/demand/calendar.ts'
import { endOf } from '../../../src/demand/panel.ts'
import type { FitStore } from '../../../src/evaluation/search/fit-store.ts'
import type { FitResult } from '../../../src/evaluation/search/fit-task.ts'
import {
  openHistory,
  originsSince,
  panelsAt,
  rollingOrigins,
} from '../../../src/evaluation/search/history.ts'
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
          const newest = periods - horizon
          const byWeek = frequency === 'day' && step % 7 === 0
          if (origins.length > 0 && !byWeek) expect(known.at(-1)).toBe(newest)
          if (origins.length > 0) expect(newest - known.at(-1)!).toBeLessThan(7)
          expect(new Set(gaps).size).toBeLessThanOrEqual(1)
          expect(gaps.every((gap) => gap >= 1 && gap <= step)).toBe(true)
          const room = newest - Math.max(3, Math.min(horizon, 8))
          if (room >= (wanted - 1) * step) {
            expect(origins.length).toBe(wanted)
            expect(gaps.every((gap) => gap === step)).toBe(true)
          }
        },
      ),
    )
  })

  describe('of days, whole weeks apart', () => {
    const SUNDAY = 20_002
    const sold = (days: number, isOpen = (_: number) => true) =>
      Array.from({ length: days }, (_, at) => (isOpen(weekday(FIRST + at)) ? 1 : 0))
    const FIRST = SUNDAY - 199
    const on = (day: number, isOpen?: (weekday: number) => boolean) =>
      panelOf([sold(day - FIRST + 1, isOpen)], { frequency: 'day', firstPeriod: FIRST })
    const originsOn = (day: number, isOpen?: (weekday: number) => boolean) =>
      rollingOrigins(on(day, isOpen), 14, 4, 14)
    const week = Array.from({ length: 7 }, (_, day) => SUNDAY + day)
    const closedOnSundays = (of: number) => of !== 6

    it('are the same all week, so that tomorrow all that was fitted at them is known', () => {
      const origins = [3, 2, 1, 0].map((k) => SUNDAY - 14 - 14 * k)
      for (const day of week) expect(originsOn(day)).toEqual(origins)
      expect(originsOn(SUNDAY + 7)).toEqual(origins.map((day) => day + 7))
    })

    it('end where the chain was open: an origin on a Sunday without sales would be left out', () => {
      const origins = [3, 2, 1, 0].map((k) => SUNDAY - 15 - 14 * k)
      for (const day of week.slice(0, 6)) expect(originsOn(day, closedOnSundays)).toEqual(origins)
    })

    it('are counted back from the newest day where the last week would cost one of them', () => {
      const short = panelOf([sold(8 + 3 * 14 + 14)], { frequency: 'day', firstPeriod: SUNDAY + 1 })
      const last = SUNDAY + short.periods - 14
      expect(rollingOrigins(short, 14, 4, 14)).toEqual([3, 2, 1, 0].map((k) => last - 14 * k))
    })

    it('since production was trained, are so too once there is room for whole weeks', () => {
      const since = (days: number) => originsSince(on(SUNDAY + 2), SUNDAY + 2 - days, 28, 6)
      expect(since(40)).toEqual([5, 4, 3, 2, 1, 0].map((k) => SUNDAY - 7 * k))
      expect(since(30)).toEqual([5, 4, 3, 2, 1, 0].map((k) => SUNDAY + 1 - 5 * k))
      expect(since(4)).toEqual([2, 1, 0].map((k) => SUNDAY + 1 - k))
    })

    it('since production was trained, are not all the Sundays on which nothing is sold', () => {
      const panel = on(SUNDAY + 1, closedOnSundays)
      const since = (days: number) => originsSince(panel, SUNDAY - days, 28, 6)
      expect(since(36)).toEqual([5, 4, 3, 2, 1, 0].map((k) => SUNDAY - 5 * k))
      expect(since(37)).toEqual([5, 4, 3, 2, 1, 0].map((k) => SUNDAY - 1 - 7 * k))
    })

    it('since production was trained, lie in the history, which may have lost what came before', () => {
      const panel = panelOf([sold(30), sold(30)], { frequency: 'day', firstPeriod: FIRST })
      const origins = originsSince(panel, FIRST - 70, 28, 6)
      expect(origins).toEqual([5, 4, 3, 2, 1, 0].map((k) => FIRST + 28 - 5 * k))
    })

    it('are counted back day by day where their step is none of whole weeks', () => {
      const of = (day: number) => rollingOrigins(on(day), 10, 3, 10)
      expect(of(SUNDAY)).toEqual([SUNDAY - 30, SUNDAY - 20, SUNDAY - 10])
      expect(of(SUNDAY + 1)).toEqual([SUNDAY - 29, SUNDAY - 19, SUNDAY - 9])
    })
  })

  it('are none where the history is shorter than what must be known and the horizon', () => {
    expect(rollingOrigins(panelOf([[1, 2, 3, 4]]), 2, 6, 2)).toEqual([])
    expect(rollingOrigins(panelOf([[1, 2, 3, 4, 5]]), 2, 6, 2)).toHaveLength(1)
  })
})
