import { test } from 'vitest'
import type { JobPlan } from '../../../src/steps/model/job-plan.ts'
import { planSummary, tallySummary } from '../../../src/workflow/summaries.ts'
import { expectApproved } from '../reporting/languages.ts'

const sales = { bytes: 0, sha256: '' }

const plan: JobPlan = {
  format: 'cd4ml-jobs/2',
  recipes: [],
  seconds: 3600,
  shards: [
    {
      kind: 'fits',
      seconds: 1900,
      sales,
      work: [{ kind: 'search', recipe: 0, origin: '2026-10-25', family: 'boosted-trees' }],
    },
    {
      kind: 'fits',
      seconds: 1800,
      sales,
      work: ['2026-10-25', '2026-10-18'].map((origin) => ({
        kind: 'origin',
        recipe: 0,
        origin,
        candidates: ['theta', 'ridge (penalty 10)'],
      })),
    },
  ],
}

test('what the owner of a private repository will be billed, he reads before the jobs begin', async () => {
  await expectApproved('plan', (language) => planSummary(plan, language))
  await expectApproved('plan-alone', (language) =>
    planSummary({ ...plan, seconds: 90, shards: [] }, language),
  )
  await expectApproved('plan-nothing', (language) =>
    planSummary({ ...plan, seconds: 0, shards: [] }, language),
  )
})

test('which parts of a chain a job fits, and which one the model of all series before them', async () => {
  const parts = ['store-01', 'store-02'].map((name) => ({ name, sales }))
  const searches = [{ recipe: 0, origin: '2026-10-25' }]
  const ofParts = { kind: 'parts' as const, seconds: 1700, parts, searches }
  const inParts = { ...plan, shards: [ofParts, plan.shards[1]] }
  await expectApproved('plan-parts', (language) => planSummary(inParts, language))
})

test('and afterwards what it was, and which job was lost', async () => {
  const took = {
    planned: plan,
    shards: [{ shard: 1, fits: 40, estimate: 1900, seconds: 1210 }],
    first: 50,
    last: 700,
    costs: { jobs: 3, billedMinutes: 34, wallSeconds: 2000 },
  }
  await expectApproved('tally', (language) => tallySummary(took, language))
})
