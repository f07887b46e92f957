import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildPanel } from '../../../../src/demand/panel.ts'
import {
  demandPublished,
  demandToldBy,
  scaledTo,
} from '../../../../src/monitoring/value-added/expected-demand.ts'
import { expectedShort } from '../../../../src/ordering/demand-quantiles.ts'
import { dayOf, totalsOf } from '../../demand/totals.ts'
import { decisionOn } from './decided.ts'

const MONDAY = dayOf('2026-01-05')

it('finds the median that an order did not tell: the one by which its mean is the mean', () => {
  const spread = fc.record({
    p10: fc.integer({ min: 5, max: 20 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(spread, ({ p10, part }) => {
      const p90 = 3 * p10
      const at = (p50: number) =>
        expectedShort({ levels: [0.1, 0.5, 0.9], quantiles: [p10, p50, p90] }, 0)
      const mean = at(p10) + part * (at(p90) - at(p10))
      const [order] = decisionOn('a', {
        day: MONDAY,
        decided: 9,
        advice: { units: 9, forecast: { mean, p10, p90 } },
      })
      const found = demandToldBy(order)!
      expect(expectedShort(found, 0)).toBeCloseTo(mean, 6)
      expect(found.quantiles[1]).toBeGreaterThanOrEqual(p10)
      expect(found.quantiles[1]).toBeLessThanOrEqual(p90)
    }),
  )
})

it.each([{}, { forecast: 'none' }, { forecast: { mean: 3, p10: 4, p90: 2 } }])(
  'takes %j for no forecast',
  (advice) => {
    const [order] = decisionOn('a', { day: MONDAY, decided: 9, advice: { units: 9, ...advice } })
    expect(demandToldBy(order)).toBeUndefined()
  },
)

it('adds up what was published by period: means by day, what lies apart as independent errors do', () => {
  const panel = buildPanel(
    totalsOf(
      Array.from({ length: 70 }, (_, i) => ({ product: 'a', day: MONDAY - 70 + i, sold: 5 })),
    ),
    { frequency: 'day' },
  )
  const published = {
    frequency: 'week' as const,
    from: ['2026-01-05', '2026-01-12'],
    levels: [0.1, 0.5, 0.9],
    series: new Map([
      [
        'a',
        {
          product: 'a',
          restsOn: 'series' as const,
          mean: [70, 70],
          quantiles: [
            [40, 70, 110],
            [40, 70, 110],
          ],
        },
      ],
    ]),
  }
  const span = (from: number, to: number) =>
    demandPublished(published, 'a', { from: MONDAY + from, to: MONDAY + to }, { panel, index: 0 })
  expect(span(0, 6)).toMatchObject({
    mean: expect.closeTo(70),
    quantiles: [40, 70, 110].map((it) => expect.closeTo(it)),
  })
  const both = span(0, 13)!
  expect(both.mean).toBeCloseTo(140)
  expect(Array.from(both.quantiles, (it) => it - 140)).toEqual(
    [-30, 0, 40].map((apart) => expect.closeTo(apart * Math.SQRT2)),
  )
  expect(span(0, 1)!.mean).toBeCloseTo(20)
  expect(span(-1, 6)).toBeUndefined()
  expect(span(7, 14)).toBeUndefined()
  expect(demandPublished(published, 'b', { from: MONDAY, to: MONDAY }, { panel, index: 0 })).toBe(
    undefined,
  )
})

it('gives whoever says a number the spread of the model at it, and the model itself its own', () => {
  const model = { mean: 10, levels: [0.1, 0.5, 0.9], quantiles: [5, 9, 16] }
  expect(scaledTo(10, model)).toEqual(model)
  expect(scaledTo(20, model).quantiles).toEqual([10, 18, 32])
  expect(scaledTo(0, model).quantiles).toEqual([0, 0, 0])
  expect(scaledTo(4, { ...model, mean: 0, quantiles: [0, 0, 0] }).quantiles).toEqual([4, 4, 4])
})
