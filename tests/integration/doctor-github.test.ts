import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { git } from '../../src/base/git.ts'
import { connect } from '../../src/github/client.ts'
import type { Source } from '../../src/sales/warehouse/source.ts'
import { REQUIRED_CHECKS } from '../../src/steps/setup/branch-checkups.ts'
import type { Checkup } from '../../src/steps/setup/checkup.ts'
import { githubCheckups } from '../../src/steps/setup/github-checkups.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import type { WorkflowRun } from '../github/state.ts'
import { REPOSITORY } from '../project.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'
import { day } from './validate-fixture.ts'

const TODAY = day('2026-11-24')

let server: FakeGitHub
let clone: string

beforeEach(async () => {
  server = await startGitHub()
  clone = await temporaryFolder()
  await initialise(clone)
  await git(clone, ['remote', 'add', 'origin', server.git])
})

afterEach(async () => {
  await server.close()
  expect(server.unknown()).toEqual([])
})

describe('a repository that was just made from the template', () => {
  it('lacks what GitHub does not copy, and each page where that is set up is named', async () => {
    await pushWorkflows()
    await workflowToken('read', false)
    const found = await checkups()
    expect(namesOf(found, 'to do')).toEqual([
      'changes of main',
      'required checks',
      'review by code owners',
      'ledger',
      'rules of the ledger',
      'pull requests by workflows',
      'last retraining',
    ])
    expect(found['required checks']).toMatchObject({
      detail: 'not required to pass: ci, experiment, promotion',
      url: 'https://github.com/shop/demand/settings/rules',
    })
    expect(found['pull requests by workflows']).toMatchObject({
      remedy: expect.stringContaining('Allow GitHub Actions to create and approve pull requests'),
      url: 'https://github.com/shop/demand/settings/actions',
    })
    expect(found['last retraining']).toMatchObject({
      url: 'https://github.com/shop/demand/actions/workflows/retrain.yml',
    })
  })

  it('is told that nothing was pushed yet, rather than that something broke', async () => {
    const found = await checkups()
    expect(found.workflows).toMatchObject({ state: 'to do', detail: 'GitHub knows none' })
  })
})

