import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Panel } from '../../../src/demand/panel.ts'
import {
  type DirectSettings,
  directFeatures,
  groupsOf,
} from '../../../src/forecasting/features/direct-features.ts'
import { panelOf } from './panels.ts'

const settings: DirectSettings = {
  horizon: 4,
  holidays: 'BR',
  yearly: true,
  groups: ['category', 'chain'],
}
const PERIODS = 130

/** Three series in two categories whose sales and prices never repeat. */
function panel(
  frequency: 'day' | 'week' | 'month',
  change: (units: number, period: number) => number = (units) => units,
) {
  const units = [3, 7, 20].map((size) =>
    Array.from({ length: PERIODS }, (_, t) => change(size + ((size * t * t) % 11), t)),
  )
  const price = units.map((row) => row.map((_, t) => change(5 + ((3 * t) % 4), t)))
  return panelOf(units, { frequency, price, categories: ['bakery', 'bakery', 'dairy'] })
}

function rowOf(
  of: Panel,
  index: number,
  origin: number,
  target: number,
  changed: Partial<DirectSettings> = {},
) {
  const { names, ofSeries } = directFeatures(of, { ...settings, ...changed })
  const row = new Float64Array(names.length)
  const baseline = ofSeries(index)(row, origin, target)
  return {
    baseline,
    features: Object.fromEntries(names.map((name, column) => [name, row[column]])),
  }
}

describe('features of a direct forecast', () => {
  it.each(['day', 'week', 'month'] as const)(
    'tell nothing of what came after the origin, by %s',
    (frequency) => {
      fc.assert(
        fc.property(
          fc.nat({ max: 2 }),
          fc.integer({ min: 4, max: PERIODS - 5 }),
          fc.integer({ min: 1, max: 4 }),
          (index, origin, ahead) => {
            const told = panel(frequency, (units, period) =>
              period > origin ? 1000 + period : units,
            )
            const asked = [index, origin, origin + ahead] as const
            expect(rowOf(told, ...asked)).toEqual(rowOf(panel(frequency), ...asked))
          },
        ),
        { numRuns: 60 },
      )
    },
  )

  it.each(['day', 'week', 'month'] as const)(
    'are those of the origin and target that are asked for, whatever was before, by %s',
    (frequency) => {
      const of = panel(frequency)
      const { names, ofSeries } = directFeatures(of, settings)
      const write = ofSeries(1)
      const row = new Float64Array(names.length)
      for (const [origin, target] of [
        [100, 101],
        [100, 103],
        [60, 63],
        [100, 103],
      ] as const) {
        row.fill(Number.NaN)
        const baseline = write(row, origin, target)
        const alone = rowOf(of, 1, origin, target)
        expect(baseline).toBe(alone.baseline)
        expect([...row]).toEqual(names.map((name) => alone.features[name]))
      }
    },
  )

  it('are the same for a series that sells ten times as much, but for its level', () => {
    const small = rowOf(panel('week'), 0, 100, 102)
    const large = rowOf(
      panel('week', (units) => 10 * units),
      0,
      100,
      102,
    )
    const { level, price, ...rest } = large.features
    expect(large.baseline).toBeCloseTo(10 * small.baseline)
    expect(level - small.features.level).toBeCloseTo(Math.log(10))
    expect(price - small.features.price).toBeCloseTo(Math.log(10))
    for (const [name, value] of Object.entries(rest)) {
      expect(value, name).toBeCloseTo(small.features[name])
    }
  })

  it('tell a year that has been seen before, and only where it has', () => {
    const season = panel('week', (_, period) => (period % 52 === 10 ? 40 : 4))
    const known = rowOf(season, 0, 112, 114).features
    expect(known['a year before the target']).toBeGreaterThan(5)
    expect(known['earlier years, own']).toBeGreaterThan(2)
    const young = rowOf(season, 0, 40, 44).features
    expect(young['earlier years, own']).toBeNaN()
    const short = rowOf(season, 0, 112, 114, { yearly: false }).features
    expect(Object.keys(short).filter((name) => /year/.test(name))).toEqual([])
  })

  it('know the groups that series are in, and no others', () => {
    const plain = panelOf([[1, 2]])
    expect(groupsOf(plain)).toEqual(['chain'])
    expect(groupsOf(panel('week'))).toEqual(['category', 'chain'])
    const series = plain.series.map((one) => ({ ...one, storeId: 'centre' }))
    expect(groupsOf({ ...plain, series })).toEqual(['store', 'product', 'chain'])
  })

  it('are not written where nothing was sold', () => {
    const asleep = panelOf([new Array(PERIODS).fill(0)])
    expect(rowOf(asleep, 0, 100, 101).baseline).toBe(0)
  })
})
