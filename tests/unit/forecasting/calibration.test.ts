import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { calibrate } from '../../../src/forecasting/calibrate.ts'
import { quantilesOfTotal } from '../../../src/forecasting/calibration.ts'
import type { Spread } from '../../../src/forecasting/new-series.ts'

const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]
const HORIZON = 4

/** What commit 6771c6e forecast from the artifact below. */
const OF_FORMAT_4 = [
  97.27307582163307, 132.37897377153763, 172.5, 212.62102622846237, 252.74205245692474,
]

const spreadOf = (deviation: number, widening = 1): Spread => ({
  deviation,
  widening,
  surprise: 1,
  most: 1e6,
})

const expected = (...means: number[]) => ({ mean: Float64Array.from(means) })

/** Backtest errors of 200 series whose forecast is 100 and whose demand is uniform around it. */
function errorsAround(width: number, seed: number) {
  const random = seededRandom(seed)
  const cells = 200 * HORIZON
  return {
    spread: new Array<Spread>(200).fill(spreadOf(10)),
    mean: new Float64Array(cells).fill(100),
    actual: Float64Array.from({ length: cells }, () => 100 + width * (2 * random() - 1)),
  }
}

/**
 * 200 series of 10 a day, each day by `chance`; after a week their levels go up or down, by 15% a week,
 * and from the first day on they are not as they were before, by `moved`.
 */
function drifting(seed: number, { chance = 2, moved = 0 } = {}) {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const rows = Array.from({ length: 200 }, (_, row) => row)
  const period = Int32Array.from({ length: 7 * HORIZON }, (_, day) => Math.floor(day / 7))
  const daily = rows.flatMap(() => {
    let level = moved > 0 ? 10 * (1 + moved * normal()) : 10
    return Array.from(period, (_, day) => {
      if (day > 0 && day % 7 === 0) level *= 1 + 0.15 * normal()
      return level + chance * normal()
    })
  })
  const actual = new Float64Array(200 * HORIZON)
  daily.forEach((units, day) => {
    actual[Math.floor(day / 7)] += units
  })
  const days = { rows, period, share: new Float64Array(daily.length).fill(1 / 7) }
  return {
    spread: rows.map(() => spreadOf(5)),
    mean: new Float64Array(200 * HORIZON).fill(70),
    actual,
    days: { ...days, actual: Float64Array.from(daily) },
  }
}

