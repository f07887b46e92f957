import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../../../src/base/random.ts'
import { firstDay } from '../../../src/demand/calendar.ts'
import { holidayFeatureNames, holidayFeatures } from '../../../src/demand/holidays.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import { movingAverage } from '../../../src/forecasting/families/moving-average.ts'
import { ridge } from '../../../src/forecasting/families/ridge.ts'
import { seasonalNaive } from '../../../src/forecasting/families/seasonal-naive.ts'
import {
  addRow,
  type LinearModel,
  noRows,
  ridgeRegression,
} from '../../../src/forecasting/families/weighted-least-squares.ts'
import { ridgeFeatures } from '../../../src/forecasting/features/ridge-features.ts'
import { contextOf, FIRST_WEEK, fitAndForecast, panelOf } from './panels.ts'

describe('ridge regression', () => {
  it('finds the plane that the rows lie on, even asked for no penalty at all', () => {
    const equations = noRows(2)
    for (const [x, y] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [2, 5],
      [3, 1],
    ]) {
      addRow(equations, Float64Array.of(x, y), 4 + 2 * x - 3 * y, 1 + x)
    }
    const { intercept, coefficients } = ridgeRegression(equations, 0)
    expect(intercept).toBeCloseTo(4, 3)
    expect(coefficients[0]).toBeCloseTo(2, 3)
    expect(coefficients[1]).toBeCloseTo(-3, 3)
  })

  it('shrinks by hand: with one column of unit variance, to rows / (rows + penalty)', () => {
    const equations = noRows(1)
    for (const x of [-1, 1, -1, 1]) addRow(equations, Float64Array.of(x), 10 + 3 * x, 1)
    const { intercept, coefficients } = ridgeRegression(equations, 12)
    expect(coefficients[0]).toBeCloseTo((3 * 4) / (4 + 12), 12)
    expect(intercept).toBeCloseTo(10, 12)
  })

  it('solves the penalised normal equations for any rows, columns that say the same included', () => {
    // To hundredths: a column that changes by less than a thousandth is taken for constant.
    const value = fc.integer({ min: -500, max: 500 }).map((hundredths) => hundredths / 100)
    const line = fc.tuple(value, value, value, fc.double({ min: 0.1, max: 3, noNaN: true }))
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0, 1e-12, 3, 1e6),
        (lines, penalty) => {
          const rows = lines.map(([a, b, y, weight]) => ({ x: [a, b, 2 * a, 7, a], y, weight }))
          const equations = noRows(5)
          for (const { x, y, weight } of rows) addRow(equations, Float64Array.from(x), y, weight)
          const model = ridgeRegression(equations, penalty)
          expect(model.coefficients[3]).toBe(0)
          expect(Math.abs(model.coefficients[2] - model.coefficients[0] / 2)).toBeLessThan(1e-8)
          for (const residual of residuals(rows, Math.max(penalty, 1e-5 * rows.length), model)) {
            expect(Math.abs(residual)).toBeLessThan(1e-9 * rows.length)
          }
        },
      ),
    )
  })

  it('knows nothing where no row is, and the mean where none says more', () => {
    expect(ridgeRegression(noRows(2), 1)).toEqual({
      intercept: 0,
      coefficients: new Float64Array(2),
    })
    const equations = noRows(2)
    addRow(equations, Float64Array.of(3, 4), 7, 2)
    expect(ridgeRegression(equations, 0)).toEqual({
      intercept: 7,
      coefficients: new Float64Array(2),
    })
  })
})

describe('a column that does not change but for rounding', () => {
  it.each([0, 1e-16, 1e-9, 1e-6, 1e-4])(
    'by %d gets 0, so that the next discount is not multiplied',
    (by) => {
      for (const around of [0, 1, 1000]) {
        const random = seededRandom(1)
        const equations = noRows(2)
        for (let row = 0; row < 500; row++) {
          const x = Float64Array.of(around + by * (random() - 0.5), random())
          addRow(equations, x, 1 + random() + x[1], 1)
        }
        const { coefficients, intercept } = ridgeRegression(equations, 10)
        expect(coefficients[0]).toBe(0)
        expect(intercept).toBeLessThan(3)
      }
    },
  )

  it('does not hide one that changes rarely', () => {
    const equations = noRows(1)
    for (let row = 0; row < 10_000; row++) {
      addRow(equations, Float64Array.of(row < 5 ? 0.3 : 0), row < 5 ? 2 : 1, 1)
    }
    expect(ridgeRegression(equations, 1).coefficients[0]).toBeGreaterThan(0)
  })
})

