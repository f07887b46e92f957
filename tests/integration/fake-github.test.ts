import { createHash } from 'node:crypto'
import { getOctokit } from '@actions/github'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import type { Permission } from '../github/identity.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'

const at = { owner: 'shop', repo: 'demand' }

let server: FakeGitHub
let clone: string
let main: string

beforeAll(async () => {
  server = await startGitHub()
  clone = await temporaryFolder()
  await initialise(clone)
  await put(clone, { 'recipe.yml': 'families: [ridge]\n', 'data/sales/2026-09.csv': 'id\n' })
  await put(clone, { '.github/workflows/retrain.yml': WORKFLOW_FILE })
  main = await commitAll(clone, 'Begin')
  await git(clone, ['remote', 'add', 'origin', server.git])
  await git(clone, ['push', '--quiet', 'origin', 'main'])
})

afterAll(async () => await server.close())

describe('git objects', () => {
  it('gives trees and commits the ids that git gives them', async () => {
    const folder = await temporaryFolder()
    await git(folder, ['clone', '--quiet', server.git, '.'])
    await put(folder, { 'model-registry/production/model.json': '{"a":1}\n', 'recipe.yml': 'é\n' })
    await git(folder, ['rm', '--quiet', '-r', 'data'])
    await git(folder, ['add', '--all'])
    const expected = (await git(folder, ['write-tree'])).trim()

    const content = Buffer.from('{"a":1}\n').toString('base64')
    const blob = await bot().git.createBlob({ ...at, content, encoding: 'base64' })
    const tree = await bot().git.createTree({
      ...at,
      base_tree: main,
      tree: [
        { path: 'model-registry/production/model.json', ...FILE, sha: blob.data.sha },
        { path: 'recipe.yml', ...FILE, content: 'é\n' },
        { path: 'data/sales/2026-09.csv', ...FILE, sha: null },
      ],
    })
    expect(tree.data.sha).toBe(expected)

    const person = { name: 'Ana', email: 'ana@example.com', date: '2026-10-01T09:00:00-03:00' }
    const commit = await bot().git.createCommit({
      ...at,
      tree: expected,
      parents: [main],
      message: 'Try another recipe',
      author: person,
    })
    const text = `tree ${expected}\nparent ${main}\nauthor Ana <ana@example.com> 1790856000 -0300\ncommitter Ana <ana@example.com> 1790856000 -0300\n\nTry another recipe`
    expect(commit.data.sha).toBe(objectId('commit', text))
  })

  it('signs commits of the bot only where it does not say who commits', async () => {
    const commit = { ...at, tree: await treeOf(main), parents: [main], message: 'Retrain' }
    const own = await bot().git.createCommit(commit)
    const author = { name: 'Ana', email: 'ana@example.com' }
    const named = await bot().git.createCommit({ ...commit, author })
    expect(own.data.author.email).toBe('41898282+github-actions[bot]@users.noreply.github.com')
    expect(own.data.verification.verified).toBe(true)
    expect(named.data.verification.verified).toBe(false)
  })

  it.each([
    [
      'an object that is not there',
      { path: 'a', ...FILE, sha: '1'.repeat(40) },
      /not a valid blob/,
    ],
    ['a path out of the repository', { path: '../a', ...FILE, content: 'a' }, /malformed path/],
    ['deleting what is not there', { path: 'nothing', ...FILE, sha: null }, /BadObjectState/],
    ['a path from the root', { path: '/a', ...FILE, content: 'a' }, /start with a slash/],
    ['neither content nor id', { path: 'a', ...FILE }, /Must supply either/],
  ])('refuses a tree with %s', async (_, entry, message) => {
    const tree = bot().git.createTree({ ...at, base_tree: main, tree: [entry as { path: string }] })
    await expect(refusal(tree)).resolves.toMatchObject({
      status: 422,
      message: expect.stringMatching(message),
    })
  })

  it('sends files above one megabyte without their content, unless asked for them raw', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1, 'x')
    const branch = await branchWith('large', { 'model.json': large })
    const where = { ...at, path: 'model.json', ref: branch }
    const { data } = await bot().repos.getContent(where)
    expect(data).toMatchObject({ encoding: 'none', content: '', size: large.length })
    const raw = await bot().repos.getContent({ ...where, mediaType: { format: 'raw' } })
    expect(String(raw.data)).toHaveLength(large.length)
  })
})