describe('calibrated quantiles', () => {
  it('cover what they promise, however wide the errors are', () => {
    for (const width of [5, 50]) {
      const calibration = calibrate([errorsAround(width, 1)], HORIZON, LEVELS)
      const [, low, , high] = quantilesOfTotal(calibration, spreadOf(10), expected(100), [1], 1)
      const fresh = errorsAround(width, 2).actual
      const covered = fresh.filter((value) => low <= value && value <= high).length / fresh.length
      expect(covered).toBeGreaterThan(0.75)
      expect(covered).toBeLessThan(0.85)
    }
  })

  it('never cross and are never negative, whatever the errors, forecasts and span', () => {
    const units = fc.double({ min: 0, max: 1e6, noNaN: true })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(units, units), { minLength: 0, maxLength: 60 }),
        fc.array(fc.tuple(units, share), { minLength: 1, maxLength: 8 }),
        units,
        (history, span, spread) => {
          const n = Math.floor(history.length / HORIZON)
          const errors = {
            spread: new Array<Spread>(n).fill(spreadOf(1)),
            mean: Float64Array.from(history.slice(0, n * HORIZON), ([mean]) => mean),
            actual: Float64Array.from(history.slice(0, n * HORIZON), ([, actual]) => actual),
          }
          const calibration = calibrate([errors], HORIZON, LEVELS)
          const means = span.map(([mean]) => mean)
          const weights = span.map(([, weight]) => weight)
          const quantiles = quantilesOfTotal(
            calibration,
            spreadOf(spread),
            expected(...means),
            weights,
            1,
          )
          quantiles.forEach((value, level) => {
            expect(value).toBeGreaterThanOrEqual(level > 0 ? quantiles[level - 1] : 0)
          })
        },
      ),
    )
  })

  it('widen with the total, but less than its length, when errors are independent', () => {
    const calibration = calibrate([errorsAround(30, 3)], HORIZON, LEVELS)
    const width = (periods: number) => {
      const ones = new Array(periods).fill(1)
      const means = new Array(periods).fill(100)
      const quantiles = quantilesOfTotal(calibration, spreadOf(10), expected(...means), ones, 1)
      return quantiles[3] - quantiles[1]
    }
    expect(width(4)).toBeGreaterThan(width(1) * 1.5)
    expect(width(4)).toBeLessThan(width(1) * 3)
  })

  it('are as much wider as the level of a new product is uncertain, and taught by no such width', () => {
    const width = (errors: ReturnType<typeof errorsAround>, spread: Spread) => {
      const calibration = calibrate([errors], HORIZON, LEVELS)
      const quantiles = quantilesOfTotal(calibration, spread, expected(100), [1], 1)
      return quantiles[3] - quantiles[1]
    }
    const errors = errorsAround(20, 4)
    const usual = width(errors, spreadOf(10))
    expect(width(errors, spreadOf(10, 3))).toBeCloseTo(3 * usual, 6)
    const ofNew = {
      ...errors,
      spread: errors.spread.map(() => spreadOf(10, 3)),
      actual: errors.actual.map((units) => 100 + 3 * (units - 100)),
    }
    // What hit all at once was three times as much as well, and is drawn towards nothing.
    expect(width(ofNew, spreadOf(10)) / usual).toBeCloseTo(1, 1)
  })

  it('do not take the month that hit all products at the only origin for what will come', () => {
    const median = (origins: number) => {
      const hit = Array.from({ length: origins }, (_, k) => errorsAround(20, 5 + k)).map((it) => ({
        ...it,
        actual: it.actual.map((units) => 0.7 * units),
      }))
      const calibration = calibrate(hit, HORIZON, LEVELS)
      return quantilesOfTotal(calibration, spreadOf(10), expected(100), [1], 1)[2]
    }
    expect(median(1)).toBeGreaterThan(73)
    // What all of many origins say is so.
    expect(median(8)).toBeLessThan(71)
  })

  it('hold of days of the first week as of the last, where levels drift and days are chance', () => {
    const calibration = calibrate(
      [1, 2, 3, 4].map((seed) => drifting(seed)),
      HORIZON,
      LEVELS,
    )
    const fresh = [5, 6, 7, 8].map((seed) => drifting(seed))
    for (const week of [0, HORIZON - 1]) {
      const one = new Array(week + 1).fill(0).with(week, 1 / 7)
      const mean = new Array(week + 1).fill(70)
      const [, low, , high] = quantilesOfTotal(calibration, spreadOf(5), expected(...mean), one, 1)
      const days = fresh.flatMap((of) =>
        Array.from(of.days.actual).filter((_, d) => of.days.period[d % 28] === week),
      )
      const covered = days.filter((units) => low <= units && units <= high).length / days.length
      expect(Math.abs(covered - 0.8)).toBeLessThan(0.06)
    }
  })

  it('hold of a day and of three where a week is hardly chance, as of high volume', () => {
    const highVolume = (seed: number) => drifting(seed, { chance: 0.7, moved: 0.1 })
    const calibration = calibrate([1, 2, 3, 4].map(highVolume), HORIZON, LEVELS)
    const fresh = [5, 6, 7, 8].map(highVolume)
    for (const days of [1, 3]) {
      const [, low, , high] = quantilesOfTotal(
        calibration,
        spreadOf(5),
        expected(70),
        [days / 7],
        1,
      )
      const totals = fresh.flatMap(({ days: { rows, actual } }) =>
        rows.map((row) => {
          const from = row * 7 * HORIZON
          return actual.slice(from, from + days).reduce((sum, units) => sum + units, 0)
        }),
      )
      const covered = totals.filter((units) => low <= units && units <= high).length / totals.length
      expect(Math.abs(covered - 0.8)).toBeLessThan(0.04)
    }
  })

  it('are of a total as much wider as of a period, where levels are what is not known', () => {
    const random = seededRandom(9)
    const errors = [1, 2, 3, 4].map(() => {
      const levels = Float64Array.from({ length: 200 }, () => 60 * random() - 30)
      const actual = Float64Array.from({ length: 200 * HORIZON }, (_, cell) => {
        return 100 + levels[Math.floor(cell / HORIZON)]
      })
      return { ...errorsAround(0, 1), actual }
    })
    const calibration = calibrate(errors, HORIZON, LEVELS)
    const width = (widening: number) => {
      const means = new Array(HORIZON).fill(100)
      const ones = new Array(HORIZON).fill(1)
      const spread = spreadOf(10, widening)
      const quantiles = quantilesOfTotal(calibration, spread, expected(...means), ones, 1)
      return quantiles[3] - quantiles[1]
    }
    expect(width(2) / width(1)).toBeCloseTo(2, 0)
  })

  it('are of an artifact of before the code that wrote it, of young series as well', () => {
    const scores = [
      [-1.5, -1, 0, 1, 2],
      [-2, -1, 0, 1, 2],
    ]
    const old = {
      levels: LEVELS,
      scale: { intercept: 0.1, mean: 0.5, spread: 0.25 },
      growth: [0.9, 1, 1.1, 1.2],
      limits: [],
      classes: [{ scores: 100, quantiles: scores }],
    }
    const of = quantilesOfTotal(old, spreadOf(8, 1.5), expected(90, 100, 110), [0.5, 1, 0.25], 2)
    for (const [level, units] of of.entries()) expect(units).toBeCloseTo(OF_FORMAT_4[level], 9)
  })

  it('are of a little more about the same, so that no product is of another kind for a unit', () => {
    // What sells little varies for its size, what sells much does not.
    const random = seededRandom(11)
    const mean = Float64Array.from({ length: 600 * HORIZON }, (_, cell) => {
      return 10 ** (1 + Math.floor(cell / HORIZON) / 200)
    })
    const skewed = mean.map((units) => units * (units < 300 ? -Math.log(random()) : 2 * random()))
    const spread = Array.from({ length: 600 }, (_, row) => spreadOf(mean[row * HORIZON]))
    const calibration = calibrate([{ mean, actual: skewed, spread }], HORIZON, LEVELS)
    expect(calibration.limits.length).toBeGreaterThan(3)
    for (const limit of calibration.limits) {
      const [below, above] = [0.999, 1.001].map((times) =>
        quantilesOfTotal(calibration, spreadOf(limit), expected(times * limit), [1], 1),
      )
      for (const [level, units] of above.entries()) {
        expect(Math.abs(units - below[level])).toBeLessThan(0.01 * limit)
      }
    }
  })

  it('exist without any backtest, as those of a normal distribution', () => {
    const calibration = calibrate([], HORIZON, LEVELS)
    const [, low, middle, high] = quantilesOfTotal(calibration, spreadOf(5), expected(10), [1], 1)
    expect(middle).toBe(10)
    expect(low).toBeLessThan(10)
    expect(high - 10).toBeCloseTo(10 - low)
  })
})