describe('the ridge family', () => {
  it('follows a yearly pattern, so that the buyer has Christmas on the shelf', () => {
    const year = (week: number) => 40 + 25 * Math.cos((2 * Math.PI * week) / 52.18)
    const units = Array.from({ length: 8 }, (_, index) =>
      Array.from({ length: 140 }, (_, week) => year(week) * (index + 1)),
    )
    const [row] = fitAndForecast(ridge, panelOf(units), 12)
    row.forEach((value, step) => {
      expect(Math.abs(value / year(140 + step) - 1)).toBeLessThan(0.1)
    })
  })

  it('learns what a holiday does, though it falls on another date each year', () => {
    const easterShare = (week: number) =>
      holidayFeatures('BR', 'week', FIRST_WEEK + week)[
        holidayFeatureNames.indexOf('week before Easter')
      ]
    // The weeks up to Easter: 2024-03-31, 2025-04-20, 2026-04-05.
    const easter2026 = 117
    expect([12, 67, easter2026].map((week) => easterShare(week) > 0.5)).toEqual([true, true, true])
    const units = Array.from({ length: 12 }, (_, index) =>
      Array.from({ length: easter2026 }, (_, week) => (10 + index) * (1 + 1.5 * easterShare(week))),
    )
    const [row] = fitAndForecast(ridge, panelOf(units), 3)
    expect(row[0] / row[2]).toBeGreaterThan(1.8)
  })

  it('learns that a product is bought more while its price is down', () => {
    const random = seededRandom(3)
    const price = Array.from({ length: 20 }, () => promotions(random, 90))
    // So noisy that last week's price tells more than last week's sales.
    const units = price.map((row) => row.map((paid) => (paid < 10 ? 80 : 20) * random() ** 2))
    const fitted = ridge.fit(panelOf(units, { price }), { penalty: 10 }, contextOf('week', 1))
    const now = units.map((row) => [...row, 20])
    const at = (last: number) =>
      fitted.forecast(panelOf(now, { price: price.map((row) => [...row, last]) }), 1)
    const [cheap] = at(7)
    const [usual] = at(10)
    expect(cheap).toBeGreaterThan(usual * 1.2)
  })

  it('beats seasonal naive and moving average on noisy seasonal demand of many sizes', () => {
    const random = seededRandom(11)
    const horizon = 6
    const units = Array.from({ length: 30 }, (_, index) => noisySales(random, 2 + index, 150))
    const known = panelOf(units.map((row) => row.slice(0, -horizon)))
    const actual = units.map((row) => row.slice(-horizon))
    const error = (forecast: number[][]) =>
      forecast.flat().reduce((sum, value, cell) => sum + Math.abs(value - actual.flat()[cell]), 0)
    const own = error(fitAndForecast(ridge, known, horizon))
    expect(own).toBeLessThan(0.95 * error(fitAndForecast(movingAverage, known, horizon)))
    expect(own).toBeLessThan(0.95 * error(fitAndForecast(seasonalNaive, known, horizon)))
  })

  it('reads nothing after the origin: what it learns from could have been known', () => {
    const settings = { horizon: 5, holidays: 'BR', yearly: true, categories: ['a'] }
    const random = seededRandom(5)
    for (const frequency of ['day', 'week', 'month'] as const) {
      const sales = [noisySales(random, 5, 130), noisySales(random, 9, 130)]
      const origin = 119
      const prices = sales.map(() => promotions(random, 130))
      const whole = panelOf(sales, { frequency, categories: ['a', 'b'], price: prices })
      const other = panelOf(
        sales.map((row) => row.map((value, period) => (period > origin ? 1000 - value : value))),
        {
          frequency,
          categories: ['a', 'b'],
          price: prices.map((row) => row.map((price, period) => (period > origin ? 99 : price))),
        },
      )
      const rowOf = (panel: Panel) => {
        const { names, ofSeries } = ridgeFeatures(panel, settings)
        const row = new Float64Array(names.length).fill(Number.NaN)
        return { baseline: ofSeries(0)(row, origin, origin + 3), row, names }
      }
      const { baseline, row, names } = rowOf(whole)
      expect(row.every(Number.isFinite)).toBe(true)
      expect(new Set(names).size).toBe(names.length)
      expect(rowOf(other).row).toEqual(row)
      if (frequency !== 'day') expect(rowOf(other).baseline).toBe(baseline)
    }
  })

  it('does not draw the line of small discounts on to one that it has never seen', () => {
    const random = seededRandom(4)
    const price = Array.from({ length: 12 }, () =>
      promotions(random, 90).map((it) => (it < 10 ? 9.8 : 10)),
    )
    const units = price.map((row) =>
      row.map((paid) => (paid < 10 ? 30 : 20) * (0.8 + 0.4 * random())),
    )
    const fitted = ridge.fit(panelOf(units, { price }), { penalty: 10 }, contextOf('week', 1))
    const at = (last: number) =>
      fitted.forecast(panelOf(units, { price: price.map((row) => [...row.slice(0, -1), last]) }), 1)
    const [seen] = at(9.8)
    expect(at(5)[0]).toBeGreaterThan(0.9 * seen)
    expect(at(5)[0]).toBeLessThan(1.3 * seen)
  })

  it('never forecasts beyond what it has seen happen, however odd the last weeks', () => {
    const units = Array.from({ length: 4 }, (_, index) =>
      Array.from({ length: 80 }, (_, week) => 10 + ((week * (index + 3)) % 5)),
    )
    const fitted = ridge.fit(panelOf(units), { penalty: 10 }, contextOf('week', 4))
    const odd = units.map((row) => [...row.slice(0, -1), 1e6])
    const [first] = fitted.forecast(panelOf(odd), 4)
    expect(first).toBeLessThan(2 * (1e6 / 8))
  })

  it('forecasts beyond its horizon as it does at its end', () => {
    const units = [new Array(60).fill(10).map((value, week) => value + (week % 4))]
    const fitted = ridge.fit(panelOf(units), { penalty: 10 }, contextOf('week', 4))
    const far = fitted.forecast(panelOf(units), 30)
    expect(Array.from(far.subarray(0, 4))).toEqual(Array.from(fitted.forecast(panelOf(units), 4)))
    expect(far.every((value) => value > 5 && value < 25)).toBe(true)
  })
})