describe('a repository in which all is set up', () => {
  beforeEach(setUp)

  it('has nothing left to do', async () => {
    const found = await checkups()
    expect(Object.values(found).filter(({ state }) => state !== 'passed')).toEqual([])
    expect(found['last retraining'].detail).toBe('on 2026-11-23')
    expect(found['changes of main'].detail).toContain('1 approval')
  })

  it('passes with the older branch protection as well as with rulesets', async () => {
    const { data: rulesets } = await owner().rest.repos.getRepoRulesets(PLACE)
    for (const { id } of rulesets) {
      await owner().rest.repos.deleteRepoRuleset({ ...PLACE, ruleset_id: id })
    }
    expect(namesOf(await checkups(), 'to do')).toContain('required checks')
    for (const branch of ['main', 'ledger']) {
      await owner().rest.repos.updateBranchProtection({
        ...PLACE,
        branch,
        required_status_checks: { strict: true, contexts: REQUIRED_CHECKS },
        enforce_admins: true,
        required_pull_request_reviews: {
          required_approving_review_count: 1,
          require_code_owner_reviews: true,
        },
        restrictions: null,
      })
    }
    expect(namesOf(await checkups(), 'to do')).toEqual([])
  })

  it.each<[string, string, () => Promise<unknown>, RegExp]>([
    [
      'a check is not required any more',
      'required checks',
      async () => {
        await removeRules('main')
        await protectMain(['ci', 'promotion'])
      },
      /not required to pass: experiment/,
    ],
    ['issues are off', 'issues', () => change({ has_issues: false }), /off/],
    ['the repository is archived', 'actions', () => change({ archived: true }), /archived/],
    [
      'rebasing would put on main what a pull request has taken back',
      'ways to merge',
      () => change({ allow_rebase_merge: true }),
      /no review has seen alone/,
    ],
    [
      'an owner does not exist, whose review nobody could ever ask for',
      'code owners on main',
      async () => {
        await put(clone, { '.github/CODEOWNERS': '* @maria\n/data/ @mario\n' })
        await commitAll(clone, 'Name an owner')
        await git(clone, ['push', '--quiet', 'origin', 'main'])
      },
      /line 2: make sure @mario exists/,
    ],
    [
      'jobs may write without asking',
      'token of workflows',
      () => workflowToken('write', true),
      /can write/,
    ],
    [
      'a key of an App has no App',
      'GitHub App',
      () =>
        owner().rest.actions.createOrUpdateRepoSecret({
          ...PLACE,
          secret_name: 'CD4ML_APP_PRIVATE_KEY',
          encrypted_value: 'c2VjcmV0',
          key_id: '1',
        }),
      /the secret CD4ML_APP_PRIVATE_KEY alone/,
    ],
    [
      'a workflow is switched off',
      'workflows',
      () => owner().rest.actions.disableWorkflow({ ...PLACE, workflow_id: 'retrain.yml' as never }),
      /switched off: retrain\.yml/,
    ],
    [
      'the last retraining failed',
      'last retraining',
      async () => addRun({ conclusion: 'failure', startedAt: '2026-11-24T06:23:00Z' }),
      /ended with failure on 2026-11-24/,
    ],
  ])('says so where %s', async (_, name, change, detail) => {
    await change()
    const found = await checkups()
    expect(found[name]).toMatchObject({ state: 'to do', detail: expect.stringMatching(detail) })
  })

  it('says so where retraining has fallen asleep', async () => {
    const found = await checkups(server.ownerToken, day('2027-02-01'))
    expect(namesOf(found, 'to do')).toEqual(['last retraining'])
    expect(found['last retraining'].detail).toContain('2026-11-23, more than 14 days ago')
  })

  it('needs no permission for workflows to open pull requests where a GitHub App does', async () => {
    await workflowToken('read', false)
    await addApp()
    expect(namesOf(await checkups(), 'to do')).toEqual([])
  })

  it('is not called unprotected where the token may not see what protects it', async () => {
    const found = await checkups(server.token)
    expect(namesOf(found, 'to do')).toEqual([])
    expect(namesOf(found, 'unknown')).toEqual([
      'new sales',
      'actions',
      'pull requests by workflows',
      'token of workflows',
      'GitHub App',
      'service',
      'dashboard',
    ])
  })

  it('is told that it has no rules in its plan, not that the token may not see them', async () => {
    server.fault({
      method: 'GET',
      path: /rules|protection/,
      times: 100,
      kind: 'not in the plan',
    })
    const found = await checkups()
    expect(found['changes of main']).toMatchObject({
      state: 'to do',
      detail: expect.stringContaining('the plan has no rules'),
    })
  })

  it('is warned where its private figures are on a page that everybody may see', async () => {
    expect((await checkups()).dashboard.detail).toBe('kept with the runs that make it')
    await owner().rest.actions.createRepoVariable({ ...PLACE, name: 'CD4ML_PAGES', value: 'true' })
    expect((await checkups()).dashboard).toMatchObject({
      state: 'to do',
      detail: expect.stringContaining('GitHub Pages is off'),
    })
    await owner().rest.repos.createPagesSite({ ...PLACE, build_type: 'workflow' })
    expect((await checkups()).dashboard).toMatchObject({
      state: 'to do',
      detail: 'the repository is private, but everybody may see its page',
    })
  })

  it('may have new sales merge themselves, reviewed by nobody, once all is set up for that', async () => {
    await owner().rest.repos.update({ ...PLACE, allow_auto_merge: true })
    await owner().rest.actions.createRepoVariable({
      ...PLACE,
      name: 'CD4ML_MERGE_SALES',
      value: 'true',
    })
    expect((await checkups())['new sales'].detail).toMatch(/checks .* wait for a person/)
    await addApp()
    expect((await checkups())['new sales'].detail).toMatch(/ask for an approval/)
    await removeRules('main')
    await protectMain(REQUIRED_CHECKS, 0)
    expect((await checkups())['new sales'].detail).toMatch(/have code owners/)
    await put(clone, { '.github/CODEOWNERS': '* @maria\n/data/sales/\n' })
    await commitAll(clone, 'Let nobody own the sales')
    await git(clone, ['push', '--quiet', 'origin', 'main'])
    expect(namesOf(await checkups(), 'to do')).toEqual([])
  })
})

