import { expect, test } from 'vitest'
import { git } from '../../src/base/git.ts'
import { newManifest } from '../../src/registry/manifest.ts'
import { writeProposal } from '../../src/registry/proposal.ts'
import { history } from '../../src/steps/promotion/history.ts'
import { rollback } from '../../src/steps/promotion/rollback.ts'
import { verify } from '../../src/steps/promotion/verify.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import {
  challenger,
  failure,
  merge,
  newProject,
  proposed,
  shallowClone,
  ship,
  snapshot,
  TODAY,
} from './registry-fixture.ts'

const MODEL = 'model-registry/production/model.json'
const REASON = 'Fruit is forecast far too high.'

test('an earlier version comes back byte for byte, as a new version with the reason', async () => {
  const repo = await threeVersions()
  const before = await snapshot(repo)

  const result = await rollback({ repo, to: 1, reason: ` ${REASON} ` })

  expect(await snapshot(repo)).toEqual(before)
  expect(result.manifest).toMatchObject({
    version: 4,
    parent: { version: 3 },
    restores: { version: 1, reason: REASON },
  })
  const [first] = (await history({ repo })).periods.slice(-1)
  expect(await proposed(repo, MODEL)).toBe(await git(repo, ['show', `${first.commit}:${MODEL}`]))
  expect(result.current.version).toBe(3)
  const message = await git(repo, ['log', '-1', '--format=%B', 'promotion/demand'])
  expect(message).toContain('Roll back to version 1: first\n')
  expect(message).toContain(`\nReason: ${REASON}\n`)
})

test('a rollback is verified before and after its merge, without training', async () => {
  const repo = await threeVersions()
  await rollback({ repo, to: 2, reason: REASON })
  expect(await verify({ repo, today: TODAY, reproduce: notCalled })).toMatchObject({
    outcome: 'verified',
  })
  await merge(repo, '2026-10-04T12:00:00Z')
  expect(await verify({ repo, today: TODAY, rev: 'main', reproduce: notCalled })).toMatchObject({
    outcome: 'verified',
    manifest: { version: 4 },
  })
})

test('a rollback that brings other bytes than those of its version is caught', async () => {
  const repo = await threeVersions()
  const { manifest, base } = await rollback({ repo, to: 2, reason: REASON })
  const { files } = (await challenger(repo, { asOf: '2026-09-30' })).version
  const { lineage, trainedThrough, seed, toolchain, restores, parent } = manifest
  const other = newManifest(files, parent, {
    lineage,
    trainedThrough,
    seed,
    toolchain,
    ...(restores && { restores }),
  })
  const version = { manifest: other, files }
  await writeProposal(repo, base.commit, version, 'Roll back')
  const result = await verify({ repo, today: TODAY, reproduce: notCalled })
  expect(result.checks.filter(({ passed }) => !passed)).toMatchObject([
    { name: 'restored version', detail: expect.stringContaining('differs from version 2') },
  ])
})

test('the same rollback again changes nothing, another reason does', async () => {
  const repo = await threeVersions()
  const first = await rollback({ repo, to: 1, reason: REASON })
  expect(await rollback({ repo, to: 1, reason: REASON })).toEqual({
    ...first,
    outcome: 'unchanged',
  })
  expect((await rollback({ repo, to: 1, reason: 'Other' })).outcome).toBe('proposed')
})

test.each([
  [9, /version 9 was never in production on main\n {2}Choose one of these: 1, 2, 3\./],
  [0, /Choose one of these: 1, 2, 3/],
  [Number.NaN, /Choose one of these: 1, 2, 3/],
  [3, /the model of version 3 is in production, as version 3/],
])('version %s cannot be rolled back to, and the message says what can', async (to, message) => {
  const repo = await threeVersions()
  expect((await failure(rollback({ repo, to, reason: REASON }))).message).toMatch(message)
})

test.each([
  '',
  '   ',
  'two\nlines',
  'bell \u0007',
  'escape \u001b[2J',
  'right to left \u202e!',
  'x'.repeat(301),
  'half a pair \ud800',
])('the reason %j is refused', async (reason) => {
  const repo = await newProject()
  const error = await failure(rollback({ repo, to: 1, reason }))
  expect(error.message).toContain('the reason must be one line of 1 to 300 characters')
})

