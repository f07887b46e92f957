import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { git } from '../../../src/base/git.ts'
import { dataChange } from '../../../src/registry/data-change.ts'
import { changedFiles, readTracked } from '../../../src/registry/lineage.ts'
import {
  listFiles,
  objectAt,
  objectIds,
  objectsAt,
  objectTypes,
  readObjects,
} from '../../../src/registry/objects.ts'
import {
  branchOrCommit,
  commitOf,
  firstRef,
  isAncestor,
  isMain,
  isRepository,
  isShallow,
  resolveBase,
} from '../../../src/registry/repository.ts'
import { isStillSample, sampleVersions } from '../../../src/registry/sample.ts'
import { planContractOf } from '../../integration/plan-fixture.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { blobId, inProduction, lineageOf, NOTHING, repositoryOf, versionOf } from './commits.ts'

test('what stands at a path is found by its exact name, and no link', async () => {
  const { repo, ids } = await repositoryOf([
    {
      files: { 'a/b.txt': 'b', 'a/c/d.txt': '', '*.txt': 'star', link: 'a/b.txt', run: '#!' },
      modes: { link: '120000', run: '100755' },
    },
  ])
  const file = (mode: string, path: string, content: string) => {
    return { mode, type: 'blob', id: blobId(content), path }
  }
  expect(await listFiles(repo, 'main', 'a')).toEqual([
    file('100644', 'a/b.txt', 'b'),
    file('100644', 'a/c/d.txt', ''),
  ])
  expect(await listFiles(repo, 'main', '*.txt')).toEqual([file('100644', '*.txt', 'star')])
  expect(await listFiles(repo, 'main', 'b')).toEqual([])
  expect(await objectAt(repo, 'main', 'a/b.txt')).toBe(blobId('b'))
  const paths = ['a', 'a/b.txt', 'run', 'link', 'nowhere']
  const found = await objectsAt(repo, 'main', paths)
  expect([...found.keys()]).toEqual(['a', 'a/b.txt', 'run'])
  expect(found.get('run')).toBe(blobId('#!'))
  expect(await objectsAt(repo, 'main', [])).toEqual(new Map())

  const names = ['main:a/b.txt', 'main:nowhere', 'main:a', 'main:a/c/d.txt', ids[0], 'main:*.txt']
  const contents = await readObjects(repo, names)
  expect(contents.map((content) => content?.toString('latin1')).filter((_, i) => i !== 2)).toEqual([
    'b',
    undefined,
    '',
    expect.stringContaining('Maria Souza'),
    'star',
  ])
  expect(contents[2]?.length).toBeGreaterThan(0)
  expect(await readObjects(repo, [])).toEqual([])
  expect(await objectTypes(repo, names)).toEqual([
    'blob',
    undefined,
    'tree',
    'blob',
    'commit',
    'blob',
  ])
  expect(await objectIds(repo, ['main:nowhere', 'main'])).toEqual([undefined, ids[0]])
  expect(await objectIds(repo, [])).toEqual([])
})

test('a name is a branch before it is a tag, here before on the remote', async () => {
  const { repo, ids } = await repositoryOf([{}, {}, {}], [])
  const [first, second, third] = ids
  await git(repo, ['tag', 'both', first])
  await git(repo, ['update-ref', 'refs/remotes/origin/topic', second])
  await git(repo, ['update-ref', 'refs/remotes/both', second])
  expect(await branchOrCommit(repo, 'both')).toBe(second)
  await git(repo, ['update-ref', 'refs/heads/both', third])
  expect(await branchOrCommit(repo, 'both')).toBe(third)
  expect(await commitOf(repo, 'both')).toBe(first)
  expect(await branchOrCommit(repo, second.slice(0, 12))).toBe(second)
  for (const name of ['', 'main\n', 'nowhere', '--all']) {
    expect(await branchOrCommit(repo, name), name).toBeUndefined()
  }
  expect(await firstRef(repo, ['refs/heads/mai', 'refs/tags/both', 'refs/heads/main'])).toEqual({
    ref: 'refs/tags/both',
    commit: first,
  })
  expect(await isAncestor(repo, first, third)).toBe(true)
  expect(await isAncestor(repo, third, first)).toBe(false)
  expect(await isShallow(repo)).toBe(false)
})

