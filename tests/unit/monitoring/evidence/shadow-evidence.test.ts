import { describe, expect, it } from 'vitest'
import { STAKES } from '../../../../src/monitoring/evidence/betting-evidence.ts'
import {
  SPEAKS_FOR_SHADOW,
  shadowEvidence,
} from '../../../../src/monitoring/evidence/shadow-evidence.ts'

describe('a reviewer is told whether a shadow loses less than production', () => {
  it('not before a block is over', () => {
    expect(shadowEvidence([])).toBeUndefined()
  })

  it('by wealth that a fair game does not make grow', () => {
    const falls = Array.from({ length: 2 ** 8 }, (_, bits) =>
      Array.from({ length: 8 }, (_, position) => ((bits >> position) & 1 ? 0.15 : -0.15)),
    )
    const mean = falls.reduce((sum, fall) => sum + shadowEvidence(fall)!.e, 0) / falls.length
    expect(mean).toBeCloseTo(1, 10)
  })

  it('surely, where it loses a tenth less week after week, with how much that is', () => {
    const tenth = -Math.log(0.9)
    const weeks = Array.from({ length: 30 }, (_, week) => tenth + (week % 2 ? 0.04 : -0.04))
    const { e, gain } = shadowEvidence(weeks)!
    expect(e).toBeGreaterThan(SPEAKS_FOR_SHADOW)
    expect(gain.mean).toBeCloseTo(tenth, 3)
    expect(gain.low).toBeGreaterThan(0)
    expect(gain.high).toBeGreaterThan(tenth)
  })

  it('never by one week alone, however good', () => {
    const { e } = shadowEvidence([50])!
    expect(e).toBeCloseTo(STAKES.reduce((sum, stake) => sum + 1 + stake, 0) / STAKES.length, 10)
    expect(e).toBeLessThan(SPEAKS_FOR_SHADOW)
  })

  it('with the interval of Waudby-Smith & Ramdas, after every block', () => {
    const weeks = [0.12, -0.03, 0.4, 0.08, 0.11, -0.2, 0.1, 0.13, 0.09, 0.02, 0.1, 0.14]
    weeks.push(...Array.from({ length: 40 }, (_, week) => (week % 2 ? 0.15 : -0.12)))
    for (const length of [1, 2, 3, 5, 8, 12, weeks.length]) {
      const seen = weeks.slice(0, length)
      const { mean, low, high } = shadowEvidence(seen)!.gain
      const expected = intervalOf(seen)
      expect(mean).toBeCloseTo(expected.mean, 10)
      expect(low).toBeCloseTo(expected.low, 10)
      expect(high).toBeCloseTo(expected.high, 10)
    }
  })

  it('with an interval that holds when the shadow gets better: it was refitted, production was not', () => {
    const before = Array.from({ length: 52 }, (_, week) => -0.08 + (week % 2 ? 0.03 : -0.03))
    const since = Array.from({ length: 52 }, (_, week) => 0.1 + (week % 2 ? 0.03 : -0.03))
    const { mean, low, high } = shadowEvidence([...before, ...since])!.gain
    expect(low).toBeLessThan(0.01)
    expect(high).toBeGreaterThan(0.01)
    expect(mean).toBeGreaterThan(low)
    expect(mean).toBeLessThan(high)
  })

  it('by bets on every block so far, of which each stake is averaged', () => {
    const weeks = [0.12, -0.03, 0.06]
    const wealth = STAKES.map((stake) =>
      weeks.reduce((held, week) => held * (1 + (stake * week) / 0.15), 1),
    )
    const mean = wealth.reduce((sum, held) => sum + held, 0) / wealth.length
    expect(shadowEvidence(weeks)).toMatchObject({ blocks: 3, e: expect.closeTo(mean, 10) })
  })
})

/** Theorem 2 of "Estimating means of bounded random variables by betting", sum by sum. */
function intervalOf(weeks: number[]): { mean: number; low: number; high: number } {
  const x = weeks.map((week) => (1 + Math.max(-1, Math.min(1, week / 0.15))) / 2)
  const sum = (values: number[]) => values.reduce((all, it) => all + it, 0)
  const guess = (t: number) => (0.5 + sum(x.slice(0, t))) / (t + 1)
  const variance = (t: number) =>
    (0.25 + sum(x.slice(0, t).map((it, i) => (it - guess(i + 1)) ** 2))) / (t + 1)
  const stake = (t: number) =>
    Math.min(0.5, Math.sqrt((2 * Math.log(2 / 0.05)) / (variance(t - 1) * t * Math.log(t + 1))))
  const all = x.map((_, i) => i + 1)
  const stakes = sum(all.map(stake))
  const mean = sum(all.map((i) => stake(i) * x[i - 1])) / stakes
  const spent = all.map(
    (i) => 4 * (x[i - 1] - guess(i - 1)) ** 2 * ((-Math.log(1 - stake(i)) - stake(i)) / 4),
  )
  const half = (Math.log(2 / 0.05) + sum(spent)) / stakes
  const scaled = (share: number) => 0.15 * (2 * share - 1)
  return {
    mean: scaled(mean),
    low: scaled(Math.max(0, mean - half)),
    high: scaled(Math.min(1, mean + half)),
  }
}
