import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import type { Frequency } from '../../../src/demand/calendar.ts'
import { uncensoredUnits } from '../../../src/demand/demand-estimate.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import { calibrate } from '../../../src/forecasting/calibrate.ts'
import { boostedTrees } from '../../../src/forecasting/families/boosted-trees.ts'
import { exponentialSmoothing } from '../../../src/forecasting/families/exponential-smoothing.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import type { Family, Settings } from '../../../src/forecasting/families/family.ts'
import { movingAverage } from '../../../src/forecasting/families/moving-average.ts'
import { ridge } from '../../../src/forecasting/families/ridge.ts'
import { seasonalNaive } from '../../../src/forecasting/families/seasonal-naive.ts'
import { theta } from '../../../src/forecasting/families/theta.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { FORMATS, periodQuantiles } from '../../../src/forecasting/model.ts'
import { modelFrom } from '../../../src/forecasting/model-file.ts'
import { spreads } from '../../../src/forecasting/new-series.ts'
import { MOST_TIMES } from '../../../src/forecasting/plausible.ts'
import { questionSchema } from '../../../src/forecasting/question-schema.ts'
import { contextOf, fitAndForecast, fitted, panelOf, quickSettings } from './panels.ts'

const unknown = Number.NaN

const unheld = {
  'seasonal-naive': seasonalNaive,
  'moving-average': movingAverage,
  'exponential-smoothing': exponentialSmoothing,
  theta,
  ridge,
  'boosted-trees': boostedTrees,
}

/** With next to no penalty ridge does worse. */
function hardSettings(family: Family): Settings {
  return { ...quickSettings(family), ...(family.name === 'ridge' && { penalty: 1e-9 }) }
}

