import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { exponentialSmoothing } from '../../../src/forecasting/families/exponential-smoothing.ts'
import { sba, totalsOfIntervals, tsb } from '../../../src/forecasting/families/intermittent.ts'
import { oneStepErrors, smoothedLevel } from '../../../src/forecasting/families/smoothing.ts'
import {
  differenceFromPrior,
  positionInSeason,
  seasonalLevel,
  seasonalSums,
  shrunkProfile,
} from '../../../src/forecasting/features/seasonal-profile.ts'
import { fitAndForecast, fitted, panelOf } from './panels.ts'

const series = (...values: number[]) => Float64Array.from(values)
const flat = (values: Float64Array) => values.map(() => 1)

describe('simple exponential smoothing', () => {
  it('weighs the values by hand: α = 0.5 gives weights 1, 1/2, 1/4 from the last one back', () => {
    const units = series(8, 4, 6)
    expect(smoothedLevel(units, flat(units), 0.5)).toBeCloseTo((6 + 4 / 2 + 8 / 4) / 1.75, 12)
  })

  it('is the textbook recursion once the start has faded', () => {
    const units = Float64Array.from({ length: 400 }, (_, period) => (period * 7) % 13)
    let level = units[0]
    for (const value of units) level += 0.2 * (value - level)
    expect(smoothedLevel(units, flat(units), 0.2)).toBeCloseTo(level, 10)
  })

  it('divides the season out: sales in step with the season have a constant level', () => {
    const factors = series(0.5, 1.5, 0.5, 1.5, 0.5)
    expect(
      smoothedLevel(
        factors.map((factor) => 20 * factor),
        factors,
        0.3,
      ),
    ).toBeCloseTo(20, 12)
  })

  it('passes over unknown periods instead of taking them for no demand', () => {
    const units = series(8, Number.NaN, 4, Number.NaN, 6)
    expect(smoothedLevel(units, flat(units), 0.5)).toBeCloseTo((6 + 4 / 2 + 8 / 4) / 1.75, 12)
    expect(smoothedLevel(series(Number.NaN), series(1), 0.5)).toBeNaN()
  })

  it('is judged by errors of forecasts that did not know the value', () => {
    const units = series(1, 1, 1, 1, 5, 5)
    // Weights 1/2: after 1 1 1 1 the level is 1; after the 5 it is (5 + 15/16) / (31/16).
    const { sum, count } = oneStepErrors(units, flat(units), 0.5, 0)
    expect(count).toBe(2)
    expect(sum).toBeCloseTo(4 + (5 - (5 + 15 / 16) / (31 / 16)), 12)
  })
})

describe('intermittent demand', () => {
  it('by TSB is probability × size, by hand', () => {
    const units = series(0, 6, 0, 0, 2)
    // α = 0.5: probability (1/8 · … ) with weights 1/16 1/8 1/4 1/2 1; sizes weigh 1/2 and 1.
    const probability = (1 / 8 + 1) / (1 / 16 + 1 / 8 + 1 / 4 + 1 / 2 + 1)
    const size = (6 / 2 + 2) / 1.5
    expect(tsb(units, flat(units), 0.5)).toBeCloseTo(probability * size, 12)
  })

  it('by SBA is (1 − α/2) × size / interval, by hand', () => {
    const units = series(0, 6, 0, 0, 2, 0)
    const size = (6 / 2 + 2) / 1.5
    const interval = (2 / 2 + 3) / 1.5
    expect(sba(units, flat(units), 0.5)).toBeCloseTo((0.75 * size) / interval, 12)
  })

  it('by ADIDA is added up over spans that end with the last period', () => {
    // Three demands in seven known periods: spans of two, and the oldest period left out.
    const units = series(9, 0, 4, Number.NaN, 0, 0, 0, 5)
    const factors = series(1, 1, 2, 5, 1, 1, 1, 3)
    expect(totalsOfIntervals(units, factors)).toEqual({
      units: series(4, 0, 5),
      factors: series(3, 2, 4),
      middles: series(1.5, 4.5, 6.5),
    })
    expect(totalsOfIntervals(series(0, 0, 0), series(1, 1, 1))).toEqual({
      units: series(0),
      factors: series(3),
      middles: series(1),
    })
  })

  it('goes to zero by TSB for a product that no longer sells, and stays by SBA', () => {
    const selling = [0, 4, 0, 4, 0, 4]
    const gone = series(...selling, ...new Array(30).fill(0))
    expect(tsb(gone, flat(gone), 0.2)).toBeLessThan(0.01)
    expect(sba(gone, flat(gone), 0.2)).toBe(sba(series(...selling), flat(series(...selling)), 0.2))
  })

  it('is 0 where nothing was sold and unknown where nothing is known', () => {
    for (const method of [tsb, sba]) {
      expect(method(series(0, 0), series(1, 1), 0.3)).toBe(0)
      expect(method(series(Number.NaN), series(1), 0.3)).toBeNaN()
    }
  })
})

