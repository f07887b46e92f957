import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Frequency } from '../../../src/demand/calendar.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import type { FitContext } from '../../../src/forecasting/families/family.ts'
import { contextOf, defaultsOf, fitAndForecast, fitted, panelOf, quickSettings } from './panels.ts'

const unknown = Number.NaN

describe.each(Object.values(families))('$name', (family) => {
  it.each([
    ['nothing known at all', [[unknown, unknown, unknown]]],
    ['nothing ever sold', [new Array(60).fill(0), new Array(60).fill(0)]],
    ['one period', [[3], [0], [unknown]]],
    ['a single sale long ago', [[5, ...new Array(120).fill(0)]]],
    ['a single sale in the last period', [[...new Array(120).fill(0), 7]]],
    ['known in the first period only', [[4, ...new Array(90).fill(unknown)]]],
    ['huge beside tiny', [new Array(80).fill(1e12), new Array(80).fill(1e-9), [...steps(80)]]],
    ['a lone outlier', [[...new Array(79).fill(1), 1e9]]],
  ])('forecasts numbers of at least 0 for a history with %s', (_name, units) => {
    for (const frequency of ['day', 'week', 'month'] as const) {
      const panel = panelOf(units, { frequency })
      for (const row of fitAndForecast(family, panel, 15, quickSettings(family))) {
        expect(row.filter((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY))).toEqual([])
      }
    }
  })

  it('forecasts 0 where nothing was ever sold, not a little of everything', () => {
    expect(fitAndForecast(family, panelOf([new Array(70).fill(0)]), 3)).toEqual([[0, 0, 0]])
  })

  it('forecasts constant demand as it is, so that a quiet product is not talked up or down', () => {
    const [row] = fitAndForecast(family, panelOf([new Array(130).fill(12)]), 8)
    for (const value of row) expect(value).toBeCloseTo(12, 6)
  })

  it('gives a product without history the median of its category, to the buyer who lists it', () => {
    const units = [
      [20, 20, 20],
      [30, 30, 30],
      [90, 90, 90],
      [1, 1, 1],
      [unknown, unknown, unknown],
    ]
    const categories = ['tea', 'tea', 'tea', 'salt', 'tea']
    const forecast = fitAndForecast(family, panelOf(units, { categories }), 2)
    expect(forecast[4]).toEqual(forecast[1])
  })

  it('takes the first week of a launch for the part that it is: 4 a day are 28 a week', () => {
    const others = [7, 14, 21, 28, 35, 42, 70].map((units) => new Array(70).fill(units))
    const stocked = new Array(70).fill(1)
    for (const [weeks, days] of [1, 2, 4].flatMap((n) =>
      [1, 2, 3, 4, 5, 6, 7].map((d) => [n, d]),
    )) {
      const before = new Array(70 - weeks).fill(unknown)
      const launched = [...before, 4 * days, ...new Array(weeks - 1).fill(28)]
      const shares = [...new Array(70 - weeks).fill(1), days / 7, ...new Array(weeks - 1).fill(1)]
      const panel = panelOf([...others, launched], {
        stockedShare: [...others.map(() => stocked), shares],
      })
      for (const value of fitAndForecast(family, panel, 4, quickSettings(family))[7]) {
        expect(value).toBeGreaterThan(27)
        expect(value).toBeLessThan(29)
      }
    }
  })

  it('scales with the unit of measure: grams for kilograms change nothing but the unit', () => {
    const kilograms = [season52(150, 1), season52(150, 3)]
    const grams = kilograms.map((row) => row.map((value) => value * 1024))
    const inKilograms = fitAndForecast(family, panelOf(kilograms), 6).flat()
    const inGrams = fitAndForecast(family, panelOf(grams), 6).flat()
    inGrams.forEach((value, cell) => {
      expect(value / 1024).toBeCloseTo(inKilograms[cell], 6)
    })
  })

  it('estimates its cost from shape and settings: more series and periods never cost less', () => {
    const cost = (series: number, periods: number) =>
      family.cost({ series, periods, horizon: 4 }, defaultsOf(family))
    expect(cost(1, 1)).toBeGreaterThan(0)
    expect(cost(100, 100)).toBeGreaterThanOrEqual(cost(10, 100))
    expect(cost(100, 100)).toBeGreaterThanOrEqual(cost(100, 10))
    expect(cost(1000, 156)).toBeLessThan(60)
  })

  it('fits the same on a panel, whatever other recipe was fitted on it before', () => {
    const panel = panelOf([season52(120, 1), season52(120, 3)])
    const fit = (of: typeof panel, changes: Partial<FitContext> = {}) =>
      family.fit(of, quickSettings(family), { ...contextOf('week', 4), ...changes })
    const alone = fit({ ...panel })
    for (const changes of [{ horizon: 2 }, { seed: 5 }, { holidays: 'FR' }]) fit(panel, changes)
    expect(fit(panel)).toEqual(alone)
    expect(fit(panel)).toEqual(alone)
  })

  it('keeps categories with the names of object members apart from them', () => {
    const units = [new Array(80).fill(2), new Array(80).fill(4)]
    const categories = ['__proto__', 'constructor']
    const panel = panelOf(units, { categories })
    const model = fitted(family, panel, defaultsOf(family), contextOf('week', 2))
    const others = panelOf(units, { categories: ['toString', '__proto__'] })
    for (const value of model.forecast(others, 2)) expect(value).toBeGreaterThan(0)
  })

  it('forecasts bit for bit the same once restored from a file, for products old and new', () => {
    fc.assert(
      fc.property(
        histories,
        histories,
        frequencies,
        fc.integer({ min: 1, max: 20 }),
        (a, b, frequency, horizon) => {
          const model = fitted(
            family,
            panelOf(a, { frequency, categories: ['a', 'b', undefined, '__proto__'] }),
            quickSettings(family),
            contextOf(frequency, 7),
          )
          const restored = JSON.parse(JSON.stringify(model.parameters))
          const later = panelOf(b, { frequency, categories: [undefined, 'a', '__proto__', 'c'] })
          const forecast = model.forecast(later, horizon)
          expect(family.forecast(later, horizon, restored)).toEqual(forecast)
          expect(forecast.length).toBe(b.length * horizon)
          expect(forecast.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY)).toBe(
            true,
          )
        },
      ),
      { numRuns: 40 },
    )
  })

  it('forecasts a period alike, however many after it are asked for', () => {
    fc.assert(
      fc.property(
        histories,
        frequencies,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 40 }),
        (units, frequency, horizon, more) => {
          const panel = panelOf(units, { frequency, categories: ['a', 'b', undefined] })
          const { forecast } = fitted(family, panel, quickSettings(family), contextOf(frequency, 7))
          const far = forecast(panel, horizon + more)
          const near = units.map((_, i) => {
            const start = i * (horizon + more)
            return [...far.subarray(start, start + horizon)]
          })
          expect([...forecast(panel, horizon)]).toEqual(near.flat())
        },
      ),
      { numRuns: 40 },
    )
  })

  it('fits to the same parameters twice, so that retraining gives the same bytes', () => {
    const panel = panelOf([season52(150, 1), season52(150, 3), steps(150)])
    const fit = () => family.fit({ ...panel }, quickSettings(family), contextOf('week', 6))
    expect(JSON.stringify(fit())).toBe(JSON.stringify(fit()))
  })

  it('starts from the newest history, not from the one that it was fitted on', () => {
    const before = panelOf([new Array(60).fill(10)])
    const after = panelOf([[...new Array(60).fill(10), ...new Array(60).fill(200)]])
    const model = fitted(family, before, defaultsOf(family), contextOf('week', 4))
    for (const value of model.forecast(after, 4)) expect(value).toBeGreaterThan(100)
  })
})

const frequencies = fc.constantFrom<Frequency>('day', 'week', 'month')

/** Up to four series of the same length, with zeros, unknown values and sizes of every order. */
const histories = fc
  .record({ series: fc.integer({ min: 1, max: 4 }), periods: fc.integer({ min: 1, max: 90 }) })
  .chain(({ series, periods }) => {
    const value = fc.oneof(
      fc.constant(0),
      fc.constant(Number.NaN),
      fc.integer({ min: 0, max: 20 }),
      fc.double({ min: 0, max: 1e12, noNaN: true }),
    )
    const row = fc.array(value, { minLength: periods, maxLength: periods })
    return fc.array(row, { minLength: series, maxLength: series })
  })

function steps(periods: number): number[] {
  return Array.from({ length: periods }, (_, period) => 3 + (period % 5))
}

function season52(periods: number, size: number): number[] {
  return Array.from(
    { length: periods },
    (_, period) => size * (10 + 5 * Math.sin((2 * Math.PI * period) / 52) + (period % 3)),
  )
}