/** By what each of the penalised normal equations, that of the intercept first, is not solved. */
function residuals(
  rows: { x: number[]; y: number; weight: number }[],
  penalty: number,
  { intercept, coefficients }: LinearModel,
): number[] {
  const total = rows.reduce((sum, row) => sum + row.weight, 0)
  const weighted = (of: (row: { x: number[]; y: number }) => number) =>
    rows.reduce((sum, row) => sum + (row.weight / total) * of(row), 0)
  const errorOf = ({ x, y }: { x: number[]; y: number }) =>
    y - x.reduce((sum, value, j) => sum + value * coefficients[j], intercept)
  return [
    rows.length * weighted(errorOf),
    ...Array.from(coefficients, (coefficient, j) => {
      const mean = weighted(({ x }) => x[j])
      const variance = weighted(({ x }) => (x[j] - mean) ** 2)
      if (coefficient === 0 && variance < 1e-6) return 0
      const explained = rows.length * weighted((row) => (row.x[j] - mean) * errorOf(row))
      return (explained - penalty * variance * coefficient) / Math.sqrt(variance)
    }),
  ]
}

/** Price 10 with runs of six periods at 7. */
function promotions(random: Random, periods: number): number[] {
  const runs = Array.from({ length: Math.ceil(periods / 6) }, () => (random() < 0.3 ? 7 : 10))
  return runs.flatMap((price) => new Array(6).fill(price)).slice(0, periods)
}

/** Sales around a yearly season, in whole units: uniform noise of 40% either way. */
function noisySales(random: Random, size: number, periods: number): number[] {
  return Array.from({ length: periods }, (_, period) => {
    const day = firstDay('week', FIRST_WEEK + period)
    const season = 1 + 0.6 * Math.cos((2 * Math.PI * day) / 365.25)
    return Math.round(size * season * (0.6 + 0.8 * random()))
  })
}
