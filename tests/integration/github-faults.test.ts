import { expect, it } from 'vitest'
import { keepComment } from '../../src/github/comment.ts'
import { ledgerBranch } from '../../src/github/ledger-branch.ts'
import { keepPromotion } from '../../src/github/promotion-pull-request.ts'
import { keepRelease } from '../../src/github/release.ts'
import { LEDGER_BRANCH } from '../../src/ledger/leaderboard.ts'
import type { FaultKind } from '../github/faults.ts'
import { run } from '../unit/reporting/examples.ts'
import { challenge, head, type Place, startPlace } from './github-fixture.ts'

const WRITES: [method: string, path: RegExp][] = [
  ['POST', /git\/trees$/],
  ['POST', /git\/commits$/],
  ['POST', /git\/refs$/],
  ['POST', /pulls$/],
  ['POST', /labels$/],
  ['POST', /comments$/],
  ['POST', /releases$/],
  ['POST', /assets/],
  ['PATCH', /releases/],
]

/** What GitHub says once and not again, and what has been done although it did not say so. */
const PASSING = [
  500,
  429,
  'rate-limited',
  'secondary-limit',
  'dropped before',
  'dropped after',
] as const
/** What may be final: a run may end with it, and the next one must not make up for it twice. */
const FINAL = [401, 404, 409, 422] as const

it.each(PASSING)('%s at every write is overcome, and ten reruns change nothing', async (kind) => {
  const place = await struckPlace(kind)
  const run = await runOf(place)
  expect(await run()).toEqual([])
  await expectOneOfEachAfterReruns(place, run)
})

it.each(FINAL)('%s at every write leaves nothing that ten reruns would double', async (kind) => {
  const place = await struckPlace(kind)
  await expectOneOfEachAfterReruns(place, await runOf(place))
})

/** A repository where each kind of request that changes something fails once. */
async function struckPlace(kind: FaultKind): Promise<Place> {
  const place = await startPlace()
  for (const [method, path] of WRITES) place.server.fault({ method, path, times: 1, kind })
  return place
}

/** A run: a promotion, a comment on it, a record, a release. Gives what went wrong with any. */
type Run = () => Promise<string[]>

async function runOf({ github, clone }: Place): Promise<Run> {
  const promotion = await challenge(clone, -0.05)
  const comment = { issue: 1, key: 'experiment', body: 'Better.' }
  const ledger = ledgerBranch(
    github,
    async () => new Map([['README.md', Buffer.from('# Ledger\n')]]),
  )
  const release = {
    tag: 'model/v1',
    commit: await head(clone),
    name: 'Model 1',
    body: 'Better.',
    assets: new Map([['model.json', Buffer.from('{"learnt":1}\n')]]),
  }
  const works: (() => Promise<unknown>)[] = [
    () => keepPromotion(github, promotion),
    () => keepComment(github, comment),
    () => ledger.append([{ kind: 'run', record: run() }]),
    () => keepRelease(github, release),
  ]
  return async () => {
    const failures: string[] = []
    for (const work of works) await work().catch((error) => failures.push(String(error)))
    return failures
  }
}

async function expectOneOfEachAfterReruns(place: Place, run: Run): Promise<void> {
  for (let rerun = 0; rerun < 10; rerun++) await run()
  expect(await run()).toEqual([])
  const { api, owner, repo } = place.github
  const at = { owner, repo }
  const branches = await api.rest.repos.listBranches(at)
  expect(branches.data.map(({ name }) => name).sort()).toEqual([
    LEDGER_BRANCH,
    'main',
    'promotion/demand',
  ])
  const pulls = await api.rest.pulls.list({ ...at, state: 'all' })
  expect(pulls.data.map(({ labels }) => labels.map(({ name }) => name))).toEqual([['promotion']])
  expect((await api.rest.issues.listComments({ ...at, issue_number: 1 })).data).toHaveLength(1)
  const releases = await api.rest.repos.listReleases(at)
  expect(releases.data).toMatchObject([{ draft: false, assets: [{ name: 'model.json' }] }])
}