describe('of a warehouse, asks nobody and says', () => {
  beforeEach(setUp)

  const engine = { kind: 'postgresql', query: 'x', connection: 'shop_db' } as const
  const source = { engine } as Source
  const found = async (token = server.ownerToken) =>
    (await githubCheckups(github(token), TODAY, { source })).at(-1)

  it('nothing where no contract names one', async () => {
    expect(Object.keys(await checkups())).not.toContain('warehouse')
  })

  it('that it is asked every night where no contract names one', async () => {
    const named = async (contract?: { source?: Source }) =>
      (await githubCheckups(github(server.ownerToken), TODAY, contract)).find(
        ({ name }) => name === 'warehouse',
      )
    expect(await named({})).toBeUndefined()
    await owner().rest.actions.createRepoVariable({ ...PLACE, name: 'CD4ML_INGEST', value: 'true' })
    expect(await named({})).toMatchObject({
      state: 'to do',
      detail: expect.stringContaining('CD4ML_INGEST'),
      url: expect.stringContaining('/settings/variables/actions'),
    })
    // What is wrong with a contract that cannot be read is said of the sales.
    expect(await named()).toBeUndefined()
  })

  it.each([
    ['no environment', undefined, 'there is no environment warehouse'],
    [
      'one for all branches',
      { branches: undefined, secrets: ['SHOP_DB'] },
      'other branches than main',
    ],
    [
      'one for more branches',
      { branches: ['main', 'dev'], secrets: ['SHOP_DB'] },
      'other branches',
    ],
    ['one without the secret', { branches: ['main'], secrets: ['OTHER'] }, 'no secret shop_db'],
  ])('what to do where there is %s', async (_, environment, detail) => {
    if (environment) server.environments.set('warehouse', environment)
    expect(await found()).toMatchObject({
      name: 'warehouse',
      state: 'to do',
      detail: expect.stringContaining(detail),
      url: expect.stringContaining('/settings/environments'),
    })
  })

  it('that the plan has no environments, where that is why there is none', async () => {
    server.fault({ method: 'GET', path: /environments/, times: 9, kind: 'not in the plan' })
    expect(await found()).toMatchObject({
      state: 'to do',
      detail: expect.stringContaining('the plan has no environments'),
    })
  })

  it('whether it is asked every night, once all is there', async () => {
    server.environments.set('warehouse', { branches: ['main'], secrets: ['SHOP_DB'] })
    expect(await found()).toMatchObject({
      state: 'passed',
      detail: expect.stringMatching(/not every night/),
    })
    await owner().rest.actions.createRepoVariable({ ...PLACE, name: 'CD4ML_INGEST', value: 'true' })
    expect(await found()).toMatchObject({
      state: 'passed',
      detail: expect.stringMatching(/^asked every night/),
    })
    expect(await found(server.token)).toMatchObject({ state: 'unknown' })
  })
})

describe('where GitHub cannot be asked', () => {
  it('a token that it does not know is the one thing to do', async () => {
    const found = await checkups('ghs_unknown')
    expect(Object.keys(found)).toEqual(['access'])
    expect(found.access).toMatchObject({
      state: 'to do',
      detail: expect.stringContaining('does not know the token'),
      remedy: expect.stringContaining('shop/demand'),
    })
  })

  it('no token is no failure: the rest is looked at without', async () => {
    const found = await githubCheckups({ problem: 'no token', remedy: 'Pass one' }, TODAY)
    expect(found).toEqual([
      { name: 'access', state: 'unknown', detail: 'no token', remedy: 'Pass one' },
    ])
  })
})

it('asks branch protection for the very checks that the workflows report', async () => {
  const reported = await Promise.all(
    REQUIRED_CHECKS.map(async (name) => {
      const file = join(REPOSITORY, '.github', 'workflows', `${name}.yml`)
      const { jobs }: { jobs: Record<string, { name?: string }> } = parse(
        await readFile(file, 'utf8'),
      )
      return Object.values(jobs).some((job) => job.name?.includes(name))
    }),
  )
  expect(reported).toEqual(REQUIRED_CHECKS.map(() => true))
})