test('the base is main, or the remote one, or else where one is, and what is named where it is', async () => {
  const { repo, ids } = await repositoryOf([{}, {}], [])
  const [older, newest] = ids
  await git(repo, ['update-ref', 'refs/remotes/origin/main', older])
  expect(await resolveBase(repo)).toEqual({ name: 'main', commit: newest })
  expect(await resolveBase(repo, 'origin/main')).toEqual({ name: 'origin/main', commit: older })
  expect(await resolveBase(repo, 'HEAD')).toEqual({ name: 'main', commit: newest })
  expect(await resolveBase(repo, older)).toEqual({ name: older, commit: older })
  await git(repo, ['branch', '--move', 'main', 'work'])
  expect(await resolveBase(repo)).toEqual({ name: 'origin/main', commit: older })
  await git(repo, ['update-ref', '-d', 'refs/remotes/origin/main'])
  expect(await resolveBase(repo)).toEqual({ name: 'work', commit: newest })
  await git(repo, ['switch', '--quiet', '--detach'])
  expect(await resolveBase(repo)).toEqual({ name: 'HEAD', commit: newest })
  await expect(resolveBase(repo, 'main')).rejects.toThrow(
    'must be a branch or a commit, but is "main"',
  )
  expect(['main', 'origin/main', 'work', ''].map(isMain)).toEqual([true, true, false, false])
})

test('a project is the top folder of a repository, and no folder within', async () => {
  const { repo } = await repositoryOf([{}], [])
  const within = join(repo, 'within')
  await mkdir(within)
  expect(await isRepository(repo)).toBe(true)
  expect(await isRepository(within)).toBe(false)
  const outside = await temporaryFolder()
  expect(await isRepository(outside)).toBe(false)
  await expect(resolveBase(outside)).rejects.toThrow('is not the top folder of a git repository')
  await expect(resolveBase(within)).rejects.toThrow(UserError)
})

const files = { 'recipe.yml': 'r', 'data/a.csv': 'a', 'data/b c.csv': 'b', '.gitignore': 'x.txt\n' }

test('what a version is made from is known as git holds it, and as nothing else', async () => {
  const { repo, ids } = await repositoryOf([{ files, modes: {} }], [])
  await git(repo, ['reset', '--hard', '--quiet'])
  const read = () => readTracked(repo, { recipe: 'recipe.yml', data: join(repo, 'data') })
  const data = (await git(repo, ['rev-parse', 'main:data'])).trim()
  expect(await read()).toEqual({
    state: 'committed',
    commit: ids[0],
    objects: {
      recipe: { path: 'recipe.yml', object: blobId('r') },
      data: { path: 'data', object: data },
    },
  })
  await put(repo, { 'x.txt': 'ignored', 'notes.txt': 'elsewhere' })
  expect((await read()).state).toBe('committed')
  await put(repo, { 'data/b c.csv': 'B', 'data/new.csv': 'n', 'recipe.yml': 'R' })
  expect(await read()).toEqual({
    state: 'uncommitted',
    paths: ['data/b c.csv', 'data/new.csv', 'recipe.yml'],
  })
  expect(await changedFiles(repo, { within: ['data'], untracked: false })).toEqual(['data/b c.csv'])
  const outside = await readTracked(repo, {
    ignored: 'x.txt',
    above: '../x',
    top: '.',
    parent: '..',
    named: '..data',
    recipe: 'recipe.yml',
  })
  expect(outside).toEqual({
    state: 'uncommitted',
    paths: ['.', '..', '../x', '..data', 'recipe.yml', 'x.txt'],
  })
  expect(await readTracked(await temporaryFolder(), { recipe: 'r' })).toEqual({
    state: 'no repository',
  })
})

test('before the first commit, and without what is asked for, nothing is held', async () => {
  const { repo } = await repositoryOf([{ files }], [])
  await git(repo, ['symbolic-ref', 'HEAD', 'refs/heads/unborn'])
  const nothing = { state: 'uncommitted', paths: ['recipe.yml'] }
  expect(await readTracked(repo, { recipe: 'recipe.yml' })).toEqual(nothing)
  await git(repo, ['symbolic-ref', 'HEAD', 'refs/heads/main'])
  expect(await readTracked(repo, { recipe: 'none.yml' })).toEqual({
    state: 'uncommitted',
    paths: ['none.yml'],
  })
})

