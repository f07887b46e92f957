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

/** Whatever has an owner is reviewed, and sales have none. */
const SELF_MERGING: Partial<RepositorySettings> = {
  variables: ['CD4ML_MERGE_SALES', 'CD4ML_APP_CLIENT_ID'],
  secrets: ['CD4ML_APP_PRIVATE_KEY'],
  autoMerge: true,
  protection: { pullRequest: true, approvals: 0, codeOwners: true, checks: CHECKS },
  codeOwners: '* @maria\n/data/ @maria\n/data/sales/ # nobody\n/recipe.yml @maria\n',
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
    'nothing hands results from job to job on a server of their own',
    { isEnterpriseServer: true },
    'server: it is GitHub Enterprise Server',
  ],
  [
    'new sales may merge themselves, but GitHub does not let them',
    { ...SELF_MERGING, autoMerge: false },
    'new sales: they may not merge themselves',
  ],
  [
    'new sales may merge themselves, but their checks wait for a person',
    { ...SELF_MERGING, variables: ['CD4ML_MERGE_SALES'], secrets: [] },
    'new sales: the checks of their pull requests wait for a person',
  ],
  [
    'new sales may merge themselves, but somebody has to approve everything',
    {
      ...SELF_MERGING,
      protection: { pullRequest: true, approvals: 1, codeOwners: true, checks: CHECKS },
    },
    'new sales: the rules of main ask for an approval of every pull request',
  ],
  [
    'new sales may merge themselves, but belong to somebody who has to review them',
    { ...SELF_MERGING, codeOwners: '* @maria\n/data/sales/\n/data/ @maria\n' },
    'new sales: the sales have code owners',
  ],
  [
    'a GitHub App has no key',
    { variables: ['CD4ML_APP_CLIENT_ID'] },
    'GitHub App: there is the variable CD4ML_APP_CLIENT_ID alone',
  ],
  [
    'the address of the service is a secret, which no workflow asks for',
    { secrets: ['CD4ML_SERVICE'] },
    'service: there is the secret CD4ML_SERVICE, but no variable CD4ML_SERVICE',
  ],
  [
    'a service that nobody has named is said to have an audience',
    { variables: ['CD4ML_SERVICE_AUDIENCE'] },
    'service: there is the variable CD4ML_SERVICE_AUDIENCE, but no variable CD4ML_SERVICE',
  ],
  [
    'what the service records was not collected',
    {
      variables: ['CD4ML_SERVICE'],
      workflows: [
        retrain({ lastRun: SUCCESS }),
        {
          path: '.github/workflows/collect.yml',
          state: 'active',
          lastRun: { ...SUCCESS, conclusion: 'failure' },
        },
      ],
    },
    'service: collecting ended with failure on 2026-11-23',
  ],
  [
    'nobody looks at the model in production, in a copy of earlier days',
    { workflows: [retrain({ lastRun: SUCCESS }), on('forecast.yml')] },
    'monitoring: there is no monitor.yml',
  ],
  [
    'everybody may see the dashboard of a private repository',
    { variables: ['CD4ML_PAGES'], pages: { isPublic: true } },
    'dashboard: the repository is private, but everybody may see its page',
  ],
  [
    'the dashboard is to be deployed to a page that is off',
    { variables: ['CD4ML_PAGES'], pages: 'off' },
    'dashboard: there is the variable CD4ML_PAGES, but GitHub Pages is off',
  ],
])('tells the owner that %s', (_, change, said) => {
  expect(toDo(change)).toEqual([expect.stringContaining(said)])
})

it('finds nothing to do where new sales merge themselves, and the rest is reviewed by its owners', () => {
  expect(toDo(SELF_MERGING)).toEqual([])
})

it('finds nothing to do where only those see the dashboard who may', () => {
  const variables = ['CD4ML_PAGES']
  expect(toDo({ variables, pages: { isPublic: false } })).toEqual([])
  expect(toDo({ variables, pages: { isPublic: true }, isPrivate: false })).toEqual([])
  expect(toDo({ pages: { isPublic: true } })).toEqual([])
})

it('says of a private repository in a free plan that it has no rules, not that they are hidden', () => {
  const free = toDo({ protection: 'not in the plan' })
  expect(free).toEqual([
    expect.stringMatching(/^changes of main: the plan has no rules for private repositories/),
    expect.stringMatching(/^required checks: the plan/),
    expect.stringMatching(/^review by code owners: the plan/),
  ])
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
  expect(unknown).toHaveLength(15)
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
    isPrivate: true,
    pages: 'off',
    issues: true,
    rebaseMerges: false,
    autoMerge: false,
    isEnterpriseServer: false,
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

function on(file: string): Workflow {
  return { path: `.github/workflows/${file}`, state: 'active' }
}

function retrain(change: Partial<Workflow>): Workflow {
  return { path: '.github/workflows/retrain.yml', state: 'active', ...change }
}
