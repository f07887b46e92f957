import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { git } from '../../src/base/git.ts'
import { newManifest } from '../../src/registry/manifest.ts'
import { readVersion, type Version } from '../../src/registry/production.ts'
import { writeProposal } from '../../src/registry/proposal.ts'
import { proposeVersion } from '../../src/steps/promotion/propose-version.ts'
import { commitAll, put, temporaryFolder } from '../repository.ts'
import { evaluationOf } from './miniature.ts'
import {
  challenger,
  createProject,
  failure,
  lineageOf,
  merge,
  newProject,
  proposed,
  ship,
  snapshot,
} from './registry-fixture.ts'

const AT = '2026-10-01T12:00:00Z'

test('a promotion writes a branch and leaves HEAD, index and working folder as they are', async () => {
  const repo = await newProject()
  const before = await snapshot(repo)

  const result = await proposeVersion(await challenger(repo))

  expect(result).toMatchObject({ outcome: 'proposed', branch: 'promotion/demand' })
  expect(await snapshot(repo)).toEqual(before)
  const files = await git(repo, ['diff', '--name-only', 'main', 'promotion/demand'])
  expect(files.trim().split('\n')).toEqual(
    ['README.md', 'charts/wape.svg', 'evaluation.json', 'manifest.json', 'model.json'].map(
      (name) => `model-registry/production/${name}`,
    ),
  )
  expect((await readVersion(repo, 'promotion/demand'))?.manifest).toMatchObject({ version: 1 })
  await git(repo, ['fsck', '--strict', '--no-dangling'])
})

test('the same promotion again changes nothing', async () => {
  const repo = await newProject()
  const first = await proposeVersion(await challenger(repo))
  const again = await proposeVersion(await challenger(repo))
  expect(again).toEqual({ ...first, outcome: 'unchanged' })
})

test('a newer challenger takes the place of the proposed one, files that it lacks included', async () => {
  const repo = await newProject()
  await proposeVersion(await challenger(repo))
  const input = await challenger(repo, { asOf: '2026-09-30' })
  const files = new Map(input.version.files)
  files.delete('charts/wape.svg')

  const result = await proposeVersion({ ...input, version: withFiles(input.version, files) })

  expect(result.outcome).toBe('proposed')
  expect(await git(repo, ['rev-list', '--count', 'main..promotion/demand'])).toBe('1\n')
  expect(await git(repo, ['ls-tree', '-r', '--name-only', 'promotion/demand'])).not.toContain(
    '.svg',
  )
})

test('each version names the one that it replaces', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  await ship(repo, 'second', AT)
  const first = await readVersion(repo, 'main^^')
  const second = await readVersion(repo, 'main')
  expect(second?.manifest.version).toBe(2)
  expect(second?.manifest.parent).toEqual({
    version: 1,
    model: first?.manifest.files['model.json'],
  })
})

test('a challenger that is not better is refused with the reasons of the decision', async () => {
  const repo = await newProject()
  const evaluation = evaluationOf('ridge', {
    decision: 'keep',
    verdict: 'worse',
    doubts: [{ doubt: 'too few origins', origins: 3, required: 4 }],
    checks: [],
  })
  expect(await proposeVersion(await challenger(repo, { evaluation }))).toMatchObject({
    outcome: 'refused',
    reasons: [
      'The challenger could not be judged against seasonal naive.',
      'Too few origins could be scored: 3, but the policy requires 4.',
    ],
  })
  await expect(git(repo, ['rev-parse', '--verify', 'promotion/demand'])).rejects.toThrow()
})

test('work that is not committed is refused by name, while ignored and foreign files are not', async () => {
  const repo = await newProject()
  const input = await challenger(repo)
  await put(repo, { '.cd4ml/runs.json': '{}', 'a new file.txt': '', 'node_modules/x.js': '' })
  expect((await proposeVersion(input)).outcome).toBe('proposed')

  await put(repo, { 'data/sales/ação 10.csv': 'x', 'src/new.ts': '', 'notes.txt': 'changed' })
  const [reason] = reasonsOf(await proposeVersion(input))
  expect(reason).toContain('data/sales/ação 10.csv, notes.txt, src/new.ts:')
})

