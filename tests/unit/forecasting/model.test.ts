import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { trainAsOf } from '../../../src/evaluation/search/search.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { blendedOutlook, forecast, forecastSpan } from '../../../src/forecasting/model.ts'
import { totalsOf } from '../demand/totals.ts'
import { OPENING, recipeOf, shopSales } from '../evaluation/shop.ts'

const sales = shopSales(30)
const history = openHistory(totalsOf(sales))
const families = { 'exponential-smoothing': {} }

describe.each(['day', 'week', 'month'] as const)('forecasts by %s', async (frequency) => {
  const horizon = { day: 60, week: 9, month: 3 }[frequency]
  const recipe = recipeOf({ frequency, horizon, families })
  const { model } = await trainAsOf(history, recipe)
  const panel = history.panel(recipe)
  // Farther than the horizon: what a buyer may ask for.
  const made = forecast(model, panel, 2 * horizon)
  const start = OPENING + 30 * 7
  const day = fc.integer({ min: start, max: start + 80 })

  it('of spans add up to that of all their days, however the days are split', () => {
    fc.assert(
      fc.property(fc.uniqueArray(day, { minLength: 2, maxLength: 12 }), (cuts) => {
        const ends = cuts.sort((a, b) => a - b)
        const from = ends[0]
        const to = ends[ends.length - 1]
        const whole = forecastSpan(model, panel, made, from, to - 1)
        const parts = ends
          .slice(1)
          .map((end, k) => forecastSpan(model, panel, made, ends[k], end - 1))
        whole.forEach(({ mean }, i) => {
          const sum = parts.reduce((total, spans) => total + spans[i].mean, 0)
          expect(sum).toBeCloseTo(mean, 8)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('of any span have quantiles that are at least 0 and do not cross', () => {
    fc.assert(
      fc.property(day, day, (a, b) => {
        for (const { quantiles } of forecastSpan(
          model,
          panel,
          made,
          Math.min(a, b),
          Math.max(a, b),
        )) {
          quantiles.forEach((value, level) => {
            expect(value).toBeGreaterThanOrEqual(level > 0 ? quantiles[level - 1] : 0)
          })
        }
      }),
      { numRuns: 40 },
    )
  })

  it('of days beyond what was forecast are refused, not made up of another product', () => {
    expect(() => forecastSpan(model, panel, made, start, start + 1000)).toThrow(RangeError)
  })

  it('of days that are over are 0', () => {
    for (const span of forecastSpan(model, panel, made, OPENING, OPENING + 6)) {
      expect(span).toEqual({ mean: 0, quantiles: LEVELS.map(() => 0) })
    }
  })
})

it('a product launched after the training is forecast by its own sales, once there are some', async () => {
  const recipe = recipeOf({ families })
  const { model } = await trainAsOf(history, recipe)
  const launch = Array.from({ length: 21 }, (_, k) => ({
    product: 'launch',
    category: 'bakery',
    day: OPENING + 30 * 7 + k,
    sold: 900,
  }))
  const more = shopSales(33).filter(({ day }) => Number(day) >= OPENING + 30 * 7)
  const at = (weeks: number) => {
    const later = openHistory(totalsOf([...sales, ...more, ...launch]))
    const made = forecast(model, later.panel(recipe, OPENING + (30 + weeks) * 7 - 1))
    const index = made.series.findIndex(({ productId }) => productId === 'launch')
    const others = made.basis.filter((_, i) => i !== index)
    expect(others).toEqual(Array(6).fill('series'))
    const cell = index * made.horizon
    return { basis: made.basis[index], mean: made.mean[cell] }
  }
  const [one, three] = [1, 3].map(at)
  expect([one.basis, three.basis]).toEqual(['series', 'series'])
  // The others of its category sell less than a hundred a week, it 6,300.
  expect(one.mean).toBeGreaterThan(3000)
  expect(three.mean).toBeGreaterThan(5000)
})

describe('the forecast of a blend', () => {
  const telling = {
    mean: Float64Array.of(8),
    shape: { median: Float64Array.of(0.5), width: Float64Array.of(3) },
  }
  const silent = { mean: Float64Array.of(4) }
  const medianOf = (weight: number) =>
    blendedOutlook([
      { outlook: telling, weight },
      ...(weight < 1 ? [{ outlook: silent, weight: 1 - weight }] : []),
    ]).shape!.median[0]

  it('has the median that its trees tell where there is nothing else in it', () => {
    expect(medianOf(1)).toBe(0.5)
  })

  it('does not let a small member that tells a median decide on that of all', () => {
    expect(medianOf(0.5)).toBeGreaterThan(0.55)
    expect(medianOf(0.1)).toBeGreaterThan(medianOf(0.5))
    expect(medianOf(0.1)).toBeLessThan(0.75)
  })

  it('is nothing as a rule where that is what a member tells', () => {
    const never = { ...telling, shape: { ...telling.shape, median: Float64Array.of(0) } }
    const { shape } = blendedOutlook([
      { outlook: never, weight: 0.3 },
      { outlook: silent, weight: 0.7 },
    ])
    expect(shape!.median[0]).toBe(0)
  })
})
