import { describe, expect, it } from 'vitest'
import type { Decision } from '../../../src/evaluation/gate/evaluation.ts'
import { evaluationFrom } from '../../../src/evaluation/gate/evaluation.ts'
import { evaluation } from '../reporting/examples.ts'

const read = (value: unknown) =>
  evaluationFrom(Buffer.from(JSON.stringify(value)), 'evaluation.json')

const kept: Decision = {
  decision: 'keep',
  verdict: 'worse',
  summary: 'It is worse.',
  reasons: ['The loss is higher.'],
  checks: [],
}

describe('an evaluation.json', () => {
  it('is read where its decision is a whole one', () => {
    expect(read(evaluation())).toEqual(evaluation())
    expect(read(evaluation({ decision: kept })).decision).toEqual(kept)
    const due: Decision = {
      decision: 'promote',
      verdict: 'not distinguishable',
      summary: 'It is no worse.',
      because: ['A third of the series is new.'],
      checks: [],
    }
    expect(read(evaluation({ decision: due })).decision).toEqual(due)
  })

  const promoted = evaluation().decision
  it.each([
    [
      'keeps production and does not say why',
      { ...kept, reasons: undefined },
      'decision: must have',
    ],
    ['keeps production for no reason', { ...kept, reasons: [] }, 'decision.reasons: must NOT have'],
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
    ['promotes with reasons against it', { ...promoted, reasons: ['No.'] }, 'key "reasons"'],
    [
      'decides something else',
      { ...promoted, decision: 'maybe' },
      'decision.decision: must be one of promote, keep, but is "maybe"',
    ],
    [
      'decides nothing',
      { summary: 'Fine.', checks: [] },
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