describe.each(Object.values(families))('$name', (family) => {
  it('never forecasts more than five times what was ever sold, whatever the panel', () => {
    fc.assert(
      fc.property(hostilePanels, fc.integer({ min: 1, max: 30 }), (panel, horizon) => {
        const model = fitted(family, panel, hardSettings(family), contextOf(panel.frequency, 6))
        const mean = model.forecast(panel, horizon)
        const most = mostSold(panel)
        const mostOfAll = Math.max(...most)
        // A series that sold for a while answers for itself, a younger one leans on its like.
        const bounds = most.map((own, index) => {
          return MOST_TIMES * (1 + 1e-9) * (isLong(panel, index) ? own : mostOfAll)
        })
        const isWithin = (units: number, cell: number) =>
          units >= 0 && units <= bounds[Math.floor(cell / horizon)]
        expect(mean.every(isWithin)).toBe(true)
        const calibration = calibrate([], horizon, LEVELS)
        const quantiles = periodQuantiles(calibration, spreads(panel), { mean }, horizon)
        const isAscending = (value: number, at: number) =>
          value <= MOST_TIMES * mostOfAll * (1 + 1e-9) &&
          value >= (at % LEVELS.length > 0 ? quantiles[at - 1] : 0)
        expect(quantiles.every(isAscending)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('writes parameters that can be read, whatever the panel', () => {
    fc.assert(
      fc.property(hostilePanels, (panel) => {
        const settings = hardSettings(family)
        const parameters = family.fit(panel, settings, contextOf(panel.frequency, 6))
        const model = {
          format: FORMATS.at(-1),
          inputs: questionSchema([]),
          recipe: { frequency: panel.frequency, horizon: 6, families: { [family.name]: {} } },
          members: [{ family: family.name, settings, parameters, weight: 1 }],
          calibration: calibrate([], 6, LEVELS),
          series: ['a'],
          trainedThrough: '2026-10-25',
        }
        const bytes = Buffer.from(JSON.stringify(model))
        expect(modelFrom(bytes, 'model.json').members[0].parameters).toEqual(parameters)
      }),
      { numRuns: 50 },
    )
  })

  it('is moved as little as the price is, by a millionth of it', () => {
    const units = noisyUnits(12, 80)
    const random = seededRandom(3)
    const price = units.map((row) => row.map(() => (random() < 0.2 ? 3.49 : 4.99)))
    const model = fitted(
      family,
      panelOf(units, { price }),
      hardSettings(family),
      contextOf('week', 4),
    )
    const at = (factor: number) => {
      const now = price.map((row) => [...row.slice(0, -1), row[row.length - 1] * factor])
      return model.forecast(panelOf(units, { price: now }), 4)
    }
    const now = at(1)
    at(1 + 1e-6).forEach((units, cell) => {
      expect(Math.abs(units / now[cell] - 1)).toBeLessThan(1e-5)
    })
  })

  it.each([4, 5, 6, 9, 30, 130])('forecasts %i periods of 50 as 50, within a percent', (n) => {
    for (const frequency of ['day', 'week', 'month'] as const) {
      const panel = panelOf([new Array(n).fill(50)], { frequency })
      for (const units of fitAndForecast(family, panel, 5)[0]) {
        expect(Math.abs(units / 50 - 1)).toBeLessThan(0.01)
      }
    }
  })

  it('forecasts a new product that sells 50 a week as about that, beside others of all sizes', () => {
    const random = seededRandom(5)
    const sizes = [2, 4, 8, 12, 20, 30, 45, 70, 110, 200]
    const others = sizes.map((size) =>
      Array.from({ length: 60 }, () => Math.round(size * (0.6 + 0.8 * random()))),
    )
    const launched = [...new Array(56).fill(unknown), 50, 50, 50, 50]
    const panel = panelOf([...others, launched])
    const forecast = fitAndForecast(family, panel, 4, quickSettings(family))
    for (const units of forecast[10]) expect(Math.abs(units / 50 - 1)).toBeLessThan(0.25)
  })

  it('is not held where demand grows by 3% a week', () => {
    const growing = Array.from({ length: 104 }, (_, week) => 20 * 1.03 ** week)
    const panel = panelOf([growing, growing.map((units) => 9 * units)])
    const settings = quickSettings(family)
    const forecast = fitAndForecast(family, panel, 26, settings)
    expect(forecast).toEqual(fitAndForecast(unheld[family.name], panel, 26, settings))
    for (const row of forecast) expect(Math.max(...row)).toBeGreaterThan(100)
  })

  it('does not empty the shelf of a product after one week without a sale', () => {
    for (const units of fitAndForecast(family, panelOf([[50, 50, 50, 50, 0]]), 4)[0]) {
      if (family.name !== 'seasonal-naive') expect(units).toBeGreaterThan(15)
    }
  })

  it('says the same whether prices are constant or differ by a rounding error', () => {
    const units = noisyUnits(12, 80)
    const price = (wobble: number) => {
      const random = seededRandom(9)
      return units.map((row) => row.map(() => 4.99 * (1 + wobble * (random() - 0.5))))
    }
    const discounted = (wobble: number) => {
      const model = fitted(
        family,
        panelOf(units, { price: price(wobble) }),
        quickSettings(family),
        contextOf('week', 4),
      )
      const now = price(wobble).map((row) => [...row.slice(0, -1), 3.49])
      return model.forecast(panelOf(units, { price: now }), 4)
    }
    const constant = discounted(0)
    for (const wobble of [1e-15, 1e-12, 1e-9, 1e-6, 1e-4]) {
      const wobbled = discounted(wobble)
      wobbled.forEach((value, cell) => {
        expect(Math.abs(value / constant[cell] - 1)).toBeLessThan(0.001)
      })
    }
  })
})

function isLong({ units, periods, frequency, stockedShare }: Panel, index: number): boolean {
  const row = uncensoredUnits({ units, stockedShare } as Panel).subarray(
    index * periods,
    (index + 1) * periods,
  )
  const known = row.filter((value) => !Number.isNaN(value)).length
  return known >= { day: 14, week: 8, month: 3 }[frequency]
}

it('a quantity with zeros too many does not blow up the intervals of all others', () => {
  const horizon = 2
  const units = noisyUnits(8, 60)
  const widest = (times: number) => {
    const errors = [52, 54, 56].map((origin) => {
      const panel = panelOf(units.map((row) => row.slice(0, origin)))
      const actual = units.map((row) => row.slice(origin, origin + horizon))
      actual[0][1] *= times
      const mean = fitted(seasonalNaive, panel, {}, contextOf('week', 4)).forecast(panel, horizon)
      return { spread: spreads(panel), mean, actual: Float64Array.from(actual.flat()) }
    })
    const calibration = calibrate(errors, horizon, LEVELS)
    const panel = panelOf(units)
    const mean = fitted(seasonalNaive, panel, {}, contextOf('week', 4)).forecast(panel, horizon)
    return Math.max(...periodQuantiles(calibration, spreads(panel), { mean }, horizon))
  }
  expect(widest(1000)).toBeLessThan(MOST_TIMES * widest(1))
  expect(widest(1e9)).toBe(widest(1000))
})

function mostSold(panel: Panel): number[] {
  const units = uncensoredUnits(panel).map((value) => (Number.isNaN(value) ? 0 : value))
  return panel.series.map((_, index) =>
    Math.max(0, ...units.subarray(index * panel.periods, (index + 1) * panel.periods)),
  )
}

function noisyUnits(series: number, periods: number): number[][] {
  const random = seededRandom(2)
  return Array.from({ length: series }, (_, index) =>
    Array.from({ length: periods }, () => Math.round((5 + 4 * index) * (0.5 + random()))),
  )
}

/** How one series may go on: constant, in jumps, sparse, with a spike, growing, in a season. */
const kinds: ((periods: number, random: () => number) => number[])[] = [
  (periods) => new Array(periods).fill(50),
  (periods) => new Array(periods).fill(0),
  (periods, random) => Array.from({ length: periods }, () => Math.floor(20 * random())),
  (periods, random) => Array.from({ length: periods }, () => (random() < 0.05 ? 3 : 0)),
  (periods, random) => Array.from({ length: periods }, () => 1e6 * random()),
  (periods, random) => Array.from({ length: periods }, () => 1e-4 * random()),
  (periods, random) => {
    const spike = Math.floor(periods * random())
    return Array.from({ length: periods }, (_, period) => (period === spike ? 1e7 : 2))
  },
  (periods) => Array.from({ length: periods }, (_, period) => 5 * 1.03 ** period),
  (periods) =>
    Array.from({ length: periods }, (_, period) =>
      Math.max(0, Math.round(10 + 40 * Math.sin((2 * Math.PI * period) / 52))),
    ),
  (periods) => Array.from({ length: periods }, (_, period) => (period % 13 === 0 ? 400 : 0)),
]

/** What is known of it: all, the end, one period, the beginning, or here and there. */
const windows: ((periods: number, random: () => number) => (period: number) => boolean)[] = [
  () => () => true,
  () => () => true,
  (periods, random) => {
    const known = 1 + Math.floor(10 * random())
    return (period) => period >= periods - known
  },
  (periods, random) => {
    const only = Math.floor(periods * random())
    return (period) => period === only
  },
  (_, random) => {
    const known = 1 + Math.floor(10 * random())
    return (period) => period < known
  },
  (_, random) => () => random() < 0.2,
]

const hostilePanels: fc.Arbitrary<Panel> = fc
  .record({
    series: fc.array(
      fc.record({
        kind: fc.constantFrom(...kinds),
        window: fc.constantFrom(...windows),
        category: fc.constantFrom('a', 'b', undefined, '__proto__'),
        censored: fc.boolean(),
        price: fc.constantFrom(10, 1e-4, 1e6, Number.NaN),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    periods: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 130 })),
    frequency: fc.constantFrom<Frequency>('day', 'week', 'month'),
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  .map(({ series, periods, frequency, seed }) => {
    const random = seededRandom(seed)
    const units = series.map(({ kind, window }) => {
      const isKnown = window(periods, random)
      return kind(periods, random).map((value, period) => (isKnown(period) ? value : unknown))
    })
    const stocked = () => (random() < 0.3 ? random() : 1)
    return panelOf(units, {
      frequency,
      categories: series.map(({ category }) => category),
      price: series.map(({ price }) => new Array(periods).fill(price)),
      stockedShare: series.map(({ censored }) =>
        Array.from({ length: periods }, () => (censored ? stocked() : 1)),
      ),
    })
  })
