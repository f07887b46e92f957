import { describe, expect, it } from 'vitest'
import { blend, blendedErrors } from '../../../src/evaluation/search/blend.ts'
import type { Judged } from '../../../src/evaluation/search/judging.ts'
import type { FamilyName } from '../../../src/forecasting/families/family.ts'

function judged(family: FamilyName, loss?: number, mean = [1, 3]): Judged {
  const errors = [
    {
      spread: [{ deviation: 1, widening: 1, most: 1000 }],
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
      judged('seasonal-naive', 0.5),
    )
    expect(Object.keys(others)).toEqual(['moving-average'])
    expect(ridge).toBeGreaterThan(0.5)
    expect(ridge).toBeLessThan(0.75)
    expect(ridge + others['moving-average']).toBeCloseTo(1)
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

  it('takes a family without any error alone', () => {
    expect(weights(judged('seasonal-naive', 0), judged('ridge', 0.1))).toMatchObject({
      'seasonal-naive': expect.closeTo(0.95),
    })
  })

  it('errs as the weighted mean of its members does', () => {
    const members = blend([judged('ridge', 0.3, [0, 2]), judged('moving-average', 0.3, [4, 4])])
    expect(blendedErrors(members)).toEqual([
      {
        spread: [{ deviation: 1, widening: 1, most: 1000 }],
        mean: Float64Array.of(2, 3),
        actual: Float64Array.of(2, Number.NaN),
      },
    ])
  })
})
