import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  noEvidence,
  STAKES,
  withObservation,
} from '../../../../src/monitoring/evidence/betting-evidence.ts'

const observations = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 })

/** All ways in which a fair coin can fall so many times. */
function fallsOf(length: number): number[][] {
  return Array.from({ length: 2 ** length }, (_, bits) =>
    Array.from({ length }, (_, position) => ((bits >> position) & 1 ? 1 : -1)),
  )
}

function seen(xs: readonly number[], span: number) {
  return xs.reduce(withObservation, noEvidence(span))
}

describe('whoever looks every day is told of trouble no more often than promised', () => {
  it.each([1, 4, 8, 10])('E is worth 1 on average after %i fair observations', (length) => {
    const falls = fallsOf(length)
    expect(falls.reduce((sum, xs) => sum + seen(xs, 12).e, 0) / falls.length).toBeCloseTo(1, 10)
  })

  it.each([1, 4, 8, 10])(
    'R is worth their number on average after %i fair observations',
    (length) => {
      const falls = fallsOf(length)
      const mean = falls.reduce((sum, xs) => sum + seen(xs, 12).r, 0) / falls.length
      expect(mean).toBeCloseTo(length, 10)
    },
  )

  it('both follow from the definition: bets that begin at every observation, mixed', () => {
    fc.assert(
      fc.property(observations, (xs) => {
        const span = 60
        const wealthSince = (start: number, stake: number) =>
          xs.slice(start).reduce((held, x) => held * (1 + stake * x), 1)
        const all = (stake: number) => xs.reduce((sum, _, k) => sum + wealthSince(k, stake), 0)
        const mean = STAKES.reduce((sum, stake) => sum + all(stake), 0) / STAKES.length
        const { e, r } = seen(xs, span)
        expect(r / mean || 1).toBeCloseTo(1, 8)
        expect(e / (mean / span + (span - xs.length) / span)).toBeCloseTo(1, 8)
      }),
    )
  })

  it('E begins again after a year, and R goes on', () => {
    const year = Array.from({ length: 26 }, () => 0.5)
    const after = seen([...year, 0.5], 26)
    expect(after.e).toBeCloseTo(seen([0.5], 26).e, 12)
    expect(after.seen).toBe(1)
    expect(after.r).toBeGreaterThan(seen(year, 26).r)
  })

  it.each([Number.NaN, 1.0001, -2, Number.POSITIVE_INFINITY])(
    'an observation of %s, of which nothing could be promised, is refused',
    (x) => {
      expect(() => withObservation(noEvidence(52), x)).toThrow(/must be from -1 to 1/)
    },
  )
})