test('a reason in any language, with quotes and signs that shells know, is kept as it is', async () => {
  const repo = await threeVersions()
  const reason = `Previsão "errada" — 'maçã' $(touch x) \`y\` ; & | <b> 🍎 --force`
  await rollback({ repo, to: 1, reason })
  const manifest = JSON.parse(await proposed(repo, 'model-registry/production/manifest.json'))
  expect(manifest.restores.reason).toBe(reason)
  expect(await git(repo, ['log', '-1', '--format=%b', 'promotion/demand'])).toContain(reason)
})

test('where nothing is in production, a rollback says so', async () => {
  const repo = await newProject()
  expect((await failure(rollback({ repo, to: 1, reason: REASON }))).message).toContain(
    'main has no version in production',
  )
})

test('a rollback in a shallow clone says how to get the older versions', async () => {
  const clone = await shallowClone(await threeVersions(), 1)
  expect((await failure(rollback({ repo: clone, to: 1, reason: REASON }))).message).toContain(
    'git fetch --unshallow',
  )
  expect((await history({ repo: clone })).extent).toBe('cut off')
})

test('history tells which version was in production from when to when, newest first', async () => {
  const repo = await threeVersions()
  await rollback({ repo, to: 2, reason: REASON })
  await merge(repo, '2026-10-04T12:00:00Z')
  await put(repo, { 'notes.txt': 'Something else.' })
  await commitAll(repo, 'Note')
  const { base, periods, extent } = await history({ repo })
  expect([base.name, extent]).toEqual(['main', 'whole'])
  expect(periods).toMatchObject([
    {
      version: 4,
      model: 'second',
      since: '2026-10-04T12:00:00.000Z',
      restores: { version: 2, reason: REASON },
    },
    { version: 3, since: '2026-10-03T12:00:00.000Z', until: '2026-10-04T12:00:00.000Z' },
    { version: 2, since: '2026-10-02T12:00:00.000Z', until: '2026-10-03T12:00:00.000Z' },
    { version: 1, model: 'first', trainedThrough: '2026-09-30', until: '2026-10-02T12:00:00.000Z' },
  ])
  expect(periods[0]).not.toHaveProperty('until')
})

test('a proposal that was never merged is not in the history, a squashed one is', async () => {
  const repo = await threeVersions()
  await rollback({ repo, to: 1, reason: REASON })
  expect((await history({ repo })).periods).toHaveLength(3)
  await git(repo, ['merge', '--quiet', '--squash', 'promotion/demand'])
  await commitAll(repo, 'Roll back (#9)', '2026-10-05T12:00:00Z')
  expect((await history({ repo })).periods[0]).toMatchObject({
    version: 4,
    since: '2026-10-05T12:00:00.000Z',
  })
})

test('history shows a broken or removed version as that, and goes on with the older ones', async () => {
  const repo = await threeVersions()
  await put(repo, { 'model-registry/production/manifest.json': '{ "version": "ten" }' })
  await commitAll(repo, 'Break')
  await git(repo, ['rm', '-r', '--quiet', 'model-registry'])
  await commitAll(repo, 'Remove')
  const { periods } = await history({ repo })
  expect(periods.map(({ found }) => found)).toEqual([
    'nothing',
    'unreadable',
    'version',
    'version',
    'version',
  ])
  expect(periods[1]).toMatchObject({ problem: expect.stringContaining('manifest.json') })
})

test('a commit that touches the files of a version without replacing it begins no new period', async () => {
  const repo = await threeVersions()
  const { periods } = await history({ repo })
  const path = 'model-registry/production/evaluation.json'
  await put(repo, { [path]: `${await git(repo, ['show', `HEAD:${path}`])}\n` })
  await commitAll(repo, 'Touch')
  expect((await history({ repo })).periods).toEqual(periods)
})

test('a repository that never had a version has an empty history', async () => {
  expect((await history({ repo: await newProject() })).periods).toEqual([])
})

async function threeVersions(): Promise<string> {
  shipped ??= (async () => {
    const repo = await newProject()
    await ship(repo, 'first', '2026-10-01T12:00:00Z')
    await ship(repo, 'second', '2026-10-02T12:00:00Z')
    await ship(repo, 'third', '2026-10-03T12:00:00Z')
    return repo
  })()
  return await copyOf(await shipped)
}

let shipped: Promise<string> | undefined

async function notCalled(): Promise<never> {
  throw new Error('training must not run')
}
