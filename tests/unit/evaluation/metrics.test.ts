import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metricNames, metricsOf, score } from '../../../src/evaluation/scoring/metrics.ts'
import {
  metrics,
  metricsOfCells,
  scoreOrigins,
} from '../../../src/evaluation/scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../../../src/evaluation/scoring/rows.ts'
import { forecastOf, levels, originRows } from './examples.ts'

// Two series over two weeks; each value below can be checked with pencil and paper.
const rows: OriginRows = {
  ...originRows(
    [
      [10, 20],
      [0, 4],
    ],
    { categories: ['Rice', 'Books'] },
  ),
  naiveAbsoluteError: Float64Array.of(4, 2),
  naiveSquaredError: Float64Array.of(16, 2),
}
const forecast: OriginForecast = {
  mean: Float64Array.of(12, 18, 1, 4),
  quantiles: Float64Array.of(
    ...[5, 8, 12, 16, 20],
    ...[10, 14, 18, 19, 30],
    ...[0, 0, 1, 2, 3],
    ...[0, 1, 4, 6, 8],
  ),
}

describe('metrics by hand', () => {
  const found = metrics([rows], [forecast], levels)

  test('weighted quantile loss: two thirds of the pinball losses 1.1, 2.5 and 1.9, over 34 sold', () => {
    expect(found.weightedQuantileLoss).toBeCloseTo(((2 / 3) * (1.1 + 2.5 + 1.9)) / 34, 12)
  })

  test('WAPE: absolute errors of 5, over 34 sold', () => {
    expect(found.wape).toBeCloseTo(5 / 34, 12)
  })

  test('MASE: mean of 2 over a scale of 4 and 0.5 over a scale of 2', () => {
    expect(found.mase).toBeCloseTo((2 / 4 + 0.5 / 2) / 2, 12)
  })

  test('RMSSE: mean of the roots of 4 over 16 and 0.5 over 2', () => {
    expect(found.rmsse).toBeCloseTo((Math.sqrt(4 / 16) + Math.sqrt(0.5 / 2)) / 2, 12)
  })

  test('bias: one unit too many, over 34 sold', () => {
    expect(found.bias).toBeCloseTo(1 / 34, 12)
  })

  test('coverage: three of four within the 80% interval, all within the 95% interval', () => {
    expect(found.coverage80).toBe(0.75)
    expect(found.coverage95).toBe(1)
  })
})

describe('what is scored', () => {
  test('a row that is not scored does not change any metric', () => {
    const withGap = originRows([[10, 20, Number.NaN]])
    const gapForecast = forecastOf([12, 18, 1e9])
    const without = originRows([[10, 20]])
    expect(metrics([withGap], [gapForecast], levels)).toEqual(
      metrics([without], [forecastOf([12, 18])], levels),
    )
  })

  test('all origins count, not the last one alone', () => {
    const two = metrics(
      [originRows([[10]]), originRows([[30]], { origin: 1 })],
      [forecastOf([20]), forecastOf([30])],
      levels,
    )
    expect(two.wape).toBe(0.25)
  })

  test('a category is scored on its own series', () => {
    const books = metricsOfCells(scoreOrigins([rows], [forecast], levels), (cell) => {
      return cell.series.category === 'Books'
    })
    expect(books.wape).toBe(0.25)
  })

  test('a span of horizons is scored on its own periods', () => {
    const second = metricsOfCells(scoreOrigins([rows], [forecast], levels, { from: 2, to: 2 }))
    expect(second.wape).toBeCloseTo(2 / 24, 12)
  })
})

describe('forecasts that are no backtest', () => {
  // What was published in two weeks of two products, in the order in which it became known.
  const columns = {
    cell: Int32Array.of(1, 0, 1, 0),
    actual: Float64Array.of(0, 10, 4, 20),
    mean: Float64Array.of(1, 12, 4, 18),
    quantiles: Float64Array.of(
      ...[0, 0, 1, 2, 3],
      ...[5, 8, 12, 16, 20],
      ...[0, 1, 4, 6, 8],
      ...[10, 14, 18, 19, 30],
    ),
    levels,
    naiveAbsoluteError: rows.naiveAbsoluteError,
    naiveSquaredError: rows.naiveSquaredError,
  }
  const scores = score(columns)

  test('have the metrics of a backtest of the same rows', () => {
    expect(metricsOf(scores)).toEqual(metrics([rows], [forecast], levels))
    expect([...scores.rows]).toEqual([2, 2])
  })

  test('have metrics by segment: of those cells and no others', () => {
    const categories = ['Rice', 'Books']
    for (const category of categories) {
      expect(metricsOf(scores, (cell) => categories[cell] === category)).toEqual(
        metricsOfCells(
          scoreOrigins([rows], [forecast], levels),
          ({ series }) => series.category === category,
        ),
      )
    }
  })

  test('count from the day on which their actual is known, whatever else is forecast', () => {
    const actual = Float64Array.of(0, Number.NaN, 4, Number.NaN)
    const known = score({ ...columns, actual })
    expect([...known.rows]).toEqual([0, 2])
    expect(metricsOf(known)).toEqual(metricsOf(scores, (cell) => cell === 1))
    expect(metricsOf(known, (cell) => cell === 0)).toEqual({})
  })
})

