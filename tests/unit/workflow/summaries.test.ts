import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import { held, notProposed, proposed } from '../../../src/workflow/proposed.ts'
import {
  comparisonSummary,
  forecastsSummary,
  recordSummary,
  verificationSummary,
} from '../../../src/workflow/summaries.ts'
import { evaluation, made, manifest, run, search } from '../reporting/examples.ts'
import { expectApproved } from '../reporting/languages.ts'

const refresh: Partial<Evaluation> = {
  challenge: {
    kind: 'refresh',
    since: '2026-08-30',
    days: 70,
    horizons: 2,
    series: 40,
    newSeries: 12,
  },
}

describe('the summary of a retraining', () => {
  test('says of a refresh that it is one and what calls for it, next to the verdict', () => {
    const summary = comparisonSummary(
      {
        search: search(),
        evaluation: evaluation({
          ...refresh,
          decision: {
            decision: 'promote',
            verdict: 'not distinguishable',
            because: [{ calledFor: 'by new series' }],
            checks: [],
          },
        }),
      },
      'en',
    )
    expect(beginningOf(summary)).toMatch(
      /\*\*No worse, and due\.\*\* .*A refresh: the recipe in production, trained on 70 more days .*12 of the 40 series that sell \(30\.0%\) are new to production\./s,
    )
  })

  test('says of one that nothing calls for that it is a refresh, and why production stays', () => {
    const summary = comparisonSummary(
      {
        search: search(),
        evaluation: evaluation({
          ...refresh,
          decision: {
            decision: 'keep',
            verdict: 'not distinguishable',
            doubts: [],
            checks: [
              {
                name: 'due',
                passed: false,
                because: [],
                limits: { gain: 0.05, newSeries: 0.1, maxAge: 365 },
              },
            ],
          },
        }),
      },
      'en',
    )
    expect(beginningOf(summary)).toContain('A refresh: the recipe in production')
    expect(beginningOf(summary)).toContain('Nothing calls for a refresh')
    expect(beginningOf(summary)).toContain('### What to try next\n\n- Nothing now: ')
  })

  test('begins with the rollback that holds it back', () => {
    const held = 'Version 3 was rolled back.'
    expect(comparisonSummary({ evaluation: evaluation(), search: search(), held }, 'en')).toMatch(
      /^## Comparison\n\n⏸️ \*\*Held back\.\*\* Version 3 was rolled back\./,
    )
  })
})

test('the page of a run reads as last approved, in each language', async () => {
  await expectApproved('summaries', (language) =>
    [
      ...forecasts.map((published) => forecastsSummary(published, language)),
      ...records.map((recorded) => recordSummary(recorded, repository, language)),
      ...(['verified', 'failed'] as const).map((outcome) =>
        verificationSummary({ ...verified, outcome }, language),
      ),
      notProposed(['It is worse.'], language).summary,
      held('Version 3 was rolled back.', language).summary,
      ...proposals.map((proposal) => proposed(proposal, language).summary),
    ].join('\n---\n\n'),
  )
})

const repository = 'https://github.com/shop/demand'

const forecasts: Parameters<typeof forecastsSummary>[0][] = [
  { outcome: 'made', record: made(), csv: 'a.csv', json: 'a.json' },
  {
    outcome: 'made',
    record: made({
      orders: { outcome: 'kept', problem: 'There is no stock.' },
      shadow: { outcome: 'none', problem: 'It knows none of the series.' },
    }),
    csv: 'a.csv',
    json: 'a.json',
  },
  {
    outcome: 'made',
    record: made({
      shadow: {
        outcome: 'made',
        model: 'a'.repeat(64),
        name: 'theta',
        recipe: 'r',
        run: '20261102T093000000Z-0a1b2c3d',
        json: 'content/aa/x.ndjson.gz',
      },
    }),
    csv: 'a.csv',
    json: 'a.json',
  },
  { outcome: 'kept', problem: 'The sales are not readable.', missed: true },
  { outcome: 'kept', problem: 'Nothing is in production.', missed: false },
]

const leftOut = { runs: [], forecasts: [], ledger: [] }
const commit = 'c'.repeat(40)

const records: Parameters<typeof recordSummary>[0][] = [
  { runs: [], forecasts: [], leftOut, outcome: 'none' },
  { runs: [run()], forecasts: [], leftOut, outcome: 'unchanged', commit },
  {
    runs: [run(), run()],
    forecasts: [made()],
    leftOut: { ...leftOut, runs: [{ file: 'runs/1.json', problem: 'is no record' }] },
    outcome: 'appended',
    commit,
  },
]

const verified = {
  rev: { name: 'promotion/demand', commit },
  base: { name: 'main', commit },
  checks: [{ name: 'hashes', passed: true, detail: 'All files are as listed.' }],
}

const text = { title: 'Promote version 4', body: 'Why.\n' }
const pull = { number: 7, url: `${repository}/pull/7`, manifest: manifest(), text }

const proposals: Parameters<typeof proposed>[0][] = [
  ...(['opened', 'updated', 'unchanged'] as const).map((outcome) => ({ ...pull, outcome, commit })),
  { ...pull, outcome: 'opened', commit, replaces: 3 },
  { ...pull, outcome: 'stays closed', reason: 'It was closed.' },
  { ...pull, outcome: 'waits', reason: 'Another waits.' },
  { outcome: 'stale', reason: 'main has moved', manifest: manifest(), text },
]

/** What comes before the first table. */
function beginningOf(summary: string): string {
  return summary.slice(0, summary.indexOf('\n|'))
}
