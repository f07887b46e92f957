import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../../../src/base/random.ts'
import { firstDay } from '../../../src/demand/calendar.ts'
import { holidayFeatureNames, holidayFeatures } from '../../../src/demand/holidays.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import { movingAverage } from '../../../src/forecasting/families/moving-average.ts'
import { ridge } from '../../../src/forecasting/families/ridge.ts'
import { seasonalNaive } from '../../../src/forecasting/families/seasonal-naive.ts'
import { ridgeFeatures } from '../../../src/forecasting/features/ridge-features.ts'
import { contextOf, FIRST_WEEK, fitAndForecast, fitted, panelOf } from './panels.ts'

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
    const model = fitted(ridge, panelOf(units, { price }), { penalty: 10 }, contextOf('week', 1))
    const now = units.map((row) => [...row, 20])
    const at = (last: number) =>
      model.forecast(panelOf(now, { price: price.map((row) => [...row, last]) }), 1)
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

  it('sees in one store that a product sells better in the others', () => {
    const steady = Array.from({ length: 60 }, () => 10)
    const rising = steady.map((units, week) => (week >= 56 ? 3 * units : units))
    const plain = panelOf([steady, rising, steady])
    const places = [
      ['0', 'centre'],
      ['0', 'harbour'],
      ['2', 'centre'],
    ] as const
    const series = plain.series.map((one, index) => {
      const [productId, storeId] = places[index]
      return { ...one, productId, storeId }
    })
    const settings = { horizon: 4, holidays: 'BR', yearly: false, categories: [] }
    const growthOf = (panel: Panel, index: number) => {
      const { names, ofSeries } = ridgeFeatures(panel, settings)
      const row = new Float64Array(names.length)
      ofSeries(index)(row, 59, 60)
      return row[names.indexOf('growth of the product')]
    }
    const inStores = { ...plain, series }
    expect(growthOf(inStores, 0)).toBeGreaterThan(0.3)
    expect(growthOf(inStores, 2)).toBe(0)
    expect(ridgeFeatures(plain, settings).names).not.toContain('growth of the product')
  })

  it('does not draw the line of small discounts on to one that it has never seen', () => {
    const random = seededRandom(4)
    const price = Array.from({ length: 12 }, () =>
      promotions(random, 90).map((it) => (it < 10 ? 9.8 : 10)),
    )
    const units = price.map((row) =>
      row.map((paid) => (paid < 10 ? 30 : 20) * (0.8 + 0.4 * random())),
    )
    const model = fitted(ridge, panelOf(units, { price }), { penalty: 10 }, contextOf('week', 1))
    const at = (last: number) =>
      model.forecast(panelOf(units, { price: price.map((row) => [...row.slice(0, -1), last]) }), 1)
    const [seen] = at(9.8)
    expect(at(5)[0]).toBeGreaterThan(0.9 * seen)
    expect(at(5)[0]).toBeLessThan(1.3 * seen)
  })

  it('never forecasts beyond what it has seen happen, however odd the last weeks', () => {
    const units = Array.from({ length: 4 }, (_, index) =>
      Array.from({ length: 80 }, (_, week) => 10 + ((week * (index + 3)) % 5)),
    )
    const model = fitted(ridge, panelOf(units), { penalty: 10 }, contextOf('week', 4))
    const odd = units.map((row) => [...row.slice(0, -1), 1e6])
    const [first] = model.forecast(panelOf(odd), 4)
    expect(first).toBeLessThan(2 * (1e6 / 8))
  })

  it('forecasts beyond its horizon as it does at its end', () => {
    const units = [new Array(60).fill(10).map((value, week) => value + (week % 4))]
    const model = fitted(ridge, panelOf(units), { penalty: 10 }, contextOf('week', 4))
    const far = model.forecast(panelOf(units), 30)
    expect(Array.from(far.subarray(0, 4))).toEqual(Array.from(model.forecast(panelOf(units), 4)))
    expect(far.every((value) => value > 5 && value < 25)).toBe(true)
  })
})

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
