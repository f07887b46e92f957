import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import type { Frequency } from '../../../src/demand/calendar.ts'
import { families } from '../../../src/forecasting/families/families.ts'
import { afterShift } from '../../../src/forecasting/level-shift.ts'
import { fitAndForecast, panelOf } from './panels.ts'

type Demand = (period: number, series: number) => number

/** Units of so many series around what is demanded, each period by a fifth. */
function around(demand: Demand, periods: number, { series = 20, seed = 1 } = {}): number[][] {
  const random = seededRandom(seed)
  return Array.from({ length: series }, (_, index) =>
    Array.from({ length: periods }, (_, t) => demand(t, index) * (0.8 + 0.4 * random())),
  )
}

/** What every series sells is halved, or doubled, from a period on. */
const moved =
  (from: number): Demand =>
  (t, series) =>
    100 * (t < from ? 1 : series % 2 === 0 ? 2 : 0.5)

/** What the first period in which each series sold is taken for, over what it did sell. */
function ratios(units: number[][], frequency: Frequency = 'week'): number[] {
  const panel = panelOf(units, { frequency, firstPeriod: 2818 })
  const settled = afterShift(panel)
  return units.map((row, index) => {
    const first = row.findIndex((sold) => sold > 0)
    return settled.units[index * panel.periods + first] / row[first]
  })
}

describe('a shift of the levels of all series at once', () => {
  it.each<[Frequency, number, number]>([
    ['week', 104, 2],
    ['week', 104, 4],
    ['week', 104, 9],
    ['day', 600, 28],
    ['month', 36, 2],
  ])(
    'by the %s is believed %d periods on, %d after it, so that nobody orders for what was',
    (frequency, periods, since) => {
      const found = ratios(around(moved(periods - since), periods), frequency)
      for (const [series, ratio] of found.entries()) {
        const expected = series % 2 === 0 ? 2 : 0.5
        expect(Math.abs(Math.log(ratio / expected))).toBeLessThan(0.25)
      }
    },
  )

  it.each([families['exponential-smoothing'], families.theta, families.ridge])(
    'is in the forecast of $name, which would else take months to follow',
    (family) => {
      const PERIODS = 104
      const panel = panelOf(around(moved(PERIODS - 4), PERIODS))
      fitAndForecast(family, panel, 8).forEach((row, series) => {
        for (const [step, value] of row.entries()) {
          expect(Math.abs(value / moved(0)(PERIODS + step, series) - 1)).toBeLessThan(0.25)
        }
      })
    },
  )

  it('is told of what sells little by what the others do, where all go the same way', () => {
    const halved: Demand = (t, series) => (series === 0 ? 0.4 : 100) * (t < 100 ? 1 : 0.5)
    const units = around(halved, 104)
    const random = seededRandom(3)
    units[0] = units[0].map((expected) => Number(random() < expected))
    expect(Math.abs(ratios(units)[0] - 0.5)).toBeLessThan(0.15)
  })

  it.each<[string, Demand]>([
    ['nothing has moved', () => 100],
    ['one product of many has', (t, series) => (series === 0 && t >= 100 ? 300 : 100)],
    [
      'it is a season, which came a year ago as well',
      (t) => (t % 52 >= 46 || t % 52 < 2 ? 250 : 100),
    ],
    ['it was a single week', (t) => (t === 101 ? 300 : 100)],
    ['the last week alone is another', (t) => (t === 103 ? 300 : 100)],
    ['chains are shaken as much now and then', (t) => (t % 20 >= 16 ? 170 : 100)],
  ])('is none where %s', (_, demand) => {
    for (const ratio of ratios(around(demand, 104))) expect(Math.abs(ratio - 1)).toBeLessThan(0.02)
  })

  it('is not told before a year is known, whose season might do the same', () => {
    const panel = panelOf(around(moved(56), 60))
    expect(afterShift(panel)).toBe(panel)
  })

  it('does not depend on the unit of measure, nor fail where nothing is sold or known', () => {
    const units = around(moved(100), 104)
    const grams = units.map((row) => row.map((value) => 1000 * value))
    const empty = [new Array(104).fill(0), new Array(104).fill(Number.NaN)]
    const found = ratios([...units, ...empty])
    for (const [series, ratio] of ratios([...grams, ...empty])
      .slice(0, 20)
      .entries()) {
      expect(ratio).toBeCloseTo(found[series], 9)
    }
    for (const none of [[], [[]], [[1]], empty]) {
      const panel = panelOf(none)
      expect(afterShift(panel).units).toEqual(panel.units)
    }
    // Some stop altogether, without an end of all others.
    const stopped = units.map((row, index) =>
      index < 5 ? row.map((it, t) => (t < 100 ? it : 0)) : row,
    )
    for (const ratio of ratios(stopped)) expect(ratio).toBeGreaterThan(0)
  })
})