const PLACE = { owner: 'shop', repo: 'demand' }

function github(token: string) {
  const { url: apiUrl, repository } = server
  return connect({ token, repository, apiUrl, retryAfterBaseValue: 1 })
}

function owner() {
  return github(server.ownerToken).api
}

async function checkups(
  token = server.ownerToken,
  today = TODAY,
): Promise<Record<string, Checkup>> {
  const found = await githubCheckups(github(token), today)
  return Object.fromEntries(found.map((checkup) => [checkup.name, checkup]))
}

function namesOf(found: Record<string, Checkup>, wanted: Checkup['state']): string[] {
  return Object.values(found).flatMap(({ name, state }) => (state === wanted ? [name] : []))
}

async function pushWorkflows(): Promise<void> {
  await put(clone, {
    '.github/CODEOWNERS': '* @maria\n',
    '.github/workflows/ci.yml': 'name: ci\non: push\n',
    '.github/workflows/retrain.yml': 'name: retrain\non: workflow_dispatch\n',
  })
  await commitAll(clone, 'Use the template')
  await git(clone, ['push', '--quiet', 'origin', 'main'])
}

async function setUp(): Promise<void> {
  await pushWorkflows()
  await git(clone, ['push', '--quiet', 'origin', 'main:refs/heads/ledger'])
  await protectMain(REQUIRED_CHECKS)
  await owner().rest.repos.createRepoRuleset({
    ...PLACE,
    name: 'ledger',
    enforcement: 'active',
    conditions: { ref_name: { include: ['refs/heads/ledger'], exclude: [] } },
    rules: [{ type: 'deletion' }, { type: 'non_fast_forward' }],
  })
  await workflowToken('read', true)
  addRun({ conclusion: 'success', startedAt: '2026-11-23T06:23:00Z' })
}

async function addApp(): Promise<void> {
  await owner().rest.actions.createRepoVariable({
    ...PLACE,
    name: 'CD4ML_APP_CLIENT_ID',
    value: 'Iv23',
  })
  await owner().rest.actions.createOrUpdateRepoSecret({
    ...PLACE,
    secret_name: 'CD4ML_APP_PRIVATE_KEY',
    encrypted_value: 'c2VjcmV0',
    key_id: '1',
  })
}

async function removeRules(ruleset: string): Promise<void> {
  const { data: rulesets } = await owner().rest.repos.getRepoRulesets(PLACE)
  const { id } = rulesets.find(({ name }) => name === ruleset)!
  await owner().rest.repos.deleteRepoRuleset({ ...PLACE, ruleset_id: id })
}

async function protectMain(checks: string[], approvals = 1): Promise<void> {
  await owner().rest.repos.createRepoRuleset({
    ...PLACE,
    name: 'main',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      {
        type: 'pull_request',
        parameters: {
          required_approving_review_count: approvals,
          require_code_owner_review: true,
          dismiss_stale_reviews_on_push: false,
          require_last_push_approval: false,
          required_review_thread_resolution: false,
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: checks.map((context) => ({ context })),
        },
      },
    ],
  })
}

async function workflowToken(permissions: 'read' | 'write', pullRequests: boolean): Promise<void> {
  await owner().rest.actions.setGithubActionsDefaultWorkflowPermissionsRepository({
    ...PLACE,
    default_workflow_permissions: permissions,
    can_approve_pull_request_reviews: pullRequests,
  })
}

async function change(settings: {
  has_issues?: boolean
  archived?: boolean
  allow_rebase_merge?: boolean
}): Promise<void> {
  await owner().rest.repos.update({ ...PLACE, ...settings })
}

function addRun(run: Pick<WorkflowRun, 'conclusion' | 'startedAt'>): void {
  server.addRun({
    path: '.github/workflows/retrain.yml',
    branch: 'main',
    commit: '0'.repeat(40),
    event: 'schedule',
    status: 'completed',
    actor: { login: 'maria', type: 'User' },
    ...run,
  })
}