describe('references', () => {
  it('moves a branch forward only, and anywhere when forced', async () => {
    const old = await commitOn(main, 'Old')
    const other = await commitOn(main, 'Other')
    await bot().git.createRef({ ...at, ref: 'refs/heads/ledger', sha: old })
    const move = { ...at, ref: 'heads/ledger', sha: other }
    expect(await refusal(bot().git.updateRef(move))).toMatchObject({
      status: 422,
      message: expect.stringContaining('Update is not a fast forward'),
    })
    await bot().git.updateRef({ ...move, force: true })
    expect((await git(server.git, ['rev-parse', 'ledger'])).trim()).toBe(other)
  })

  it.each([
    ['a name that is taken', 'refs/heads/main', undefined, 'Reference already exists'],
    ['a short name', 'main', undefined, 'three slash-separated components'],
    ['a name that git does not take', 'refs/heads/a..b', undefined, 'not a valid ref name'],
    ['a commit that is not there', 'refs/heads/new', '1'.repeat(40), 'Object does not exist'],
    ['a folder of a branch', 'refs/heads/main/next', undefined, 'Reference update failed'],
  ])('refuses %s', async (_, ref, sha, message) => {
    expect(await refusal(bot().git.createRef({ ...at, ref, sha: sha ?? main }))).toMatchObject({
      status: 422,
      message: expect.stringContaining(message),
    })
  })

  it('tells a missing reference from one whose name only begins so', async () => {
    await bot().git.createRef({ ...at, ref: 'refs/heads/promotion/demand', sha: main })
    expect(await refusal(bot().git.getRef({ ...at, ref: 'heads/promotion' }))).toMatchObject({
      status: 404,
    })
    const { data } = await bot().git.listMatchingRefs({ ...at, ref: 'heads/promotion' })
    expect(data.map(({ ref }) => ref)).toEqual(['refs/heads/promotion/demand'])
  })
})

