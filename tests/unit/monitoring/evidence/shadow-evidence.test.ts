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
})
