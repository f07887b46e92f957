import { describe, expect, it } from 'vitest'
import { blend, blendedErrors } from '../../../src/evaluation/search/blend.ts'
import type { Judged } from '../../../src/evaluation/search/judging.ts'
import type { FamilyName } from '../../../src/forecasting/families/family.ts'

function judged(family: FamilyName, loss?: number, mean = [1, 3]): Judged {
  const errors = [
    {
      spread: [{ deviation: 1, widening: 1, surprise: 1, most: 1000 }],
      mean: Float64Array.from(mean),
      actual: Float64Array.of(2, Number.NaN),
    },
  ]
  return { candidate: { name: family, family, settings: {} }, errors, loss }
}

const weights = (...all: Judged[]) =>
  Object.fromEntries(blend(all).map(({ judged, weight }) => [judged.candidate.name, weight]))

describe('a blend', () => {
  it('gives families that did equally well equal weights', () => {
    expect(weights(judged('ridge', 0.3), judged('moving-average', 0.3))).toEqual({
      ridge: 0.5,
      'moving-average': 0.5,
    })
  })

  it('gives the better family more, and one that is far behind nothing', () => {
    const { ridge, ...others } = weights(
      judged('ridge', 0.3),
      judged('moving-average', 0.31),
      judged('theta', 0.5),
      judged('seasonal-naive', 0.5),
    )
    expect(Object.keys(others)).toEqual(['moving-average'])
    expect(ridge).toBeGreaterThan(0.5)
    expect(ridge).toBeLessThan(0.75)
    expect(ridge + others['moving-average']).toBeCloseTo(1)
  })

  it('counts families that smooth each series by itself as one among equals', () => {
    const smoothing = [
      'seasonal-naive',
      'moving-average',
      'exponential-smoothing',
      'theta',
    ] as const
    const all = weights(
      ...smoothing.map((family) => judged(family, 0.3)),
      judged('ridge', 0.3),
      judged('boosted-trees', 0.3),
    )
    expect(all.ridge).toBeCloseTo(1 / 3)
    expect(all['boosted-trees']).toBeCloseTo(1 / 3)
    for (const family of smoothing) expect(all[family]).toBeCloseTo(1 / 12)
  })

  it('depends neither on the unit of the losses nor on the order of the families', () => {
    const losses = { ridge: 0.3, theta: 0.303, 'boosted-trees': 0.29 } as const
    const all = Object.entries(losses).map(([family, loss]) => judged(family as FamilyName, loss))
    const inOtherUnits = all.map((it) => ({ ...it, loss: it.loss! * 1e6 }))
    const closeTo = Object.fromEntries(
      Object.entries(weights(...all)).map(([name, weight]) => [name, expect.closeTo(weight, 3)]),
    )
    expect(weights(...inOtherUnits)).toEqual(closeTo)
    expect(weights(...all.toReversed())).toEqual(closeTo)
  })

  it('has one candidate of each family, the best, and the first of equals', () => {
    const all = [judged('ridge', 0.4), judged('ridge', 0.3), judged('ridge', 0.3)]
    expect(blend(all)).toEqual([{ judged: all[1], weight: 1 }])
  })

  it('is the simplest family where nothing could be judged', () => {
    expect(weights(judged('seasonal-naive'), judged('ridge'))).toEqual({ 'seasonal-naive': 1 })
  })

  it('leaves out a family that could not be judged', () => {
    expect(weights(judged('seasonal-naive', 0.5), judged('ridge'))).toEqual({ 'seasonal-naive': 1 })
  })

  it('gives a family without any error all that is not given in advance', () => {
    expect(weights(judged('seasonal-naive', 0), judged('ridge', 0.1))).toMatchObject({
      'seasonal-naive': expect.closeTo(0.9),
    })
  })

  it('errs as the weighted mean of its members does', () => {
    const members = blend([judged('ridge', 0.3, [0, 2]), judged('moving-average', 0.3, [4, 4])])
    expect(blendedErrors(members)).toEqual([
      {
        spread: [{ deviation: 1, widening: 1, surprise: 1, most: 1000 }],
        mean: Float64Array.of(2, 3),
        actual: Float64Array.of(2, Number.NaN),
      },
    ])
  })
})
