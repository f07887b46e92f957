import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { surprises } from '../../../src/forecasting/surprise.ts'
import { panelOf } from './panels.ts'

const random = seededRandom(7)
/** Units around 100 in so many periods. */
const steady = (periods: number) => Array.from({ length: periods }, () => 90 + 20 * random())

describe('the latest periods of a series', () => {
  it('are no surprise where nothing but chance moved them', () => {
    const series = Array.from({ length: 50 }, () => steady(60))
    const surprised = surprises(panelOf(series)).filter((surprise) => surprise > 1)
    expect(surprised.length).toBeLessThan(4)
  })

  it('are one after a shift of the level, up or down, the more the larger it was', () => {
    const shifted = (factor: number) =>
      steady(60).map((units, t) => (t >= 57 ? factor * units : units))
    const [up, down, large] = surprises(panelOf([shifted(1.5), shifted(0.5), shifted(3)]))
    expect(up).toBeGreaterThan(1.5)
    expect(down).toBeGreaterThan(1.5)
    expect(large).toBeGreaterThan(2 * up)
  })

  it('are none again once the shift is long ago', () => {
    const shifted = steady(100).map((units, t) => (t >= 50 ? 2 * units : units))
    expect(surprises(panelOf([shifted]))[0]).toBe(1)
  })

  it('are the same surprise in grams as in kilograms', () => {
    const shifted = steady(60).map((units, t) => (t >= 57 ? 2 * units : units))
    const [kilograms, grams] = surprises(panelOf([shifted, shifted.map((units) => 1000 * units)]))
    expect(grams / kilograms).toBeCloseTo(1, 9)
  })

  it('are no surprise by the weekday that they are, nor where little is known', () => {
    const weekend = Array.from({ length: 70 }, (_, t) => (t % 7 === 5 ? 60 : 10) + random())
    const panel = panelOf([weekend], { frequency: 'day', firstPeriod: 19723 })
    panel.weekdayShares.set([1, 1, 1, 1, 1, 6, 1].map((share) => share / 12))
    expect(surprises(panel)[0]).toBe(1)
    expect(surprises(panelOf([[1, 1, 2, 1, 90]]))[0]).toBe(1)
  })
})