test('reviewers read how many lines of how many files of sales have come and gone', async () => {
  const lines = (...rows: string[]) => rows.map((row) => `${row}\n`).join('')
  const { repo } = await repositoryOf([
    { files: { 'data/a.csv': lines('1', '2', '3'), 'data/old.csv': lines('9', '8') } },
    {
      files: {
        'data/a.csv': lines('1', 'x', '3', '4', '5'),
        'data/old.csv': null,
        'data/new.csv': lines('9', '8'),
        'data/datapackage.json': '{}\n',
      },
    },
    { files: { 'data/z.csv.gz': new Uint8Array([0, 1]) } },
  ])
  const [third, second, first] = await Promise.all(
    ['main', 'main~1', 'main~2'].map(async (rev) => {
      const object = (await git(repo, ['rev-parse', `${rev}:data`])).trim()
      return lineageOf({ data: { path: 'data', object } })
    }),
  )
  expect(await dataChange(repo, first, second)).toEqual({ files: 3, added: 3 + 2, removed: 1 + 2 })
  expect(await dataChange(repo, second, first)).toEqual({ files: 3, added: 1 + 2, removed: 3 + 2 })
  expect(await dataChange(repo, first, first)).toEqual({ files: 0, added: 0, removed: 0 })
  expect(await dataChange(repo, second, third)).toBeUndefined()
  expect(await dataChange(repo, lineageOf({}), first)).toBeUndefined()
})

test('reviewers read what has changed of the plan apart from the sales', async () => {
  const contract = JSON.stringify(planContractOf())
  const { repo } = await repositoryOf([
    { files: { 'data/sales.csv': '1\n', 'data/datapackage.json': contract } },
    { files: { 'data/sales.csv': '1\n2\n', 'data/plan/2026.csv': 'a\nb\n' } },
    { files: { 'data/sales.csv': '1\n2\n3\n' } },
  ])
  const [third, second, first] = await Promise.all(
    ['main', 'main~1', 'main~2'].map(async (rev) => {
      const idOf = async (path: string) => (await git(repo, ['rev-parse', `${rev}:${path}`])).trim()
      return lineageOf({
        data: { path: 'data', object: await idOf('data') },
        contract: { path: CONTRACT, object: await idOf(CONTRACT) },
      })
    }),
  )
  const line = { files: 1, added: 1, removed: 0 }
  const plan = { files: 1, added: 2, removed: 0 }
  expect(await dataChange(repo, first, second)).toEqual({ ...line, plan })
  expect(await dataChange(repo, second, third)).toEqual(line)
})

const CONTRACT = 'data/datapackage.json'

test('a copy is still the sample while its data, or what was trained on, is on the list', async () => {
  const trained = (object: string) =>
    versionOf('a', { lineage: lineageOf({ data: { path: 'data', object } }) })
  const { repo, ids } = await repositoryOf([
    { files: { 'data/a.csv': 'a' } },
    { files: inProduction(trained(NOTHING)) },
    { files: { 'data/a.csv': 'b', 'model-registry/production/manifest.json': '{}' } },
    { files: { data: null } },
  ])
  const shipped = (await git(repo, ['rev-parse', `${ids[0]}:data`])).trim()
  const list = (text: string) => [
    { files: { 'data/a.csv': 'a', '.github/sample-data': text } },
    { files: { 'data/a.csv': 'b' } },
    { files: { data: null } },
  ]
  const copy = await repositoryOf(list(`# Of the template:\n${NOTHING}\n${shipped}\n`))
  expect(await Promise.all(copy.ids.map((id) => isStillSample(copy.repo, id)))).toEqual([
    true,
    false,
    false,
  ])
  expect(await isStillSample(repo, ids[0])).toBe(false)
  const { repo: other, ids: at } = await repositoryOf([
    { files: { '.github/sample-data': `${NOTHING}\n` } },
    { files: inProduction(trained(NOTHING)) },
    { files: inProduction(trained('2'.repeat(40))) },
    { files: { 'model-registry/production/manifest.json': '{}' } },
  ])
  const isSample = await sampleVersions(other, at[0])
  expect(await Promise.all(at.map(isSample))).toEqual([false, true, false, false])
  expect(await (await sampleVersions(repo, ids[0]))(ids[1])).toBe(false)
})