describe('pull requests', () => {
  it('opens one for a branch, not two, and none for a branch without commits', async () => {
    const head = await branchWith('twice', { 'a.txt': 'a' })
    const request = { ...at, base: 'main', title: 'Promote', head }
    const opened = await bot().pulls.create(request)
    expect(opened.data).toMatchObject({ state: 'open', mergeable: null, head: { ref: head } })
    expect(await refusal(bot().pulls.create(request))).toMatchObject({
      status: 422,
      errors: [{ message: `A pull request already exists for shop:${head}.` }],
    })
    await bot().git.createRef({ ...at, ref: 'refs/heads/empty', sha: main })
    expect(await refusal(bot().pulls.create({ ...request, head: 'empty' }))).toMatchObject({
      status: 422,
      errors: [{ message: 'No commits between main and empty' }],
    })
    expect(await refusal(bot().pulls.create({ ...request, head: 'nowhere' }))).toMatchObject({
      status: 422,
      errors: [{ resource: 'PullRequest', field: 'head', code: 'invalid' }],
    })
  })

  it('filters by head only where an owner is named, as GitHub does', async () => {
    const first = await openPull('filter-one')
    const second = await openPull('filter-two')
    const numbers = async (head: string) => {
      const { data } = await bot().pulls.list({ ...at, head, per_page: 100 })
      return data.map(({ number }) => number)
    }
    expect(await numbers('shop:filter-one')).toEqual([first.number])
    expect(await numbers('filter-one')).toEqual(
      expect.arrayContaining([first.number, second.number]),
    )
  })

  it('follows pushes of plain git: new commits, a deleted branch, and what pull refs say', async () => {
    const { number, head } = await openPull('pushed')
    const pushed = await commitOn(head.sha, 'One more')
    await git(server.git, ['update-ref', 'refs/heads/pushed', pushed])
    const seen = await bot().pulls.get({ ...at, pull_number: number })
    expect(seen.data).toMatchObject({ head: { sha: pushed }, mergeable: true, commits: 2 })
    expect((await git(server.git, ['rev-parse', `refs/pull/${number}/head`])).trim()).toBe(pushed)

    await git(server.git, ['update-ref', '-d', 'refs/heads/pushed'])
    const closed = await bot().pulls.get({ ...at, pull_number: number })
    expect(closed.data).toMatchObject({ state: 'closed', merged: false, head: { sha: pushed } })
    expect(
      await refusal(bot().pulls.update({ ...at, pull_number: number, state: 'open' })),
    ).toMatchObject({
      status: 422,
      errors: [{ message: expect.stringContaining('has been deleted') }],
    })
  })

  it('merges into a real merge commit, once, and only the head that was seen', async () => {
    const { number, head } = await openPull('merged')
    const base = (await git(server.git, ['rev-parse', 'main'])).trim()
    const merge = { ...at, pull_number: number }
    expect(await refusal(bot().pulls.merge({ ...merge, sha: main }))).toMatchObject({ status: 409 })
    const { data } = await bot().pulls.merge({ ...merge, sha: head.sha })
    const parents = (await git(server.git, ['rev-parse', 'main', 'main^1', 'main^2'])).trim()
    expect(parents.split('\n')).toEqual([data.sha, base, head.sha])
    expect(await refusal(bot().pulls.merge(merge))).toMatchObject({ status: 405 })
    const after = await bot().pulls.get(merge)
    expect(after.data).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: data.sha })
    const brought = await bot().repos.listPullRequestsAssociatedWithCommit({
      ...at,
      commit_sha: data.sha,
    })
    expect(brought.data.map((pull) => pull.number)).toEqual([number])
  })

  it('refuses to merge a conflict', async () => {
    const { number } = await openPull('conflict', { 'recipe.yml': 'families: [naive]\n' })
    const rival = await openPull('rival', { 'recipe.yml': 'families: [smoothing]\n' })
    await bot().pulls.merge({ ...at, pull_number: rival.number })
    const { data } = await bot().pulls.get({ ...at, pull_number: number })
    expect(data).toMatchObject({ mergeable: false, mergeable_state: 'dirty' })
    expect(await refusal(bot().pulls.merge({ ...at, pull_number: number }))).toMatchObject({
      status: 405,
    })
  })

  it('knows the branches of forks', async () => {
    const fix = await commitOn(main, 'Fix a typo')
    await git(server.git, ['update-ref', 'refs/forks/ana/heads/fix', fix])
    const { data } = await bot().pulls.create({
      ...at,
      base: 'main',
      title: 'Fix',
      head: 'ana:fix',
    })
    expect(data.head).toMatchObject({
      label: 'ana:fix',
      repo: { fork: true, full_name: 'ana/demand' },
    })
    expect(data.base.repo).toMatchObject({ fork: false })
  })

  it('lets Actions open none where the setting forbids it', async () => {
    const head = await branchWith('forbidden', { 'a.txt': 'a' })
    const setting = (allowed: boolean) =>
      owner().actions.setGithubActionsDefaultWorkflowPermissionsRepository({
        ...at,
        can_approve_pull_request_reviews: allowed,
      })
    await setting(false)
    const request = { ...at, base: 'main', title: 'Promote', head }
    expect(await refusal(bot().pulls.create(request))).toMatchObject({
      status: 403,
      message: expect.stringContaining('not permitted to create or approve pull requests'),
    })
    await setting(true)
    await bot().pulls.create(request)
  })
})

