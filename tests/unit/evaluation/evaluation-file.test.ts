import { describe, expect, it } from 'vitest'
import type { Decision } from '../../../src/evaluation/gate/evaluation.ts'
import { evaluationFrom } from '../../../src/evaluation/gate/evaluation.ts'
import { evaluation } from '../reporting/examples.ts'

const read = (value: unknown) =>
  evaluationFrom(Buffer.from(JSON.stringify(value)), 'evaluation.json')

const kept: Decision = {
  decision: 'keep',
  verdict: 'worse',
  doubts: [{ doubt: 'surely higher' }],
  checks: [],
}

describe('an evaluation.json', () => {
  it('is read where its decision is a whole one', () => {
    expect(read(evaluation())).toEqual(evaluation())
    expect(read(evaluation({ decision: kept })).decision).toEqual(kept)
    const due: Decision = {
      decision: 'promote',
      verdict: 'not distinguishable',
      because: [{ calledFor: 'by new series' }],
      checks: [],
    }
    expect(read(evaluation({ decision: due })).decision).toEqual(due)
  })

  const promoted = evaluation().decision
  it.each([
    [
      'keeps production and does not say why',
      { ...kept, doubts: undefined },
      'decision: must have',
    ],
    [
      'has a doubt that nobody knows',
      { ...kept, doubts: [{ doubt: 'the weather' }] },
      'decision.doubts',
    ],
    [
      'has a check without its numbers',
      { ...kept, checks: [{ name: 'bias', passed: true }] },
      'decision.checks',
    ],
    [
      'promotes what is worse',
      { ...promoted, verdict: 'worse' },
      'decision.verdict: must be one of better, not distinguishable, but is "worse"',
    ],
    [
      'promotes what cannot be distinguished for no reason',
      { ...promoted, verdict: 'not distinguishable' },
      'decision',
    ],
    ['promotes with reasons against it', { ...promoted, doubts: [] }, 'key "doubts"'],
    [
      'decides something else',
      { ...promoted, decision: 'maybe' },
      'decision.decision: must be one of promote, keep, but is "maybe"',
    ],
    [
      'decides nothing',
      { checks: [] },
      'decision.decision: must be one of promote, keep, but is missing',
    ],
  ])('that %s is refused, with the place', (_, decision, message) => {
    expect(() => read({ ...evaluation(), decision })).toThrow(message)
  })

  it.each([
    ['simulated orders without a cost', { outcome: 'simulated', from: '2026-06-08' }, 'ordering'],
    ['no simulation and no reason', { outcome: 'not simulated' }, "property 'reason'"],
  ])('that holds %s is refused', (_, ordering, message) => {
    expect(() => read({ ...evaluation(), ordering })).toThrow(message)
  })
})
