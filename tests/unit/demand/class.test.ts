import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demandClass } from '../../../src/demand/demand-class.ts'

const series = (...values: number[]) => Float64Array.from(values)

/** A demand of each size in turn, `gap` periods from one to the next. */
const every = (gap: number, ...sizes: number[]) =>
  Float64Array.from({ length: 60 }, (_, period) =>
    period % gap === 0 ? sizes[(period / gap) % sizes.length] : 0,
  )

describe('the class of a demand', () => {
  it('tells how often from how much, so that each product gets the method that suits it', () => {
    expect(demandClass(every(1, 5, 6))).toBe('smooth')
    expect(demandClass(every(1, 1, 1, 20))).toBe('erratic')
    expect(demandClass(every(4, 5, 6))).toBe('intermittent')
    expect(demandClass(every(4, 1, 1, 20))).toBe('lumpy')
  })

  it('draws the lines at 1.32 periods from one demand to the next and at a CV² of 0.49', () => {
    const selling = (demands: number) =>
      Float64Array.from({ length: 132 }, (_, period) => (period < demands ? 3 : 0))
    expect(demandClass(selling(100))).toBe('smooth')
    expect(demandClass(selling(99))).toBe('intermittent')
    // Sizes 1 − c and 1 + c in turn have the mean 1 and the variance c².
    expect(demandClass(every(1, 0.31, 1.69))).toBe('smooth')
    expect(demandClass(every(1, 0.29, 1.71))).toBe('erratic')
    expect(demandClass(every(1, 31, 169))).toBe('smooth')
    expect(demandClass(every(1, 29, 171))).toBe('erratic')
  })

  it('does not count what is unknown, and closed days as no time', () => {
    expect(demandClass(series(3, Number.NaN, Number.NaN, 3, Number.NaN, 3))).toBe('smooth')
    expect(demandClass(series(Number.NaN, 1, Number.NaN, 20, 1, 1, 1))).toBe('erratic')
    const openEverySecondDay = every(2, 3)
    expect(demandClass(openEverySecondDay)).toBe('intermittent')
    const factors = openEverySecondDay.map((_, day) => (day % 2 === 0 ? 2 : 0))
    expect(demandClass(openEverySecondDay, factors)).toBe('intermittent')
    expect(demandClass(openEverySecondDay, every(2, 1))).toBe('smooth')
  })

  it('is intermittent for what has never sold', () => {
    expect(demandClass(series(0, 0, Number.NaN))).toBe('intermittent')
    expect(demandClass(series())).toBe('intermittent')
  })

  it('does not hang on the unit of measure', () => {
    const values = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 })))
    fc.assert(
      fc.property(values, (units) => {
        const grams = units.map((value) => value * 1024)
        expect(demandClass(series(...grams))).toBe(demandClass(series(...units)))
      }),
    )
  })
})