describe('the seasonal profile', () => {
  it('knows the weekday of a day, the month of a month and the place of a week in any year', () => {
    expect([0, 4, 10].map((day) => positionInSeason('day', day))).toEqual([3, 0, 6])
    expect([0, 11, 12, -1].map((month) => positionInSeason('month', month))).toEqual([0, 11, 0, 11])
    // 1969-12-29 … 1970-01-04 is the week of Thursday 1 January, 1970-12-21 … 27 that of the 24th.
    expect([0, 51, 52].map((week) => positionInSeason('week', week))).toEqual([0, 51, 51])
    expect(positionInSeason('week', 53)).toBe(0)
  })

  const positions = Int32Array.from({ length: 48 }, (_, period) => period % 4)
  const none = series(1, 1, 1, 1)
  const sumsOf = (units: Float64Array, growth = 0) =>
    seasonalSums(units, seasonalLevel(units, 4, growth), positions, 4, 0)
  const chance = seededRandom(1)
  /** With noise of ±30%. */
  const noisy = (factors: number[]) =>
    Float64Array.from(positions, (position) => factors[position] * (70 + 60 * chance()))

  it('finds factors that demand was made with', () => {
    const factors = [0.4, 1.2, 1.6, 0.8]
    const sums = sumsOf(Float64Array.from(positions, (position) => 100 * factors[position]))
    const difference = differenceFromPrior([{ sums, prior: none }])
    expect([...shrunkProfile(sums, none, difference)]).toEqual(factors.map(about(1e-9)))
  })

  it('takes no growth for a season, so that a growing product is not bought short', () => {
    for (const growth of [-0.02, 0.02]) {
      const sums = sumsOf(
        Float64Array.from(positions, (_, t) => 100 * Math.exp(growth * t)),
        growth,
      )
      expect([...shrunkProfile(sums, none, 1)]).toEqual([1, 1, 1, 1].map(about(1e-3)))
    }
  })

  it('is none where one season does not foretell the next, and stands where it does', () => {
    const flat = { sums: sumsOf(noisy([1, 1, 1, 1])), prior: none }
    const seasonal = { sums: sumsOf(noisy([0.5, 1, 1.5, 1])), prior: none }
    expect(differenceFromPrior([flat])).toBeLessThan(0.003)
    expect(differenceFromPrior([seasonal])).toBeGreaterThan(0.1)
    const profile = shrunkProfile(seasonal.sums, none, differenceFromPrior([seasonal]))
    expect([...profile]).toEqual([0.5, 1, 1.5, 1].map(about(0.15)))
  })

  it('of many series is believed as far as they differ by more than chance', () => {
    const alike = Array.from({ length: 30 }, () => ({
      sums: sumsOf(noisy([0.5, 1, 1.5, 1])),
      prior: series(0.5, 1, 1.5, 1),
    }))
    expect(differenceFromPrior(alike)).toBeLessThan(0.002)
    const others = alike.map((it) => ({ ...it, sums: sumsOf(noisy([1.5, 1, 0.5, 1])) }))
    expect(differenceFromPrior([...alike, ...others])).toBeGreaterThan(0.05)
  })

  it('has nothing to say after less than one season, or after one', () => {
    for (const length of [3, 4]) {
      const units = series(1, 2, 3, 4).subarray(0, length)
      const sums = seasonalSums(units, seasonalLevel(units, 4, 0), positions, 4, 0)
      expect(differenceFromPrior([{ sums, prior: none }])).toBe(0)
      expect(shrunkProfile(sums, none, 1)).toEqual(none)
    }
  })

  it('counts a season in which nearly nothing was sold for nearly nothing', () => {
    const units = Float64Array.from(positions, (_, t) =>
      t === 21 ? 1 : t >= 16 && t < 32 ? 0 : 90,
    )
    const { weight, ratio } = sumsOf(units)
    expect(ratio[1] / weight[1]).toBeLessThan(1.1)
  })
})

const about = (tolerance: number) => (value: number) => ({
  asymmetricMatch: (found: number) => Math.abs(found - value) < tolerance,
})