describe('a metric that cannot be computed is absent, never 0', () => {
  test('nothing was scored: no metric', () => {
    expect(metrics([originRows([[Number.NaN]])], [forecastOf([1])], levels)).toEqual({})
    expect(metrics([], [], levels)).toEqual({})
  })

  test('nothing was sold: no metric that is relative to sales', () => {
    const found = metrics([originRows([[0, 0]])], [forecastOf([1, 1])], levels)
    expect(Object.keys(found).sort()).toEqual(['coverage80', 'coverage95', 'mase', 'rmsse'])
  })

  test('no history to scale by: no MASE and no RMSSE', () => {
    for (const scale of [0, Number.NaN]) {
      const unscaled = {
        ...originRows([[3]]),
        naiveAbsoluteError: Float64Array.of(scale),
        naiveSquaredError: Float64Array.of(scale),
      }
      const found = metrics([unscaled], [forecastOf([4])], levels)
      expect(found).not.toHaveProperty('mase')
      expect(found).not.toHaveProperty('rmsse')
      expect(found).toHaveProperty('wape')
    }
  })

  test('a level that was not forecast: no metric that needs it', () => {
    const medianOnly = { mean: Float64Array.of(4), quantiles: Float64Array.of(4) }
    const found = metrics([originRows([[3]])], [medianOnly], [0.5])
    expect(Object.keys(found).sort()).toEqual(['bias', 'mase', 'rmsse', 'wape'])
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a mean forecast of %s', (broken) => {
    const found = metrics([originRows([[3, 3]])], [forecastOf([3, broken])], levels)
    expect(found).toEqual({})
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a quantile of %s', (broken) => {
    const wrong = forecastOf([3, 3])
    wrong.quantiles[1] = broken
    const found = metrics([originRows([[3, 3]])], [wrong], levels)
    expect(found).not.toHaveProperty('weightedQuantileLoss')
    expect(found).not.toHaveProperty('coverage80')
    expect(found).toHaveProperty('coverage95')
  })
})

describe('properties', () => {
  const units = fc.integer({ min: 0, max: 500 })
  const sample = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 500 }), units), { minLength: 1, maxLength: 12 })
    .map((pairs) => ({ sold: pairs.map(([sold]) => sold), means: pairs.map(([, mean]) => mean) }))

  test('the unit of sales does not matter: kilograms and grams score alike', () => {
    fc.assert(
      fc.property(sample, ({ sold, means }) => {
        const kilograms = metrics([originRows([sold])], [forecastOf(means)], levels)
        const inGrams = {
          ...originRows([sold.map((value) => value * 1000)]),
          naiveAbsoluteError: Float64Array.of(2 * 1000),
          naiveSquaredError: Float64Array.of(4 * 1000 ** 2),
        }
        const grams = metrics([inGrams], [forecastOf(means.map((value) => value * 1000))], levels)
        for (const name of metricNames) expect(grams[name]).toBeCloseTo(kilograms[name]!, 9)
      }),
      { numRuns: 50 },
    )
  })

  test('a forecast whose quantiles are all its mean has a quantile loss equal to its WAPE', () => {
    fc.assert(
      fc.property(sample, ({ sold, means }) => {
        const mean = Float64Array.from(means)
        const quantiles = Float64Array.from(means.flatMap((value) => [value, value, value]))
        const found = metrics([originRows([sold])], [{ mean, quantiles }], [0.1, 0.5, 0.9])
        expect(found.weightedQuantileLoss).toBeCloseTo(found.wape!, 9)
      }),
      { numRuns: 50 },
    )
  })

  test('coverage is a share, and the wider interval covers at least as much', () => {
    fc.assert(
      fc.property(sample, ({ sold, means }) => {
        const { coverage80, coverage95 } = metrics(
          [originRows([sold])],
          [forecastOf(means)],
          levels,
        )
        expect(coverage80).toBeGreaterThanOrEqual(0)
        expect(coverage95).toBeLessThanOrEqual(1)
        expect(coverage95).toBeGreaterThanOrEqual(coverage80!)
      }),
      { numRuns: 50 },
    )
  })
})
