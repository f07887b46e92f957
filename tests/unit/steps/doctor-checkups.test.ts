import { expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import type { RepositorySettings, Workflow } from '../../../src/github/settings.ts'
import { branchCheckups } from '../../../src/steps/setup/branch-checkups.ts'
import { workflowCheckups } from '../../../src/steps/setup/workflow-checkups.ts'

const CHECKS = ['ci', 'experiment', 'promotion']
const TODAY = dayFromIso('2026-11-24')!

const SUCCESS = {
  event: 'schedule',
  conclusion: 'success',
  at: '2026-11-23T06:23:00Z',
  url: 'https://example.org/1',
}

it('finds nothing to do where all is set up', () => {
  expect(toDo({})).toEqual([])
})

it.each<[string, Partial<RepositorySettings>, string]>([
  [
    'the default branch is not the one that the workflows are about',
    { defaultBranch: 'trunk' },
    'default branch: it is trunk',
  ],
  ['Actions are switched off', { actions: false }, 'actions: workflows may not run'],
  [
    'GitHub has switched the schedule off, since nobody has pushed for long',
    { workflows: [retrain({ state: 'disabled_inactivity', lastRun: SUCCESS })] },
    'workflows: switched off: retrain.yml (no commit for 60 days)',
  ],
  [
    'the model has never been retrained',
    { workflows: [retrain({})] },
    'last retraining: there was none',
  ],
  [
    'nobody has to approve',
    { protection: { pullRequest: true, approvals: 0, codeOwners: true, checks: CHECKS } },
    "changes of main: they need a pull request, but nobody's approval",
  ],
  [
    'a GitHub App has no key',
    { variables: ['CD4ML_APP_CLIENT_ID'] },
    'GitHub App: there is the variable CD4ML_APP_CLIENT_ID alone',
  ],
])('tells the owner that %s', (_, change, said) => {
  expect(toDo(change)).toEqual([expect.stringContaining(said)])
})

it('does not call a retraining overdue that is running', () => {
  const lastRun = { event: 'schedule', at: '2026-11-24T06:23:00Z', url: 'https://example.org/1' }
  expect(toDo({ workflows: [retrain({ lastRun })] })).toEqual([])
})

it('calls nothing missing that it cannot see', () => {
  const hidden = 'unknown' as const
  const settings: Partial<RepositorySettings> = {
    protection: hidden,
    rebaseMerges: hidden,
    ledger: { exists: true, isAppendOnly: hidden },
    actions: hidden,
    workflowToken: hidden,
    workflows: hidden,
    variables: hidden,
    secrets: hidden,
  }
  expect(toDo(settings)).toEqual([])
  const unknown = found(settings).filter(({ state }) => state === 'unknown')
  expect(unknown).toHaveLength(11)
  for (const checkup of unknown) expect(checkup).toMatchObject({ url: expect.any(String) })
})

function toDo(change: Partial<RepositorySettings>): string[] {
  return found(change).flatMap(({ name, state, detail }) =>
    state === 'to do' ? [`${name}: ${detail}`] : [],
  )
}

function found(change: Partial<RepositorySettings>) {
  const settings: RepositorySettings = {
    url: 'https://github.com/shop/demand',
    defaultBranch: 'main',
    archived: false,
    issues: true,
    rebaseMerges: false,
    protection: { pullRequest: true, approvals: 1, codeOwners: true, checks: CHECKS },
    ledger: { exists: true, isAppendOnly: true },
    codeOwnersErrors: [],
    actions: true,
    workflowToken: { permissions: 'read', mayOpenPullRequests: true },
    labels: [],
    workflows: [retrain({ lastRun: SUCCESS })],
    variables: [],
    secrets: [],
    ...change,
  }
  return [...branchCheckups, ...workflowCheckups].map((checkup) => checkup(settings, TODAY))
}

function retrain(change: Partial<Workflow>): Workflow {
  return { path: '.github/workflows/retrain.yml', state: 'active', ...change }
}
