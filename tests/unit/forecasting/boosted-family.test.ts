import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import { boostedTrees } from '../../../src/forecasting/families/boosted-trees.ts'
import { ridge } from '../../../src/forecasting/families/ridge.ts'
import type { Trees } from '../../../src/forecasting/trees/trees.ts'
import { contextOf, fitAndForecast, fitted, panelOf, quickSettings } from './panels.ts'

const WEEKS = 104

/** Sales that double in weeks on promotion, at price 8 instead of 10, but only in the bakery. */
function promotions(): Panel {
  const random = seededRandom(5)
  const onPromotion = Array.from({ length: WEEKS }, () => random() < 0.3)
  const units = (factor: number) =>
    Array.from({ length: 12 }, (_, index) =>
      onPromotion.map((promoted) => (10 + index) * (promoted ? factor : 1)),
    )
  const price = Array.from({ length: 24 }, () => onPromotion.map((promoted) => (promoted ? 8 : 10)))
  const categories = Array.from({ length: 24 }, (_, index) => (index < 12 ? 'bakery' : 'dairy'))
  return panelOf([...units(2), ...units(1)], { price, categories })
}

describe('boosted trees over all series', () => {
  it('fit the same on rows that another candidate has prepared', () => {
    const panel = promotions()
    const fit = (of: Panel, leaves: number) =>
      boostedTrees.fit(of, { ...quickSettings(boostedTrees), leaves }, contextOf('week', 4))
    const alone = fit({ ...panel }, 8)
    fit(panel, 16)
    expect(fit(panel, 8)).toEqual(alone)
  })

  it('take another seed for another model', () => {
    const panel = promotions()
    const fit = (seed: number) =>
      boostedTrees.fit(panel, quickSettings(boostedTrees), { ...contextOf('week', 4), seed })
    expect(fit(1)).not.toEqual(fit(2))
  })

  it('keep a series that sells the same every week where it is', () => {
    const steady = Array.from({ length: 20 }, (_, index) => new Array(WEEKS).fill(5 + index))
    for (const [index, forecast] of fitAndForecast(boostedTrees, panelOf(steady), 3).entries()) {
      for (const units of forecast) expect(units).toBeCloseTo(5 + index, 1)
    }
  })

  it('expect noisy series to spread more than calm ones, and skewed ones to sell below their mean', () => {
    const random = seededRandom(7)
    const units = Array.from({ length: 30 }, (_, index) =>
      Array.from({ length: WEEKS }, () =>
        index < 15 ? 20 + 2 * random() : random() < 0.2 ? 70 : 5 + 5 * random(),
      ),
    )
    const panel = panelOf(units)
    const parameters = boostedTrees.fit(
      panel,
      { ...quickSettings(boostedTrees), trees: 60, learningRate: 0.1 },
      contextOf('week', 4),
    )
    const { mean, shape } = boostedTrees.outlook!(panel, 4, parameters)
    const half = (values: Float64Array, which: number) =>
      values.subarray(which * 60, (which + 1) * 60)
    expect(Math.max(...half(shape!.width, 0))).toBeLessThan(Math.min(...half(shape!.width, 1)))
    expect(average(half(shape!.median, 0))).toBeCloseTo(1, 1)
    expect(average(half(shape!.median, 1))).toBeLessThan(0.6)
    expect(mean).toEqual(boostedTrees.forecast(panel, 4, parameters))
  })

  it('of an artifact that was written before they told a shape forecast the means that it has', () => {
    const panel = promotions()
    const context = contextOf('week', 4)
    const now = boostedTrees.fit(panel, quickSettings(boostedTrees), context)
    const before = structuredClone(now) as { trees: Trees }
    delete before.trees.quantiles
    for (const tree of before.trees.trees) delete tree.quantiles
    const { mean, shape } = boostedTrees.outlook!(panel, 4, before)
    expect(shape).toBeUndefined()
    expect(mean).toEqual(boostedTrees.forecast(panel, 4, now))
  })

  it('find what a straight line cannot: a season that only one category has', () => {
    const wave = (week: number) => (week % 13 < 3 ? 3 : 1)
    const units = Array.from({ length: 20 }, (_, index) =>
      Array.from({ length: 156 }, (_, week) => (index < 10 ? 10 * wave(week) : 10)),
    )
    const history = panelOf(
      units.map((row) => row.slice(0, 152)),
      { categories: units.map((_, index) => (index < 10 ? 'seasonal' : 'plain')) },
    )
    const errorOf = (family: typeof ridge) =>
      fitAndForecast(family, history, 4).reduce(
        (sum, forecast, index) =>
          sum + forecast.reduce((all, it, h) => all + Math.abs(it - units[index][152 + h]), 0),
        0,
      )
    expect(errorOf(boostedTrees)).toBeLessThan(0.6 * errorOf(ridge))
  })

  it('tell what they looked at, in shares of one', () => {
    const parameters = boostedTrees.fit(
      promotions(),
      quickSettings(boostedTrees),
      contextOf('week', 4),
    )
    const shares = Object.values(boostedTrees.importance!(parameters))
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4)
    expect(shares).toEqual(shares.toSorted((a, b) => b - a))
  })

  it('forecast a panel that has gained a category and stores since', () => {
    const units = Array.from({ length: 10 }, (_, index) =>
      Array.from({ length: 60 }, (_, week) => 5 + ((index + week) % 4)),
    )
    const model = fitted(
      boostedTrees,
      panelOf(units),
      quickSettings(boostedTrees),
      contextOf('week', 4),
    )
    const later = panelOf(units, { categories: units.map(() => 'tea') })
    const series = later.series.map((one) => ({ ...one, storeId: 'centre' }))
    expect(model.forecast({ ...later, series }, 2)).toEqual(model.forecast(panelOf(units), 2))
  })
})

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