describe('protected branches', () => {
  it('take changes by reviewed and checked pull requests alone', async () => {
    const { number, head } = await openPull('guarded')
    const ruleset = await owner().repos.createRepoRuleset({ ...at, ...RULESET })
    const rules = await bot().repos.getBranchRules({ ...at, branch: 'main' })
    expect(rules.data.map(({ type }) => type)).toEqual(['pull_request', 'required_status_checks'])

    const direct = bot().git.updateRef({ ...at, ref: 'heads/main', sha: head.sha, force: true })
    expect(await refusal(direct)).toMatchObject({
      status: 422,
      message: expect.stringContaining('Changes must be made through a pull request.'),
    })
    const merge = () => refusal(owner().pulls.merge({ ...at, pull_number: number }))
    expect(await merge()).toMatchObject({
      status: 405,
      message: expect.stringMatching(/"promotion" is expected.*1 approving review/s),
    })
    const check = { ...at, name: 'promotion', head_sha: head.sha, status: 'completed' } as const
    await bot().checks.create({ ...check, conclusion: 'failure' })
    const approve = { ...at, pull_number: number, event: 'APPROVE' } as const
    expect(await refusal(bot().pulls.createReview(approve))).toMatchObject({ status: 422 })
    await owner().pulls.createReview(approve)
    expect(await merge()).toMatchObject({ status: 405 })
    await bot().checks.create({ ...check, conclusion: 'success' })
    await owner().pulls.merge({ ...at, pull_number: number })
    await owner().repos.deleteRepoRuleset({ ...at, ruleset_id: ruleset.data.id })
  })

  it('are seen by administrators alone', async () => {
    const branch = { ...at, branch: 'main' }
    expect(await refusal(bot().repos.getBranchProtection(branch))).toMatchObject({ status: 403 })
    expect(await refusal(owner().repos.getBranchProtection(branch))).toMatchObject({
      status: 404,
      message: expect.stringContaining('Branch not protected'),
    })
  })
})

describe('issues, labels and comments', () => {
  it('counts issues and pull requests together, and lists both as issues', async () => {
    const pull = await openPull('numbered')
    const { data: issue } = await bot().issues.create({ ...at, title: 'Retraining fails' })
    expect(issue.number).toBe(pull.number + 1)
    const { data } = await bot().issues.listForRepo({ ...at, per_page: 2 })
    expect(data.map((found) => Boolean(found.pull_request))).toEqual([false, true])
    expect(await refusal(bot().pulls.get({ ...at, pull_number: issue.number }))).toMatchObject({
      status: 404,
    })
  })

  it('knows a label whatever its capitals, and makes it where an issue asks for it', async () => {
    await bot().issues.createLabel({ ...at, name: 'Promotion', color: '0E8A16' })
    const twice = bot().issues.createLabel({ ...at, name: 'promotion', color: '0e8a16' })
    expect(await refusal(twice)).toMatchObject({
      status: 422,
      errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
    })
    const { data } = await bot().issues.create({
      ...at,
      title: 'x',
      labels: ['PROMOTION', 'alert'],
    })
    const names = data.labels.map((label) => (typeof label === 'string' ? label : label.name))
    expect(names).toEqual(['Promotion', 'alert'])
    const found = await bot().issues.listForRepo({ ...at, labels: 'promotion,alert' })
    expect(found.data.map(({ number }) => number)).toEqual([data.number])
  })

  it.each([
    ['an empty comment', ' ', 'missing_field'],
    ['a comment that is too long', 'x'.repeat(65_537), 'custom'],
  ])('refuses %s', async (_, body, code) => {
    const { data } = await bot().issues.create({ ...at, title: 'Comments' })
    const comment = bot().issues.createComment({ ...at, issue_number: data.number, body })
    expect(await refusal(comment)).toMatchObject({
      status: 422,
      errors: [{ resource: 'IssueComment', field: 'body', code }],
    })
  })

  it('gives long lists in pages, with links that lead to the end', async () => {
    const { data: issue } = await bot().issues.create({ ...at, title: 'Talk' })
    const on = { ...at, issue_number: issue.number }
    for (let i = 0; i < 5; i += 1) await bot().issues.createComment({ ...on, body: `No. ${i}` })
    const first = await bot().issues.listComments({ ...on, per_page: 2 })
    expect(first.data).toHaveLength(2)
    expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/)
    const octokit = getOctokit(server.token, { baseUrl: server.url })
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...on, per_page: 2 })
    expect(all.map(({ body }) => body)).toEqual(['No. 0', 'No. 1', 'No. 2', 'No. 3', 'No. 4'])
  })
})

