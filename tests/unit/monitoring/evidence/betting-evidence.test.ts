import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/base/random.ts'
import {
  noEvidence,
  STAKES,
  withObservation,
} from '../../../../src/monitoring/evidence/betting-evidence.ts'

const observations = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 40 })

/** All ways in which a fair coin can fall so many times. */
function fallsOf(length: number): number[][] {
  return Array.from({ length: 2 ** length }, (_, bits) =>
    Array.from({ length }, (_, position) => ((bits >> position) & 1 ? 1 : -1)),
  )
}

function seen(xs: readonly number[], span: number) {
  return xs.reduce(withObservation, noEvidence(span))
}

/** One way in which things can go: the evidence after each observation, and how probable it is. */
type End = { probability: number; path: ReturnType<typeof noEvidence>[] }

const DEPTH = 10

/**
 * Chooses the two values that come next by all that has come before: with mean 0, as skew as it likes,
 * and wilder where E is high, so that it would gain by going on, if that could be gained by.
 */
function adversary(seed: number) {
  return ({ e, seen: count }: { e: number; seen: number }): [up: number, down: number] => {
    const random = seededRandom(seed ^ Math.floor(1e6 * e) ^ (count << 8))
    const wild = e > 1 ? 1 : random()
    return [wild * (0.02 + 0.98 * random()), wild * (0.02 + 0.98 * random())]
  }
}

/** All of them, after so many observations; the probabilities are exact. */
function everyEnd(next: ReturnType<typeof adversary>, depth: number): End[] {
  let ends: End[] = [{ probability: 1, path: [] }]
  for (let step = 0; step < depth; step++) {
    ends = ends.flatMap(({ probability, path }) => {
      const now = path.at(-1) ?? noEvidence(DEPTH)
      const [up, down] = next(now)
      return [
        {
          probability: (probability * down) / (up + down),
          path: [...path, withObservation(now, up)],
        },
        {
          probability: (probability * up) / (up + down),
          path: [...path, withObservation(now, -down)],
        },
      ]
    })
  }
  return ends
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

  it('whatever makes the next observation, as long as it is fair given those before', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 1.5, max: 20, noNaN: true }),
        (seed, threshold) => {
          const ends = everyEnd(adversary(seed), DEPTH)
          const chance = (holds: (end: End) => boolean) =>
            ends.reduce((sum, end) => sum + (holds(end) ? end.probability : 0), 0)
          const average = (of: (end: End) => number) =>
            ends.reduce((sum, end) => sum + end.probability * of(end), 0)
          expect(chance(({ path }) => path.some(({ e }) => e >= threshold))).toBeLessThanOrEqual(
            1 / threshold + 1e-9,
          )
          // Stopped where R comes to the threshold, or at the end: R is worth the blocks that it took.
          const stopped = ({ path }: End) => {
            const at = path.findIndex(({ r }) => r >= threshold)
            return at < 0 ? path.length : at + 1
          }
          expect(average((end) => end.path[stopped(end) - 1].r)).toBeCloseTo(average(stopped), 8)
        },
      ),
      { numRuns: 40 },
    )
  })

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

  it('stays a number that can be written down, however bad and however long', () => {
    const { e, r } = seen(Array(3000).fill(1), 365)
    expect(Math.max(e, r)).toBeLessThan(1e13)
    expect(Math.min(e, r)).toBeGreaterThan(1e11)
  })

  it.each([Number.NaN, 1.0001, -2, Number.POSITIVE_INFINITY])(
    'an observation of %s, of which nothing could be promised, is refused',
    (x) => {
      expect(() => withObservation(noEvidence(52), x)).toThrow(/must be from -1 to 1/)
    },
  )
})
