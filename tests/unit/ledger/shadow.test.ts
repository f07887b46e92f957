import { describe, expect, test } from 'vitest'
import type { RunRecord } from '../../../src/ledger/run-record.ts'
import { shadowInForce } from '../../../src/ledger/shadow.ts'
import { run } from '../reporting/examples.ts'

const production = { version: 3, model: '9'.repeat(64) }

describe('what is tried beside production', () => {
  test('is the newest challenger that retraining could not tell from it, in whatever order the runs are read', () => {
    const [older, newer] = [tied('2026-11-02', 'a'), tied('2026-11-09', 'b')]
    for (const runs of [
      [older, newer],
      [newer, older],
    ]) {
      expect(shadowInForce(runs, 'newest', production)).toEqual({
        model: 'b'.repeat(64),
        name: 'ridge (penalty 10)',
        recipe: '1'.repeat(40),
        run: newer.id,
      })
    }
  })

  test.each<[string, { [Key in keyof RunRecord]?: unknown }]>([
    ['was better', { verdict: 'better' }],
    ['was worse', { verdict: 'worse' }],
    [
      'was promoted to keep production fresh',
      { comparison: { ...compared('a'), decision: 'promote' } },
    ],
    ['was trained on a branch', { branch: 'attack' }],
    [
      'was trained for a pull request',
      { workflow: { ...tied('2026-11-02', 'a').workflow!, event: 'pull_request' } },
    ],
    ['was trained on a person’s machine', { workflow: undefined }],
    ['is what is in production', { comparison: { ...compared('9') } }],
    ['was compared with an earlier version', { comparison: compared('a', { version: 2 }) }],
    ['was compared with another model', { comparison: compared('a', { digest: '8'.repeat(64) }) }],
    ['was compared with seasonal naive', { comparison: { ...compared('a'), champion: undefined } }],
    ['came to no end', { verdict: undefined, comparison: undefined, model: undefined }],
    ['was only trained', { kind: 'train' }],
  ])('is nothing that %s', (_, changes) => {
    const changed = JSON.parse(JSON.stringify({ ...tied('2026-11-02', 'a'), ...changes }))
    expect(shadowInForce([changed], 'newest', production)).toBeUndefined()
  })

  test('is nothing where the policy wants none, and what it names, though another is newer', () => {
    const runs = [tied('2026-11-02', 'a', { version: 2 }), tied('2026-11-09', 'b')]
    expect(shadowInForce(runs, 'none', production)).toBeUndefined()
    expect(shadowInForce(runs, 'a'.repeat(64), production)?.run).toBe(runs[0].id)
    expect(shadowInForce(runs, 'c'.repeat(64), production)).toBeUndefined()
    const itself = { ...production, model: 'a'.repeat(64) }
    expect(shadowInForce(runs, 'a'.repeat(64), itself)).toBeUndefined()
  })

  test('names no model that the policy names and a branch trained', () => {
    const runs = [{ ...tied('2026-11-02', 'a'), branch: 'attack' }]
    expect(shadowInForce(runs, 'a'.repeat(64), production)).toBeUndefined()
  })
})

function tied(day: string, model: string, champion = {}): RunRecord {
  return run({
    id: `${day.replaceAll('-', '')}T093000000Z-0a1b2c3d`,
    startedAt: `${day}T09:30:00.000Z`,
    verdict: 'not distinguishable',
    comparison: compared(model, champion),
  })
}

function compared(model: string, champion = {}): NonNullable<RunRecord['comparison']> {
  return {
    decidedBy: 'weightedQuantileLoss',
    decision: 'keep',
    confidence: 0.95,
    challenger: { model: model.repeat(64) },
    champion: { version: 3, model: 'theta', digest: '9'.repeat(64), ...champion },
  }
}
