import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import {
  DEFAULT_SCALE,
  expectedError,
  learnErrorScale,
} from '../../../src/forecasting/error-scale.ts'

/** Errors whose mean absolute size is 2 × forecast^0.7 and owes nothing to the spread. */
function errorsOf(rows: number, size = (mean: number) => 2 * (mean + 0.1) ** 0.7) {
  const random = seededRandom(3)
  const mean = Float64Array.from({ length: rows }, () => 500 ** random())
  const spread = Float64Array.from({ length: rows }, () => 50 ** random())
  const error = mean.map((value) => 2 * (2 * random() - 1) * size(value))
  return { error, mean, spread }
}

describe('the error that is to be expected', () => {
  it('is found where it grows with the forecast', () => {
    const { intercept, mean, spread } = learnErrorScale(errorsOf(4000))
    expect(mean).toBeCloseTo(0.7, 1)
    expect(spread).toBeCloseTo(0, 1)
    expect(Math.exp(intercept)).toBeGreaterThan(1.7)
    expect(Math.exp(intercept)).toBeLessThan(2.3)
  })

  it('is on average the error that was made', () => {
    const errors = errorsOf(2000)
    const scale = learnErrorScale(errors)
    const made = errors.error.reduce((sum, error) => sum + Math.abs(error), 0)
    const expected = errors.error.reduce(
      (sum, _, row) => sum + expectedError(scale, errors.mean[row], errors.spread[row]),
      0,
    )
    expect(expected / made).toBeCloseTo(1, 2)
  })

  it('never shrinks with the forecast, even where the errors did', () => {
    const { mean, spread } = learnErrorScale(errorsOf(500, (units) => 10 / (units + 1)))
    expect(mean).toBe(0)
    expect(spread).toBeGreaterThanOrEqual(0)
  })

  it('owes as much to the forecast beside a spread that may tell nothing as without one', () => {
    const { error, mean, spread } = errorsOf(2000)
    const shrinking = error.map((it, row) => it / spread[row] ** 0.3)
    const beside = learnErrorScale({ error: shrinking, mean, spread })
    const alone = learnErrorScale({ error: shrinking, mean, spread: spread.map(() => 1) })
    expect(beside.spread).toBe(0)
    expect(beside.mean).toBeCloseTo(alone.mean, 4)
    expect(beside.intercept).toBeCloseTo(alone.intercept, 4)
  })

  it('is found where one error is all there is of a size', () => {
    const { error, mean, spread } = errorsOf(40)
    const width = mean.map((value) => 2 / Math.sqrt(value))
    for (const [values, value] of [
      [error, 50_000],
      [mean, 5000],
      [spread, 300],
      [width, 0.05],
    ] as const) {
      values[0] = value
    }
    const scale = learnErrorScale({ error, mean, spread, width })
    const made = error.subarray(1).reduce((sum, value) => sum + Math.abs(value), 0)
    const expected = Array.from(error.keys())
      .slice(1)
      .reduce((sum, row) => sum + expectedError(scale, mean[row], spread[row], width[row]), 0)
    expect(expected / made).toBeLessThan(2.5)
  })

  it('grows no faster than the forecast, whatever a few large ones did', () => {
    const scale = learnErrorScale(errorsOf(200, (units) => units ** 1.6))
    const tenfold = expectedError(scale, 5000, 20) / expectedError(scale, 500, 20)
    expect(tenfold).toBeLessThan(10.01)
  })

  it('is as many times more in grams as in kilograms', () => {
    const errors = errorsOf(400)
    const kilograms = learnErrorScale(errors)
    const times = (values: Float64Array) => values.map((value) => 1000 * value)
    const { error, mean, spread } = errors
    const grams = learnErrorScale({
      error: times(error),
      mean: times(mean),
      spread: times(spread),
    })
    for (const units of [0, 0.01, 3, 500]) {
      const expected = expectedError(kilograms, units, units / 2)
      expect(expectedError(grams, 1000 * units, 500 * units) / expected).toBeCloseTo(1000, 4)
    }
  })

  it('is not thrown off by forecasts whose outcome is not known', () => {
    const errors = errorsOf(400)
    const unknown = {
      error: Float64Array.from([...errors.error, ...new Array(300).fill(Number.NaN)]),
      mean: Float64Array.from([...errors.mean, ...new Array(300).fill(1e6)]),
      spread: Float64Array.from([...errors.spread, ...new Array(300).fill(1e6)]),
    }
    expect(learnErrorScale(unknown)).toEqual(learnErrorScale(errors))
  })

  it('is as much as the series varies without a backtest', () => {
    expect(learnErrorScale(errorsOf(5))).toEqual(DEFAULT_SCALE)
    for (const mean of [1, 10, 100]) {
      const deviation = 0.8 * Math.sqrt(mean)
      const expected = expectedError(DEFAULT_SCALE, mean, deviation)
      expect(expected / deviation).toBeGreaterThan(0.8)
      expect(expected / deviation).toBeLessThan(1.25)
    }
  })
})
