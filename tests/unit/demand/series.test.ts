import { describe, expect, it } from 'vitest'
import { isActive } from '../../../src/demand/activity.ts'
import type { Frequency } from '../../../src/demand/calendar.ts'
import { uncensoredUnits } from '../../../src/demand/demand-estimate.ts'
import type { Panel } from '../../../src/demand/panel.ts'
import { volumeClasses } from '../../../src/demand/volume-class.ts'

describe('volume classes', () => {
  it('are thirds by recent units; equal series keep their order, so that reruns agree', () => {
    expect(volumeClasses(panelOf([[5], [1], [5], [5], [9], [0]]))).toEqual([
      'medium',
      'low',
      'medium',
      'high',
      'high',
      'low',
    ])
  })

  it('look at the last 13 periods only: a product of the past is not a fast one', () => {
    const past = [...new Array(20).fill(100), ...new Array(13).fill(0)]
    const now = [...new Array(20).fill(0), ...new Array(13).fill(1)]
    const launched = [...new Array(31).fill(Number.NaN), 2, 2]
    expect(volumeClasses(panelOf([past, now, launched]))).toEqual(['low', 'medium', 'high'])
    expect(volumeClasses(panelOf([launched, past, now]))).toEqual(['high', 'low', 'medium'])
  })

  it('take a series that was never offered for one that sold nothing', () => {
    expect(volumeClasses(panelOf([[5], [Number.NaN], [9]]))).toEqual(['medium', 'low', 'high'])
  })
})

describe('an active series', () => {
  it.each([
    ['day', 28],
    ['week', 8],
    ['month', 3],
  ] as const)('by %s has sold within the last %i', (frequency, window) => {
    const soldBefore = (periods: number) => [
      Number.NaN,
      ...Array.from({ length: 40 }, (_, i) => (i === 40 - periods ? 1 : 0)),
    ]
    const panel = panelOf([soldBefore(window), soldBefore(window + 1)], frequency)
    expect([isActive(panel, 0), isActive(panel, 1)]).toEqual([true, false])
    const three = panelOf(
      [soldBefore(window), soldBefore(window), soldBefore(window + 1)],
      frequency,
    )
    expect([0, 1, 2].map((index) => isActive(three, index))).toEqual([true, true, false])
  })

  it('can be younger than the window', () => {
    const panel = panelOf([
      [1, 0],
      [0, 0],
    ])
    expect([isActive(panel, 0), isActive(panel, 1)]).toEqual([true, false])
  })
})

describe('the estimate of demand', () => {
  it('is higher than sales where stock was short, and unknown where it mostly was', () => {
    const panel = {
      ...panelOf([[Number.NaN, 10, 10, 10, 0]]),
      stockedShare: Float64Array.of(1, 1, 0.5, 0.4, 0),
    }
    expect([...uncensoredUnits(panel)]).toEqual([Number.NaN, 10, 20, Number.NaN, Number.NaN])
  })

  it('takes a smaller share where there is nothing else: in the period of the launch itself', () => {
    const panel = { ...panelOf([[Number.NaN, 10]]), stockedShare: Float64Array.of(1, 0.25) }
    expect([...uncensoredUnits(panel)]).toEqual([Number.NaN, 40])
  })
})

function panelOf(units: number[][], frequency: Frequency = 'week'): Panel {
  const cells = Float64Array.from(units.flat())
  return {
    frequency,
    series: units.map((_, index) => ({
      productId: String(index),
      storeId: undefined,
      name: undefined,
      category: undefined,
    })),
    firstPeriod: 2900,
    periods: units[0].length,
    units: cells,
    stockedShare: cells.map(() => 1),
    firstShare: new Float64Array(units.length).fill(1),
    price: cells.map(() => Number.NaN),
    weekdayShares: new Float64Array(units.length * 7).fill(1 / 7),
  }
}