test('a comparison with a champion that has been replaced meanwhile is refused', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  await put(repo, { 'recipe.yml': 'mine' })
  await commitAll(repo, 'Mine')
  const mine = await challenger(repo)
  await ship(repo, 'theirs', AT)
  expect(reasonsOf(await proposeVersion(mine)).join()).toMatch(
    /compared with version 1 \(\w{12}\), but main has version 2 \(\w{12}\) in production: compare it again/,
  )
})

test('a model that is in production already is refused', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  expect(reasonsOf(await proposeVersion(await challenger(repo))).join()).toContain(
    'byte for byte the model of version 1',
  )
})

test('a model trained on a branch that has not been merged is refused, unless that is the base', async () => {
  const repo = await newProject()
  await git(repo, ['switch', '--quiet', '--create', 'try-this'])
  await put(repo, { 'recipe.yml': 'on a branch' })
  await commitAll(repo, 'Try')
  const input = await challenger(repo)
  expect(reasonsOf(await proposeVersion(input)).join()).toMatch(
    /which is not in main: merge your branch first, or pass --base/,
  )
  expect(await proposeVersion({ ...input, base: 'try-this' })).toMatchObject({
    outcome: 'proposed',
    base: { name: 'try-this' },
  })
})

test('a lineage that its commit does not have is refused', async () => {
  const repo = await newProject()
  const real = await lineageOf(repo)
  const lineage = { ...real, data: { path: 'data', object: real.code.object } }
  expect(reasonsOf(await proposeVersion(await challenger(repo, { lineage }))).join()).toContain(
    'The data data',
  )
})

test('a baseline begins a registry, whatever its verdict, and only begins it', async () => {
  const repo = await newProject()
  const evaluation = evaluationOf('seasonal-naive', {
    decision: 'keep',
    verdict: 'not distinguishable',
    doubts: [{ doubt: 'the same everywhere' }],
    checks: [],
  })
  const input = await challenger(repo, { evaluation, baseline: true })
  expect((await proposeVersion(input)).outcome).toBe('proposed')
  await merge(repo, AT)
  const again = await challenger(repo, { evaluation, baseline: true, asOf: '2026-09-30' })
  expect(reasonsOf(await proposeVersion(again)).join()).toContain('can only be the first version')
})

test('a promotion is not written over a branch that somebody has checked out', async () => {
  const repo = await newProject()
  await proposeVersion(await challenger(repo))
  const other = join(await temporaryFolder(), 'other folder')
  await git(repo, ['worktree', 'add', '--quiet', other, 'promotion/demand'])
  const error = await failure(proposeVersion(await challenger(repo, { asOf: '2026-09-30' })))
  expect(error.message).toContain('is checked out')
  expect(error.place.file).toContain('other folder')
})

test('what a killed promotion leaves does not hinder the next, or is named', async () => {
  const repo = await newProject()
  const lock = join(repo, '.git/refs/heads/promotion/demand.lock')
  await mkdir(join(lock, '..'), { recursive: true })
  await writeFile(lock, '')
  const error = await failure(proposeVersion(await challenger(repo)))
  expect(error.message).toContain('demand.lock')
  await expect(git(repo, ['rev-parse', '--verify', 'promotion/demand'])).rejects.toThrow()

  await rm(lock)
  await writeFile(join(repo, '.git/index.lock'), '')
  expect((await proposeVersion(await challenger(repo))).outcome).toBe('proposed')
})

test.each([
  '--upload-pack=touch pwned',
  '-h',
  'main; touch pwned',
  'main\nHEAD',
  'no such branch',
  '$(touch pwned)',
  '',
  '\u0000',
])('the base %j is refused as a name that git does not have', async (base) => {
  const repo = await newProject()
  const error = await failure(proposeVersion(await challenger(repo, { base })))
  expect(error.message).toContain('must be a branch or a commit')
  await expect(readFile(join(repo, 'pwned'))).rejects.toThrow()
})

test('without a branch main, the base is that of origin, and else the current branch', async () => {
  const repo = await newProject()
  await git(repo, ['branch', '--move', 'main', 'trunk'])
  const input = await challengerOn(repo, 'trunk')
  expect((await proposeVersion(input)).base.name).toBe('trunk')
  await git(repo, ['update-ref', 'refs/remotes/origin/main', 'trunk'])
  expect((await proposeVersion(input)).base.name).toBe('origin/main')
})

