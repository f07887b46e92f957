import { describe, expect, test } from 'vitest'
import type { Evaluation } from '../../../src/evaluation/gate/evaluation.ts'
import { comparisonSummary } from '../../../src/workflow/summaries.ts'
import { evaluation, search } from '../reporting/examples.ts'

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

/** What comes before the first table. */
function beginningOf(summary: string): string {
  return summary.slice(0, summary.indexOf('\n|'))
}
