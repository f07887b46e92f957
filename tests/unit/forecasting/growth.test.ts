import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../../../src/base/random.ts'
import type { Frequency } from '../../../src/demand/calendar.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import { believedGrowth } from '../../../src/forecasting/features/growth.ts'
import { sharedSeasons } from '../../../src/forecasting/features/seasonal-histories.ts'
import { fitAndForecast, panelOf } from './panels.ts'

/** Seasonal naive says by definition what was a season ago. */
const growing = Object.values(families).filter(({ name }) => name !== 'seasonal-naive')

describe.each(growing)('$name', (family) => {
  it.each<[Frequency, number, number]>([
    ['week', 30, 0.004],
    ['week', 68, 0.01],
    ['week', 104, 0.004],
    ['week', 104, -0.01],
    ['week', 156, 0.002],
    ['month', 36, 0.01],
    ['month', 60, -0.005],
    ['day', 200, 0.002],
  ])(
    'forecasts growth by the %s over %d of them, %d each, so that nobody buys short',
    (frequency, periods, growth) => {
      const demand = (period: number) => 100 * Math.exp(growth * period)
      const units = [1, 3, 10].map((size) =>
        Array.from({ length: periods }, (_, period) => size * demand(period)),
      )
      const horizon = 8
      const isTrees = family.name === 'boosted-trees'
      const settings = isTrees ? { trees: 60, learningRate: 0.15 } : {}
      const most = isTrees ? 0.03 : 0.01
      fitAndForecast(family, panelOf(units, { frequency }), horizon, settings).forEach(
        (row, series) => {
          row.forEach((value, step) => {
            const sold = [1, 3, 10][series] * demand(periods + step)
            expect(Math.abs(value / sold - 1)).toBeLessThan(most)
          })
        },
      )
    },
  )
})

describe.each([families['exponential-smoothing'], families.theta])('$name', (family) => {
  it('is not beaten by itself without a season where months are all alike, so that no store buys for chance', () => {
    const random = seededRandom(7)
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const MONTHS = 36
    const demand = Array.from({ length: 150 }, () => {
      let level = 5 + normal()
      return Array.from({ length: MONTHS }, () => {
        level += 0.1 * normal()
        return Math.exp(level + 0.7 * normal())
      })
    })
    const off = (season: string) => {
      let sum = 0
      for (const known of [27, 30, 33]) {
        const panel = panelOf(
          demand.map((row) => row.slice(0, known)),
          { frequency: 'month' },
        )
        fitAndForecast(family, panel, 3, { season }).forEach((row, series) => {
          row.forEach((value, step) => {
            sum += Math.abs(value - demand[series][known + step])
          })
        })
      }
      return sum
    }
    expect(off('profile')).toBeLessThan(1.01 * off('none'))
  })
})

