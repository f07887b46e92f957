import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { git } from '../../../src/base/git.ts'
import { asParent, type Manifest } from '../../../src/registry/manifest.ts'
import { pendingVersion } from '../../../src/registry/pending.ts'
import {
  contentOf,
  readVersion,
  readWorkingVersion,
  treeWithVersion,
  versionBytes,
  wholeVersion,
} from '../../../src/registry/production.ts'
import { PROMOTION_BRANCH, proposedVersion, writeProposal } from '../../../src/registry/proposal.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { type Commit, inProduction, repositoryOf, versionOf } from './commits.ts'

const FOLDER = 'model-registry/production'
const first = versionOf('a')
const second = versionOf('b', { parent: asParent(first.manifest) })

test('a version is read as it was written, from a commit and from the working folder', async () => {
  const { repo } = await repositoryOf([{ files: inProduction(first) }])
  const read = await readVersion(repo, 'main')
  expect(read?.manifest).toEqual(first.manifest)
  expect(read?.files).toEqual(first.files)
  expect(contentOf(read!, 'model.json').toString()).toBe('a')
  expect([...versionBytes(first).keys()].sort()).toEqual([
    'README.md',
    'evaluation.json',
    'manifest.json',
    'model.json',
  ])
  const folder = await temporaryFolder()
  await put(folder, inProduction(first))
  expect(await readWorkingVersion(folder)).toEqual(read)
})

test('where nothing is in production there is no version', async () => {
  const { repo } = await repositoryOf([{ files: { 'model-registry/production.md': 'x' } }])
  expect(await readVersion(repo, 'main')).toBeUndefined()
  expect(await readWorkingVersion(await temporaryFolder())).toBeUndefined()
  const folder = await temporaryFolder()
  await put(folder, { [FOLDER]: 'x' })
  await expect(readWorkingVersion(folder)).rejects.toThrow(`${FOLDER}: cannot be read: ENOTDIR`)
})

test.each<[string, Commit, RegExp]>([
  ['an edited model', { files: { 'model.json': 'b' } }, /model\.json: must have the SHA-256 /],
  ['no model', { files: { 'model.json': null } }, /model\.json: is missing/],
  ['no manifest', { files: { 'manifest.json': null } }, /manifest\.json: is missing/],
  ['a file of its own', { files: { 'a.txt': '' } }, /a\.txt: does not belong to a version/],
  ['another chart', { files: { 'charts/x.svg': '' } }, /x\.svg: is not listed in manifest\.json/],
  [
    'a manifest of other spaces',
    { files: { 'manifest.json': JSON.stringify(first.manifest) } },
    /manifest\.json: was changed by hand/,
  ],
  [
    'a link',
    { files: { 'README.md': 'model.json' }, modes: { 'README.md': '120000' } },
    /README\.md: must be a plain file, but has the mode 120000 in git/,
  ],
  [
    'a program',
    { files: { 'README.md': '#\n' }, modes: { 'README.md': '100755' } },
    /README\.md: must be a plain file/,
  ],
])(
  'a version with %s is refused with the name of the file',
  async (_, { files, modes }, message) => {
    const within = <T>(of: Record<string, T> = {}) =>
      Object.fromEntries(Object.entries(of).map(([name, value]) => [`${FOLDER}/${name}`, value]))
    const { repo } = await repositoryOf([
      { files: inProduction(first) },
      { files: within(files), modes: within(modes) },
    ])
    const reading = readVersion(repo, 'main')
    await expect(reading).rejects.toThrow(UserError)
    await expect(reading).rejects.toThrow(message)
    expect(await wholeVersion(repo, 'main')).toBeUndefined()
    if (modes) return
    const folder = await temporaryFolder()
    for (const [name, content] of Object.entries({ ...inProduction(first), ...within(files) })) {
      if (content !== null) await put(folder, { [name]: content })
    }
    await expect(readWorkingVersion(folder)).rejects.toThrow(message)
  },
)

test('a link in the production folder is refused in the working folder, too', async () => {
  const folder = await temporaryFolder()
  await put(folder, inProduction(first))
  await rm(join(folder, FOLDER, 'README.md'))
  await symlink('model.json', join(folder, FOLDER, 'README.md'))
  await expect(readWorkingVersion(folder)).rejects.toThrow(
    /README\.md: must be a plain file, but is a link or a device/,
  )
})

