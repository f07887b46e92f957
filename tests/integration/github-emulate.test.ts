// The same against an imitation of GitHub that others wrote, which shares none of our beliefs about
// it. It has no git, no faults and no permissions of single jobs: those are for tests/github.
import { createEmulator, type Emulator } from 'emulate'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { clearAlert, raiseAlert } from '../../src/github/alert.ts'
import { connect, type GitHub } from '../../src/github/client.ts'
import { keepComment } from '../../src/github/comment.ts'
import { branchHead, moveBranch, treeAt, writeCommit } from '../../src/github/git-data.ts'
import { ledgerBranch } from '../../src/github/ledger-branch.ts'
import { keepPromotion } from '../../src/github/promotion-pull-request.ts'
import { keepRelease } from '../../src/github/release.ts'
import { LEDGER_BRANCH } from '../../src/ledger/leaderboard.ts'
import { run } from '../unit/reporting/examples.ts'
import { challenge, startPlace } from './github-fixture.ts'

let emulator: Emulator
let github: GitHub

beforeEach(async () => {
  emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { maria: { login: 'shop', scopes: ['repo'] } },
      github: {
        users: [{ login: 'shop' }],
        repos: [{ owner: 'shop', name: 'demand', auto_init: true }],
      },
    },
  })
  const { url: apiUrl } = emulator
  github = connect({ token: 'maria', repository: 'shop/demand', apiUrl, retryAfterBaseValue: 1 })
})

afterEach(async () => await emulator.close())

it('a promotion is one commit on one branch with one pull request, however often it is proposed', async () => {
  const { clone } = await startPlace()
  const files = { 'recipe.yml': 'families: [ridge]\n', 'data/sales.csv': 'id\n1\n' }
  const before = (await branchHead(github, 'main'))!
  const { commit: baseCommit } = await writeCommit(github, {
    parents: [before.commit],
    files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    message: 'Begin',
  })
  await moveBranch(github, 'main', { to: baseCommit, from: before.commit })

  const request = await challenge(clone, -0.05, { baseCommit })
  const first = await keepPromotion(github, request)
  expect(first).toMatchObject({ outcome: 'opened' })
  for (let run = 0; run < 10; run++) {
    expect(await keepPromotion(github, request)).toMatchObject({ outcome: 'unchanged' })
  }
  const better = await challenge(clone, -0.2, { baseCommit })
  expect(await keepPromotion(github, better)).toMatchObject({ outcome: 'updated' })

  const { api, owner, repo } = github
  const { data: pulls } = await api.rest.pulls.list({ owner, repo, state: 'all' })
  expect(pulls).toHaveLength(1)
  expect(pulls[0]).toMatchObject({ head: { ref: 'promotion/demand' }, body: better.body })
  expect(pulls[0].labels.map(({ name }) => name)).toEqual(['promotion'])
  expect(await branchHead(github, 'promotion/demand')).toMatchObject({
    tree: better.tree,
    parents: [baseCommit],
  })
})

it('a comment is one, brought up to date in its place', async () => {
  await raiseAlert(github, ALERT)
  const first = await keepComment(github, { issue: 1, key: 'experiment', body: 'Worse.' })
  for (let run = 0; run < 10; run++) {
    const again = await keepComment(github, { issue: 1, key: 'experiment', body: 'Better.' })
    expect(again).toEqual({ outcome: run === 0 ? 'updated' : 'unchanged', url: first.url })
  }
})

it('an alert is one issue, which is closed when it works again and reopened when it does not', async () => {
  const opened = await raiseAlert(github, ALERT)
  for (let run = 0; run < 10; run++) {
    expect(await raiseAlert(github, ALERT)).toEqual({ ...opened, outcome: 'unchanged' })
  }
  const cleared = await clearAlert(github, { key: 'retrain', comment: 'It works again.' })
  expect(cleared).toMatchObject({ outcome: 'closed' })
  expect(await raiseAlert(github, ALERT)).toEqual({ ...opened, outcome: 'reopened' })
})

it('a release is one, with its tag', async () => {
  const { commit } = (await branchHead(github, 'main'))!
  const assets = new Map([['model.json', Buffer.from('{"learnt":1}\n')]])
  const release = { tag: 'model/v1', commit, name: 'Model 1', body: 'Better by 5%.', assets }
  const first = await keepRelease(github, release)
  expect(first.outcome).toBe('created')
  for (let run = 0; run < 10; run++) {
    expect(await keepRelease(github, release)).toEqual({ ...first, outcome: 'unchanged' })
  }
})

it('the ledger has every record of those that append at once, and no history with main', async () => {
  const runs = [...'abcde'].map((id) => run({ id: `20261102T093000000Z-0000000${id}` }))
  const ledger = ledgerBranch(github, async () => new Map())
  await Promise.all(runs.map((record) => ledger.append([{ kind: 'run', record }])))
  expect(await ledger.read({ kind: 'run' })).toEqual({ records: runs, leftOut: [] })
  const { commit } = (await branchHead(github, LEDGER_BRANCH))!
  expect(await treeAt(github, commit, 'README.md')).toBeUndefined()
})

const ALERT = {
  key: 'retrain',
  title: 'Retraining fails',
  body: 'The file is empty.',
  labels: [],
}
