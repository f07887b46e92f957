import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import {
  intervalOf,
  type PairedCells,
  pairedDifference,
} from '../../../src/evaluation/gate/bootstrap.ts'
import { metricByPeriod, periodSums } from '../../../src/evaluation/scoring/by-period.ts'
import { metrics } from '../../../src/evaluation/scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../../../src/evaluation/scoring/rows.ts'
import { forecastOf, levels, originRows } from './examples.ts'

const HORIZON = 6
const FIRST = 19_997 // a Sunday

describe('what is sure of a model by itself', () => {
  test('is about the metric that the evaluation shows', () => {
    const { rows, forecasts } = overlapping(20, 1.3)
    const shown = metrics(rows, forecasts, levels)
    expect(found('bias', rows, forecasts).estimate).toBeCloseTo(shown.bias!, 9)
    expect(found('coverage80', rows, forecasts).estimate).toBeCloseTo(shown.coverage80!, 1)
  })

  test.each([3, 20])('of %i series, that it forecasts twice what sells after a break', (series) => {
    const { rows, forecasts } = overlapping(series, 2)
    expect(found('bias', rows, forecasts).low).toBeGreaterThan(0.15)
  })

  test('a shock that hits all series of a period says little about the next ones', () => {
    const calm = overlapping(20, 1)
    const shaken = overlapping(20, 1, (period) => (period === 3 ? 0.3 : 1))
    const width = ({ rows, forecasts }: Overlapping) => {
      const { low, high } = found('bias', rows, forecasts)
      return high - low
    }
    expect(width(shaken)).toBeGreaterThan(4 * width(calm))
    expect(found('bias', shaken.rows, shaken.forecasts).low).toBeLessThan(0.15)
  })

  test('that all of a few rows lie in the interval does not make it too wide', () => {
    const { rows, forecasts } = overlapping(4, 1)
    expect(metrics(rows, forecasts, levels).coverage80).toBe(1)
    expect(found('coverage80', rows, forecasts).low).toBeLessThan(0.97)
  })

  test('comes from each series in each period, whichever origins forecast it', () => {
    const [first, second] = [
      originRows([
        [10, 20],
        [0, 40],
        [Number.NaN, Number.NaN],
      ]),
      originRows([[60, 70]]),
    ]
    const [, other] = first.series
    const rows = [
      { ...first, day: FIRST },
      { ...second, day: FIRST + 7, series: [other] },
    ]
    const forecasts = [forecastOf([11, 22, 3, 40, 5, 5]), forecastOf([66, 70])]
    const options = { levels, frequency: 'week' as const }
    const bias = {
      series: [0, 0, 1, 1, 1],
      origin: [1, 2, 1, 2, 3],
      change: [1, 2, 3, 0 + 6, 0],
      base: [10, 20, 0, 40 + 60, 70],
    }
    expect(byPeriod('bias', rows, forecasts, options)).toEqual(pairedDifference(cells(bias), 1))
    const coverage = {
      series: [0, 2, 3, 0, 2, 3, 1, 1, 2, 3, 1],
      origin: [1, 1, 1, 2, 2, 2, 1, 2, 3, 3, 3],
      change: [1, 1, 0, 1, 1, 0, 0, 2, 1, 0, 1],
      base: [1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1],
    }
    const found = byPeriod('coverage80', rows, forecasts, options)!
    const expected = pairedDifference(cells(coverage), 1)!
    expect(found.estimate).toBeCloseTo(expected.estimate, 12)
    expect(found.standardError).toBeCloseTo(expected.standardError, 12)
    expect(found.degrees).toBeCloseTo(expected.degrees, 12)
  })

  test('nothing is, where nothing was scored or a forecast is no number', () => {
    const { rows, forecasts } = overlapping(4, 1)
    const broken = forecasts.map(({ mean, quantiles }) => ({
      mean: mean.map(() => Number.NaN),
      quantiles,
    }))
    const options = { levels, frequency: 'week' as const }
    expect(byPeriod('bias', rows, broken, options)).toBeUndefined()
    expect(byPeriod('bias', [], [], options)).toBeUndefined()
    expect(byPeriod('coverage80', [], [], options)).toBeUndefined()
  })
})

type Overlapping = { rows: OriginRows[]; forecasts: OriginForecast[] }

/** Six origins a week apart, of each the weeks that are over; forecast is `factor` × what sells. */
function overlapping(
  series: number,
  factor: number,
  shock: (period: number) => number = () => 1,
): Overlapping {
  const random = seededRandom(series)
  const levelOf = Array.from({ length: series }, () => 50 + 100 * random())
  const sold = Array.from({ length: HORIZON }, (_, period) =>
    levelOf.map((mean) => mean * shock(period) * (0.9 + 0.2 * random())),
  )
  const origins = Array.from({ length: HORIZON }, (_, origin) => origin)
  return {
    rows: origins.map((origin) => ({
      ...originRows(levelOf.map((_, i) => sold.slice(origin).map((week) => week[i]))),
      day: FIRST + 7 * origin,
    })),
    forecasts: origins.map((origin) =>
      forecastOf(levelOf.flatMap((mean) => sold.slice(origin).map(() => factor * mean))),
    ),
  }
}

function cells({ origin, series, change, base }: Record<keyof PairedCells, number[]>): PairedCells {
  return {
    origin: Int32Array.from(origin),
    series: Int32Array.from(series),
    change: Float64Array.from(change),
    base: Float64Array.from(base),
  }
}

function found(name: 'bias' | 'coverage80', rows: OriginRows[], forecasts: OriginForecast[]) {
  return intervalOf(byPeriod(name, rows, forecasts, { levels, frequency: 'week' })!, 0.99)
}

function byPeriod(
  name: 'bias' | 'coverage80',
  ...of: Parameters<typeof periodSums> extends [unknown, ...infer Rest] ? Rest : never
) {
  return metricByPeriod(name, periodSums(name, ...of))
}
