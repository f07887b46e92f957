import { describe, expect, it } from 'vitest'
import { theta } from '../../../src/forecasting/families/theta.ts'
import { contextOf, fitAndForecast, fitted, panelOf } from './panels.ts'

describe('theta', () => {
  it('is exponential smoothing with half the slope for a drift (Hyndman & Billah 2003)', () => {
    const units = Array.from({ length: 400 }, (_, week) => 50 + 0.1 * week + ((week * 7) % 10))
    const panel = panelOf([units])
    const { parameters } = fitted(theta, panel, { season: 'none' }, contextOf('week', 5))
    // What series grow together stands beside the method: without it, it is the textbook's.
    const row = theta.forecast(panel, 5, { ...(parameters as object), growth: 0 })
    const candidates = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7].map((alpha) => {
      let level = units[0]
      for (const value of units) level += alpha * (value - level)
      // Once the start has faded: level + b/2 (h − 1 + 1/α).
      return row.map((_, step) => level + (0.1 / 2) * (step + 1 / alpha))
    })
    const off = candidates.map((forecast) =>
      Math.max(...forecast.map((value, step) => Math.abs(value - row[step]))),
    )
    expect(Math.min(...off)).toBeLessThan(1e-3)
  })

  it.each([0, 30, 59])(
    'takes no trend from one order for a wedding, in week %d, so that nothing is bought for the next',
    (wedding) => {
      const steady = Array.from({ length: 60 }, (_, week) => (week === wedding ? 400 : 10))
      const [row] = fitAndForecast(theta, panelOf([steady]), 10, { season: 'none' })
      expect(Math.abs(row[9] / row[0] - 1)).toBeLessThan(0.01)
    },
  )

  it('takes no trend from one week, and little from four, so that no launch is bought for ever', () => {
    // Any week will do: where it falls decides how its middle is rounded.
    for (let only = 0; only < 104; only++) {
      const units = Array.from({ length: 104 }, (_, week) => (week === only ? 7 : Number.NaN))
      for (const value of fitAndForecast(theta, panelOf([units]), 10)[0]) {
        expect(Math.abs(value - 7)).toBeLessThan(0.01)
      }
    }
    const launched = [...new Array(56).fill(Number.NaN), 10, 20, 30, 40]
    const [row] = fitAndForecast(theta, panelOf([launched]), 10, { season: 'none' })
    expect(row[9] - row[0]).toBeLessThan(0.15 * (9 * 10))
  })

  it('does not go on with a trend through a gap in which nothing is known', () => {
    const known = Array.from({ length: 20 }, (_, week) => 100 + 5 * week)
    const gap = [...known, ...new Array(60).fill(Number.NaN)]
    const [row] = fitAndForecast(theta, panelOf([gap]), 4, { season: 'none' })
    expect(row).toEqual(fitAndForecast(theta, panelOf([known]), 4, { season: 'none' })[0])
  })

  it('keeps the season apart from the trend', () => {
    const week = [2, 4, 4, 4, 5, 8, 1]
    const units = Array.from({ length: 182 }, (_, day) => (1 + day / 182) * week[day % 7])
    // Period 4 is Monday 1970-01-05.
    const panel = panelOf([units], { frequency: 'day', firstPeriod: 4 })
    const [row] = fitAndForecast(theta, panel, 7)
    row.forEach((value, day) => {
      expect(Math.abs(value / (2 * week[day]) - 1)).toBeLessThan(0.12)
    })
  })

  it('does not take the end of a decline below nothing', () => {
    const falling = Array.from({ length: 60 }, (_, week) => Math.max(0, 100 - 2 * week))
    const [row] = fitAndForecast(theta, panelOf([falling]), 40, { season: 'none' })
    expect(Math.min(...row)).toBe(0)
  })

  it('passes over unknown weeks without losing the trend', () => {
    const growing = Array.from({ length: 120 }, (_, week) => 100 + 2 * week)
    const holes = growing.map((value, week) => (week % 7 === 2 ? Number.NaN : value))
    const [whole] = fitAndForecast(theta, panelOf([growing]), 3, { season: 'none' })
    const [patched] = fitAndForecast(theta, panelOf([holes]), 3, { season: 'none' })
    patched.forEach((value, step) => {
      expect(Math.abs(value - whole[step])).toBeLessThan(1.5)
    })
  })
})