test('a tag named main does not take the place of the branch', async () => {
  const repo = await newProject()
  await git(repo, ['tag', 'main'])
  const tip = await commitAll(repo, 'Next')
  const result = await proposeVersion(await challenger(repo))
  expect(result.base).toEqual({ name: 'main', commit: tip })
})

test('outside a repository, and before the first commit, the message says what to do', async () => {
  const input = await challenger(await newProject())
  const folder = await temporaryFolder()
  expect((await failure(proposeVersion({ ...input, repo: folder }))).message).toContain('git init')
  await git(folder, ['init', '--quiet'])
  expect((await failure(proposeVersion({ ...input, repo: folder }))).message).toContain(
    'no commit yet',
  )
})

test('a folder inside of somebody else’s repository is not taken for the project', async () => {
  const input = await challenger(await newProject())
  const inner = join(input.repo, 'data')
  expect((await failure(proposeVersion({ ...input, repo: inner }))).message).toContain('top folder')
})

test('without a name in the git settings the commit is by cd4ml, else by the person', async () => {
  const repo = await newProject()
  const author = () => git(repo, ['log', '-1', '--format=%an <%ae>', 'promotion/demand'])
  await proposeVersion(await challenger(repo))
  expect(await author()).toBe('Maria Souza <maria@example.com>\n')
  await git(repo, ['config', '--unset', 'user.name'])
  await git(repo, ['config', '--unset', 'user.email'])
  await git(repo, ['config', 'user.useConfigOnly', 'true'])
  await git(repo, ['config', 'commit.gpgsign', 'true'])
  await proposeVersion(await challenger(repo, { asOf: '2026-09-30' }))
  expect(await author()).toBe('cd4ml <cd4ml@localhost>\n')
})

test('line-end settings do not change what is promoted', async () => {
  const repo = await newProject()
  await git(repo, ['config', 'core.autocrlf', 'true'])
  const input = await challenger(repo)
  const files = new Map(input.version.files).set('README.md', Buffer.from('# a\r\nb\n'))
  await proposeVersion({ ...input, version: withFiles(input.version, files) })
  expect(await proposed(repo, 'model-registry/production/README.md')).toBe('# a\r\nb\n')
})

test('a promotion keeps its neighbours, even one whose name is not UTF-8', async () => {
  const repo = await newProject()
  const { version } = await challenger(repo)
  const blob = (await git(repo, ['rev-parse', 'HEAD:notes.txt'])).trim()
  const listing = await git(repo, ['ls-tree', '-z', 'HEAD'])
  const latin1 = Buffer.from(`${listing}100644 blob ${blob}\tpre\xe7os.csv\0`, 'latin1')
  const tree = (await git(repo, ['mktree', '-z'], { input: latin1 })).trim()
  const base = (await git(repo, ['commit-tree', tree, '-m', 'Add a Latin-1 name'])).trim()

  await writeProposal(repo, base, version, 'Promote')

  const changed = await git(repo, ['diff', '--name-only', base, 'promotion/demand'])
  expect(changed.match(/^(?!model-registry\/production\/).+/gm)).toBeNull()
})

test('a repository with SHA-256 object ids works as well', async () => {
  const repo = await createProject(await temporaryFolder(), ['--object-format=sha256'])
  const result = await proposeVersion(await challenger(repo))
  expect(result).toMatchObject({ outcome: 'proposed', commit: expect.stringMatching(/^\w{64}$/) })
})

async function challengerOn(repo: string, branch: string) {
  await git(repo, ['branch', 'main', branch])
  const input = await challenger(repo)
  await git(repo, ['branch', '--delete', '--force', 'main'])
  return input
}

function withFiles({ manifest }: Version, files: Version['files']): Version {
  const { files: _, ...origin } = manifest
  return { manifest: newManifest(files, manifest.parent, origin), files }
}

function reasonsOf(result: Awaited<ReturnType<typeof proposeVersion>>): string[] {
  if (result.outcome !== 'refused') throw new Error(`expected a refusal, got ${result.outcome}`)
  return result.reasons
}