describe('releases', () => {
  it('makes the tag, takes files at the address it names, and neither twice', async () => {
    const release = { ...at, tag_name: 'model/v1', target_commitish: main }
    const { data } = await bot().repos.createRelease(release)
    expect((await git(server.git, ['rev-parse', 'model/v1'])).trim()).toBe(main)
    expect(await refusal(bot().repos.createRelease(release))).toMatchObject({
      status: 422,
      errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }],
    })
    const upload = () =>
      bot().repos.uploadReleaseAsset({
        ...at,
        release_id: data.id,
        url: data.upload_url,
        name: 'model.json',
        data: '{"a":1}',
        headers: { 'content-type': 'application/json' },
      })
    const asset = await upload()
    expect(asset.data).toMatchObject({ state: 'uploaded', size: 7 })
    expect(await refusal(upload())).toMatchObject({
      status: 422,
      errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }],
    })
    const found = await bot().repos.getReleaseByTag({ ...at, tag: 'model/v1' })
    expect(found.data.assets.map(({ name }) => name)).toEqual(['model.json'])
  })

  it('leaves an existing tag where it is', async () => {
    const tagged = await commitOn(main, 'Tagged')
    await bot().git.createRef({ ...at, ref: 'refs/tags/model/v2', sha: tagged })
    await bot().repos.createRelease({ ...at, tag_name: 'model/v2', target_commitish: main })
    expect((await git(server.git, ['rev-parse', 'model/v2'])).trim()).toBe(tagged)
  })
})

describe('workflows', () => {
  it('are those of the default branch, with their runs', async () => {
    server.addRun({
      ...RUN,
      commit: main,
      conclusion: 'success',
      startedAt: '2026-09-01T03:00:00Z',
    })
    server.addRun({
      ...RUN,
      commit: main,
      conclusion: 'failure',
      startedAt: '2026-09-08T03:00:00Z',
    })
    const { data } = await bot().actions.listRepoWorkflows(at)
    expect(data.workflows).toMatchObject([{ name: 'Retrain', state: 'active', path: RUN.path }])
    const runs = async (status?: 'success') => {
      const workflow = { ...at, workflow_id: 'retrain.yml', ...(status && { status }) }
      const answer = await bot().actions.listWorkflowRuns(workflow)
      return answer.data.workflow_runs.map(({ conclusion }) => conclusion)
    }
    expect(await runs()).toEqual(['failure', 'success'])
    expect(await runs('success')).toEqual(['success'])
    const unknown = bot().actions.listWorkflowRuns({ ...at, workflow_id: 'nothing.yml' })
    expect(await refusal(unknown)).toMatchObject({ status: 404 })
  })

  it('are started with the inputs that they declare, on a branch that is there', async () => {
    const run = { ...at, workflow_id: 'retrain.yml', ref: 'main', inputs: { reason: 'drift' } }
    await bot().actions.createWorkflowDispatch(run)
    expect(server.dispatches).toMatchObject([
      { event: 'workflow_dispatch', ref: 'main', inputs: { reason: 'drift' } },
    ])
    const { data: waiting } = await bot().actions.listWorkflowRuns({
      ...at,
      workflow_id: 'retrain.yml',
      status: 'queued',
    })
    expect(waiting.workflow_runs).toMatchObject([
      { event: 'workflow_dispatch', display_title: 'Retrain for drift' },
    ])
    const wrong = bot().actions.createWorkflowDispatch({ ...run, inputs: { reasn: 'drift' } })
    expect(await refusal(wrong)).toMatchObject({
      status: 422,
      message: expect.stringContaining('Unexpected inputs provided: ["reasn"]'),
    })
    const nowhere = bot().actions.createWorkflowDispatch({ ...run, ref: 'nowhere' })
    expect(await refusal(nowhere)).toMatchObject({
      status: 422,
      message: expect.stringContaining('No ref found for: nowhere'),
    })
  })
})

