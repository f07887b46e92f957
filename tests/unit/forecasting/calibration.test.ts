import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { calibrate, quantilesOfTotal } from '../../../src/forecasting/calibration.ts'
import type { Spread } from '../../../src/forecasting/new-series.ts'

const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]
const HORIZON = 4

const spreadOf = (deviation: number, widening = 1): Spread => ({
  deviation,
  widening,
  surprise: 1,
  most: 1e6,
})

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

describe('calibrated quantiles', () => {
  it('cover what they promise, however wide the errors are', () => {
    for (const width of [5, 50]) {
      const calibration = calibrate([errorsAround(width, 1)], HORIZON, LEVELS)
      const [, low, , high] = quantilesOfTotal(calibration, spreadOf(10), [100], [1], 1)
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
          const quantiles = quantilesOfTotal(calibration, spreadOf(spread), means, weights, 1)
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
      const quantiles = quantilesOfTotal(calibration, spreadOf(10), means, ones, 1)
      return quantiles[3] - quantiles[1]
    }
    expect(width(4)).toBeGreaterThan(width(1) * 1.5)
    expect(width(4)).toBeLessThan(width(1) * 3)
  })

  it('are as much wider as the level of a new product is uncertain, and taught by no such width', () => {
    const width = (errors: ReturnType<typeof errorsAround>, spread: Spread) => {
      const calibration = calibrate([errors], HORIZON, LEVELS)
      const quantiles = quantilesOfTotal(calibration, spread, [100], [1], 1)
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
      return quantilesOfTotal(calibration, spreadOf(10), [100], [1], 1)[2]
    }
    expect(median(1)).toBeGreaterThan(73)
    // What all of many origins say is so.
    expect(median(8)).toBeLessThan(71)
  })

  it('exist without any backtest, as those of a normal distribution', () => {
    const calibration = calibrate([], HORIZON, LEVELS)
    const [, low, middle, high] = quantilesOfTotal(calibration, spreadOf(5), [10], [1], 1)
    expect(middle).toBe(10)
    expect(low).toBeLessThan(10)
    expect(high - 10).toBeCloseTo(10 - low)
  })
})