describe('growth', () => {
  const SHAPE = { frequency: 'week' } as const
  const wandering = (random: Random, growth: number, noise: number, step: number) => {
    let level = Math.log(100)
    return Array.from({ length: 104 }, () => {
      level += growth + step * (random() - 0.5)
      return Math.exp(level) * (1 + noise * (random() - 0.5))
    })
  }
  const panelWith = (seed: number, growth: number, noise: number, step = 0) => {
    const random = seededRandom(seed)
    return panelOf(
      Array.from({ length: 20 }, () => wandering(random, growth, noise, step)),
      SHAPE,
    )
  }

  it('is found through noise, and with a true season, so that a growing chain is not bought short', () => {
    for (const seed of [1, 2, 3]) {
      const found = sharedSeasons(panelWith(seed, 0.004, 1), 52).growth
      expect(found).toBeGreaterThan(0.003)
      expect(found).toBeLessThan(0.005)
    }
  })

  it.each<[string, number, number, number, number]>([
    ['levels stay', 20, 0.5, 0, 0.0001],
    ['levels wander', 20, 0.5, 0.2, 0.0016],
    ['the level of the one product wanders', 1, 0.5, 0.3, 0.003],
  ])(
    'is about none where there is none and %s, so that no trend is bought that is none',
    (_, products, noise, step, usual) => {
      const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1)
      const found = seeds.map((seed) => {
        const random = seededRandom(seed)
        const units = Array.from({ length: products }, () => wandering(random, 0, noise, step))
        return sharedSeasons(panelOf(units, SHAPE), 1).growth!
      })
      const square = found.reduce((sum, growth) => sum + growth ** 2, 0) / seeds.length
      expect(Math.sqrt(square)).toBeLessThan(usual)
    },
  )

  it('of a young chain is believed as far as it is told, neither wholly nor not at all', () => {
    const found = Array.from({ length: 20 }, (_, seed) => {
      const random = seededRandom(seed + 1)
      const units = Array.from({ length: 20 }, () => wandering(random, 0.004, 1, 0).slice(0, 40))
      return sharedSeasons(panelOf(units, SHAPE), 1).growth!
    })
    const mean = found.reduce((sum, growth) => sum + growth, 0) / found.length
    const square = found.reduce((sum, growth) => sum + (growth - 0.004) ** 2, 0) / found.length
    expect(mean).toBeGreaterThan(0.0024)
    expect(Math.sqrt(square)).toBeLessThan(0.0019)
  })

  it('is not read from noise itself: a week after a good one is no worse week', () => {
    const random = seededRandom(3)
    const found = Array.from({ length: 40 }, () => {
      const panel = panelOf([wandering(random, 0, 1.8, 0)], SHAPE)
      return sharedSeasons(panel, 1).growth!
    })
    expect(Math.abs(found.reduce((sum, growth) => sum + growth, 0) / 40)).toBeLessThan(5e-4)
  })

  it('is not read from launches: what is new sells more from week to week, and then no more', () => {
    const launched = Array.from({ length: 10 }, (_, series) =>
      Array.from({ length: 104 }, (_, week) => {
        const age = week - 8 * series
        return age < 0 ? Number.NaN : 100 * Math.min(1, (1 + age) / 6)
      }),
    )
    const steady = launched.map((row) => row.map(() => 100))
    const panel = panelOf([...launched, ...steady], SHAPE)
    expect(Math.abs(sharedSeasons(panel, 1).growth ?? 0)).toBeLessThan(1e-3)
  })

  it('is none where little or nothing is known, and never so large that a chain is gone in a year', () => {
    const history = (units: number[]) => ({
      units: Float64Array.from(units),
      factors: new Float64Array(units.length).fill(1),
      from: 0,
    })
    expect(believedGrowth([], 'week')).toBe(0)
    expect(believedGrowth([history([])], 'week')).toBe(0)
    expect(believedGrowth([history(new Array(100).fill(0))], 'week')).toBe(0)
    expect(believedGrowth([history(new Array(100).fill(7))], 'week')).toBeCloseTo(0, 12)
    expect(believedGrowth([history([1, 2, 4, 8, 16, 32, 64, 128, 256, 512])], 'week')).toBe(0)
    for (const times of [0.3, 3]) {
      const units = Array.from({ length: 40 }, (_, week) => 100 * times ** week)
      expect(Math.abs(believedGrowth([history(units)], 'week'))).toBeLessThan(0.11)
    }
  })

  it('does not go on for ever, whatever is asked', () => {
    const units = Array.from({ length: 60 }, (_, week) => 100 * 1.01 ** week)
    const [row] = fitAndForecast(families['exponential-smoothing'], panelOf([units]), 200)
    expect(row[199]).toBe(row[26])
  })

  it('is none, and the profile stands as it is, in models that were trained before there was any', () => {
    const units = Array.from({ length: 140 }, (_, day) => (day % 7 < 5 ? 10 : 40))
    const panel = panelOf([units], { frequency: 'day', firstPeriod: 4 })
    const profile = [0.5, 0.5, 0.5, 0.5, 0.5, 2, 2.5]
    const seasons = { season: 7, categoryProfiles: {}, profile, alphas: [0.1], errors: [1] }
    const { 'exponential-smoothing': smoothing, theta, 'moving-average': average } = families
    for (const forecast of [
      smoothing.forecast(panel, 7, { intermittent: 'tsb', ...seasons }),
      theta.forecast(panel, 7, seasons),
    ]) {
      expect(forecast[5] / forecast[0]).toBeGreaterThan(3)
    }
    expect([...average.forecast(panel, 2, { window: 7 })]).toEqual([130 / 7, 130 / 7])
  })
})