describe('what is wrong with a request', () => {
  it.each([
    ['fields that are missing', { base: 'main' }, `"head" wasn't supplied.`],
    ['a field of another type', { head: 'a', base: 'main', title: 5 }, 'not a string'],
    [
      'a field that GitHub does not have',
      { head: 'a', base: 'main', labels: [] },
      '"labels" is not a permitted key.',
    ],
  ])('is named: %s', async (_, body, message) => {
    const answer = await ask('POST', '/repos/shop/demand/pulls', JSON.stringify(body))
    expect(answer).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining(message) },
    })
  })

  it("is said with GitHub's status", async () => {
    expect(await ask('POST', '/repos/shop/demand/issues', '{')).toMatchObject({ status: 400 })
    expect(await ask('GET', '/repos/shop/other')).toMatchObject({ status: 404 })
    expect(await ask('GET', '/repos/shop/demand', undefined, 'wrong')).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    })
  })

  it('names the permission that a token lacks', async () => {
    const reader = withPermissions(['contents: read'])
    await reader.git.getRef({ ...at, ref: 'heads/main' })
    const refused = await refusal(reader.git.createRef({ ...at, ref: 'refs/heads/x', sha: main }))
    expect(refused).toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
      headers: { 'x-accepted-github-permissions': 'contents=write' },
    })
  })

  it('shows a test which requests this server does not know', async () => {
    expect(await ask('GET', '/repos/shop/demand/stargazers')).toMatchObject({ status: 404 })
    expect(server.unknown()).toEqual(['GET /repos/shop/demand/stargazers'])
  })
})