/** 300 series that all vary alike so far, with 10 expected; of every other one the model expects more. */
function unequalShapes(seed: number, times = 1) {
  const random = seededRandom(seed)
  const cells = 300 * HORIZON
  const isWide = (cell: number) => Math.floor(cell / HORIZON) % 2 === 1
  const mean = new Float64Array(cells).fill(10 * times)
  const width = mean.map((_, cell) => (isWide(cell) ? 1.6 : 0.2))
  return {
    spread: new Array<Spread>(300).fill(spreadOf(3 * times)),
    mean,
    shape: { median: new Float64Array(cells).fill(1), width },
    actual: mean.map(
      (units, cell) => units * (1 + (isWide(cell) ? 1 : 0.125) * (2 * random() - 1)),
    ),
  }
}

describe('the shape that a model expects', () => {
  const outlook = (width: number, times = 1, median = 1) => ({
    mean: Float64Array.of(10 * times),
    shape: { median: Float64Array.of(median), width: Float64Array.of(width) },
  })
  const intervals = (times = 1) => {
    const errors = [1, 2, 3].map((seed) => unequalShapes(seed, times))
    const calibration = calibrate(errors, HORIZON, LEVELS)
    return [0.2, 1.6].map((width) =>
      quantilesOfTotal(calibration, spreadOf(3 * times), outlook(width, times), [1], 1),
    )
  }

  it('widens the intervals of what it is wide of, and no others, so that both are covered', () => {
    const fresh = unequalShapes(4)
    for (const [which, [, low, , high]] of intervals().entries()) {
      const asked = fresh.actual.filter((_, cell) => Math.floor(cell / HORIZON) % 2 === which)
      const covered = asked.filter((value) => low <= value && value <= high).length / asked.length
      expect(Math.abs(covered - 0.8)).toBeLessThan(0.08)
    }
  })

  it('is one of shares: grams and tons have the same intervals', () => {
    const tons = intervals(1e-4)
    for (const [which, of] of intervals().entries()) {
      for (const [level, units] of of.entries()) {
        expect(tons[which][level] * 1e4).toBeCloseTo(units, 3)
      }
    }
  })

  it('puts the median of a period below its mean, and that of a long total hardly', () => {
    const calibration = calibrate([], HORIZON, LEVELS)
    const medianOf = (periods: number) => {
      const each = <T>(value: T) => new Array<T>(periods).fill(value)
      const whole = {
        mean: Float64Array.from(each(10)),
        shape: { median: Float64Array.from(each(0.8)), width: Float64Array.from(each(1)) },
      }
      return quantilesOfTotal(calibration, spreadOf(5), whole, each(1), 1)[2]
    }
    expect(medianOf(1)).toBeCloseTo(8)
    expect(medianOf(10)).toBeCloseTo(98)
  })

  it('has its median moved by a bias of all origins, and not by one that the newest does not have', () => {
    const medianAfter = (biases: number[]) => {
      const errors = biases.map((bias, seed) => {
        const errors = unequalShapes(seed)
        return { ...errors, actual: errors.actual.map((units) => units * bias) }
      })
      return quantilesOfTotal(
        calibrate(errors, HORIZON, LEVELS),
        spreadOf(3),
        outlook(1.6),
        [1],
        1,
      )[2]
    }
    expect(medianAfter([0.6, 0.62, 0.58, 0.6])).toBeLessThan(8)
    expect(medianAfter([0.6, 0.62, 0.58, 1.05])).toBeCloseTo(10, 0)
    expect(medianAfter([1.3, 0.7, 1.3, 0.7])).toBeCloseTo(10, 0)
  })
})