describe('the exponential smoothing family', () => {
  it('follows a yearly pattern, so that the buyer has Christmas on the shelf', () => {
    const year = (week: number) => 20 + 15 * Math.cos((2 * Math.PI * week) / 52.18)
    const units = Array.from({ length: 6 }, () =>
      Array.from({ length: 140 }, (_, week) => year(week)),
    )
    const [row] = fitAndForecast(exponentialSmoothing, panelOf(units), 20)
    row.forEach((value, step) => {
      expect(Math.abs(value - year(140 + step))).toBeLessThan(4)
    })
    const [without] = fitAndForecast(exponentialSmoothing, panelOf(units), 20, { season: 'none' })
    expect(new Set(without).size).toBe(1)
  })

  it('gives days the pattern of the week, and closed days nothing', () => {
    const week = [0, 4, 5, 6, 7, 9, 4]
    const units = Array.from({ length: 210 }, (_, day) => week[day % 7])
    // Period 4 is Monday 1970-01-05, and 210 days are whole weeks.
    const [row] = fitAndForecast(
      exponentialSmoothing,
      panelOf([units], { frequency: 'day', firstPeriod: 4 }),
      7,
    )
    row.forEach((value, day) => {
      expect(Math.abs(value - week[day])).toBeLessThan(0.9)
    })
  })

  it('takes the season of a slow mover for that of its category, where its own is chance', () => {
    const weekdays = (size: number) => [1, 1, 1, 1, 1, 4, 5].map((factor) => factor * size)
    const brisk = Array.from({ length: 182 }, (_, day) => weekdays(10)[day % 7])
    // Sells once every eight days, whatever the weekday.
    const slow = Array.from({ length: 182 }, (_, day) => (day % 8 === 3 ? 2 : 0))
    const panel = panelOf([brisk, brisk, slow], { frequency: 'day', firstPeriod: 4 })
    const row = fitAndForecast(exponentialSmoothing, panel, 7)[2]
    expect((row[5] + row[6]) / (row[0] + row[1])).toBeGreaterThan(3)
    // Where sales are many, a product's own season stands against that of the others.
    const own = Array.from({ length: 182 }, (_, day) => weekdays(10)[6 - (day % 7)])
    const mixed = panelOf([brisk, brisk, own], { frequency: 'day', firstPeriod: 4 })
    const ownRow = fitAndForecast(exponentialSmoothing, mixed, 7)[2]
    expect((ownRow[5] + ownRow[6]) / (ownRow[0] + ownRow[1])).toBeLessThan(0.5)
  })

  it('gives a product that came after the fit the season of its category', () => {
    const weekend = Array.from({ length: 140 }, (_, day) => (day % 7 < 5 ? 2 : 16))
    const even = weekend.map(() => 6)
    const categories = ['drinks', 'drinks', 'bread', 'bread']
    const shape = { frequency: 'day', firstPeriod: 4 } as const
    const context = { horizon: 7, season: 7, holidays: 'BR', seed: 1 }
    const panel = panelOf([weekend, weekend, even, even], { ...shape, categories })
    const settings = { season: 'profile', intermittent: 'tsb' }
    const model = fitted(exponentialSmoothing, panel, settings, context)
    const launched = [...new Array(136).fill(Number.NaN), 5, 5, 5, 5]
    const later = panelOf([launched, launched], { ...shape, categories: ['drinks', 'bread'] })
    const forecast = model.forecast(later, 7)
    expect(forecast[6] / forecast[0]).toBeGreaterThan(4)
    expect(forecast[13] / forecast[7]).toBeLessThan(1.2)
  })

  it('forgets fast where levels jump and slowly where sales are only noise', () => {
    const jumping = Array.from({ length: 120 }, (_, week) => 10 + 40 * (Math.floor(week / 10) % 2))
    const noisy = Array.from({ length: 120 }, (_, week) => (week % 2 ? 45 : 15))
    const last = (row: number[], end: number[]) => [...row, ...end]
    const forecast = (row: number[]) =>
      fitAndForecast(exponentialSmoothing, panelOf([row]), 1, { season: 'none' })[0][0]
    expect(forecast(last(jumping, [10, 10, 10]))).toBeLessThan(12)
    expect(Math.abs(forecast(last(noisy, [15])) - 30)).toBeLessThan(5)
  })

  it('forecasts slow movers by the method that the recipe names', () => {
    const slow: number[] = Array.from({ length: 60 }, (_, week) =>
      week % 5 === 0 && week < 45 ? 3 : 0,
    )
    const lumpy = slow.map((value, week) => (week % 15 === 0 ? 8 * value : value))
    const by = (intermittent: string, row = slow) =>
      fitAndForecast(exponentialSmoothing, panelOf([row]), 1, { intermittent })[0][0]
    expect(by('tsb')).toBeLessThan(by('sba'))
    expect(by('adida')).not.toBe(by('tsb'))
    expect(by('by-class')).toBe(by('adida'))
    expect(by('by-class', lumpy)).toBe(by('tsb', lumpy))
  })

  it('never gives a level outside what was sold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (values, alpha) => {
          const level = smoothedLevel(series(...values), flat(series(...values)), alpha)
          expect(level).toBeGreaterThanOrEqual(Math.min(...values) * (1 - 1e-9))
          expect(level).toBeLessThanOrEqual(Math.max(...values) * (1 + 1e-9))
        },
      ),
    )
  })
})