test('a version is written over what was in production, and beside everything else', async () => {
  const old = inProduction(first)
  const { repo } = await repositoryOf([
    { files: { ...old, [`${FOLDER}/charts/old.svg`]: '<svg/>', 'notes.txt': 'a' } },
  ])
  const tree = await treeWithVersion(repo, 'main', second)
  expect(await readVersion(repo, tree)).toEqual(second)
  expect(await git(repo, ['show', `${tree}:notes.txt`])).toBe('a')
  expect(await readVersion(repo, 'main').catch(() => 'still there')).toBe('still there')
})

test('a version is proposed as one commit on the base, and the same one only once', async () => {
  const { repo, ids } = await repositoryOf([{ files: inProduction(first) }, { files: { a: '1' } }])
  expect(await proposedVersion(repo)).toBeUndefined()
  const made = await writeProposal(repo, ids[0], second, 'Promote version 2\n\nBecause.\n')
  expect(made).toMatchObject({ outcome: 'proposed', branch: PROMOTION_BRANCH })
  expect(await proposedVersion(repo)).toEqual(second.manifest)
  expect(await git(repo, ['log', '-1', '--format=%P %an <%ae>%n%B', PROMOTION_BRANCH])).toBe(
    `${ids[0]} cd4ml <cd4ml@localhost>\nPromote version 2\n\nBecause.\n\n`,
  )
  expect(await writeProposal(repo, ids[0], second, 'Again')).toEqual({
    ...made,
    outcome: 'unchanged',
  })
  const moved = await writeProposal(repo, ids[1], second, 'Again')
  expect(moved.outcome).toBe('proposed')
  expect(moved.commit).not.toBe(made.commit)
  await git(repo, ['config', 'user.name', 'Maria'])
  await git(repo, ['config', 'user.email', 'maria@example.com'])
  await writeProposal(repo, ids[0], second, 'By name')
  expect(await git(repo, ['log', '-1', '--format=%an <%ae>', PROMOTION_BRANCH])).toBe(
    'Maria <maria@example.com>\n',
  )
})

test('the branch is not rewritten under whoever works on it, nor where git refuses', async () => {
  const { repo, ids } = await repositoryOf([{ files: inProduction(first) }], [])
  await git(repo, ['switch', '--quiet', '--create', PROMOTION_BRANCH])
  await expect(writeProposal(repo, ids[0], second, 'Promote')).rejects.toMatchObject({
    what: `the branch ${PROMOTION_BRANCH} is checked out, and cd4ml rewrites it`,
    place: { file: expect.stringContaining('cd4ml test ') },
  })
  await git(repo, ['switch', '--quiet', 'main'])
  await git(repo, ['branch', '--delete', '--quiet', PROMOTION_BRANCH])
  await git(repo, ['branch', 'promotion'])
  await expect(writeProposal(repo, ids[0], second, 'Promote')).rejects.toThrow(
    /^the branch promotion\/demand could not be moved: git /,
  )
})

test('what waits is what follows the version in production, here before on the remote', async () => {
  const restored = versionOf('a', {
    parent: asParent(first.manifest),
    restores: { version: 1, reason: 'It sold nothing.' },
  })
  const other = versionOf('c', { parent: asParent(first.manifest) })
  const parent = asParent(first.manifest)
  const commits = [first, second, other, restored].map((version, i) => ({
    after: [],
    files: { ...inProduction(version), 'notes.txt': `${i}` },
  }))
  const { repo, ids } = await repositoryOf(commits)
  const waits = async (here: number | undefined, remote: number | undefined, after?: Manifest) => {
    for (const [ref, at] of [
      ['refs/heads/promotion/demand', here],
      ['refs/remotes/origin/promotion/demand', remote],
    ] as const) {
      await git(repo, at === undefined ? ['update-ref', '-d', ref] : ['update-ref', ref, ids[at]])
    }
    return (await pendingVersion(repo, after && asParent(after)))?.manifest
  }
  expect(await waits(undefined, undefined, first.manifest)).toBeUndefined()
  expect(await waits(1, 2, first.manifest)).toEqual(second.manifest)
  expect(await waits(undefined, 2, first.manifest)).toEqual(other.manifest)
  expect(await waits(0, 2, first.manifest)).toEqual(other.manifest)
  expect(await waits(3, undefined, first.manifest)).toBeUndefined()
  expect(await waits(3, 1, first.manifest)).toEqual(second.manifest)
  expect(await waits(1, undefined, second.manifest)).toBeUndefined()
  expect(await waits(0, undefined)).toEqual(first.manifest)
  expect(await pendingVersion(repo, parent)).toBeUndefined()
})