describe('faults', () => {
  it.each([
    [401, 401],
    [404, 404],
    [409, 409],
    [422, 422],
    [429, 429],
    [500, 500],
    ['rate-limited', 403],
    ['secondary-limit', 403],
  ] as const)('strike as often as they are told to: %s', async (kind, status) => {
    server.fault({ method: 'GET', path: /\/labels$/, times: 1, kind })
    const first = await ask('GET', '/repos/shop/demand/labels')
    const second = await ask('GET', '/repos/shop/demand/labels')
    expect([first.status, second.status]).toEqual([status, 200])
  })

  it('say when a limit ends', async () => {
    server.fault({ method: 'GET', path: /\/labels$/, times: 1, kind: 'rate-limited' })
    const limited = await ask('GET', '/repos/shop/demand/labels')
    expect(limited.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(Number(limited.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0)
    server.fault({ method: 'GET', path: /\/labels$/, times: 1, kind: 429 })
    const second = await ask('GET', '/repos/shop/demand/labels')
    expect(second.headers.get('retry-after')).toBe('1')
  })

  it.each([
    ['dropped before', 0],
    ['dropped after', 1],
  ] as const)('carry out a request or not before the connection is %s', async (kind, made) => {
    const { data: issue } = await bot().issues.create({ ...at, title: kind })
    const on = { ...at, issue_number: issue.number }
    server.fault({ method: 'POST', path: /\/comments$/, times: 1, kind })
    await expect(bot().issues.createComment({ ...on, body: 'Hello' })).rejects.toThrow()
    expect((await bot().issues.listComments(on)).data).toHaveLength(made)
    expect(server.requests.at(-2)).toMatchObject({ method: 'POST', status: 'dropped' })
  })
})

const WORKFLOW_FILE = `name: Retrain
run-name: \${{ inputs.reason && format('Retrain for {0}', inputs.reason) || '' }}
on:
  schedule: [{ cron: '0 3 * * 1' }]
  workflow_dispatch:
    inputs:
      reason: { required: true, type: string }
jobs: {}
`
const RUN = {
  path: '.github/workflows/retrain.yml',
  branch: 'main',
  event: 'schedule',
  status: 'completed',
  actor: { login: 'maria', type: 'User' },
} as const
const FILE = { mode: '100644', type: 'blob' } as const

type RulesetRequest = NonNullable<
  Parameters<ReturnType<typeof getOctokit>['rest']['repos']['createRepoRuleset']>[0]
>

const RULESET: Pick<RulesetRequest, 'name' | 'enforcement' | 'conditions' | 'rules'> = {
  name: 'main',
  enforcement: 'active',
  conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
  rules: [
    {
      type: 'pull_request',
      parameters: {
        required_approving_review_count: 1,
        dismiss_stale_reviews_on_push: false,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_review_thread_resolution: false,
      },
    },
    {
      type: 'required_status_checks',
      parameters: {
        required_status_checks: [{ context: 'promotion' }],
        strict_required_status_checks_policy: false,
      },
    },
  ],
}

function bot() {
  return getOctokit(server.token, { baseUrl: server.url }).rest
}

function owner() {
  return getOctokit(server.ownerToken, { baseUrl: server.url }).rest
}

function withPermissions(permissions: Permission[]) {
  const token = server.tokenFor({ login: 'github-actions[bot]', type: 'Bot', permissions })
  return getOctokit(token, { baseUrl: server.url }).rest
}

async function refusal(request: Promise<unknown>): Promise<Refusal> {
  try {
    await request
  } catch (error) {
    const { status, message, response } = error as {
      status: number
      message: string
      response?: { headers: object; data: { errors?: object[] } }
    }
    return { status, message, headers: response?.headers, errors: response?.data.errors }
  }
  throw new Error('The request was not refused')
}

type Refusal = {
  status: number
  message: string
  headers: object | undefined
  errors: object[] | undefined
}

async function ask(method: string, path: string, body?: string, token = server.token) {
  const headers = { authorization: `token ${token}`, 'user-agent': 'test' }
  const answer = await fetch(`${server.url}${path}`, { method, headers, ...(body && { body }) })
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

/** A commit on top of another with the same files, in the server's repository. */
async function commitOn(parent: string, message: string): Promise<string> {
  const tree = await treeOf(parent)
  const { data } = await bot().git.createCommit({ ...at, tree, parents: [parent], message })
  return data.sha
}

async function treeOf(commit: string): Promise<string> {
  return (await git(server.git, ['rev-parse', `${commit}^{tree}`])).trim()
}

async function branchWith(branch: string, files: Record<string, string | Buffer>): Promise<string> {
  const tree = []
  for (const [path, content] of Object.entries(files)) {
    const base64 = Buffer.from(content).toString('base64')
    const blob = await bot().git.createBlob({ ...at, content: base64, encoding: 'base64' })
    tree.push({ path, ...FILE, sha: blob.data.sha })
  }
  const written = await bot().git.createTree({ ...at, base_tree: main, tree })
  const commit = { ...at, tree: written.data.sha, parents: [main], message: `Change ${branch}` }
  const { data } = await bot().git.createCommit(commit)
  await bot().git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: data.sha })
  return branch
}

async function openPull(branch: string, files: Record<string, string> = { [branch]: branch }) {
  const head = await branchWith(branch, files)
  const { data } = await bot().pulls.create({ ...at, base: 'main', title: `Try ${head}`, head })
  return data
}

function objectId(type: string, content: string): string {
  const bytes = Buffer.from(content)
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
}
