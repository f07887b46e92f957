import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../../src/base/errors.ts'
import { git } from '../../../src/base/git.ts'
import {
  type Change,
  changesTo,
  checkOutTree,
  editedTree,
} from '../../../src/registry/edited-tree.ts'
import type { Lineage } from '../../../src/registry/manifest.ts'
import {
  checkOutData,
  type DataFileChange,
  mergedData,
  whoMerges,
} from '../../../src/registry/merged-data.ts'
import { whereMerged } from '../../../src/registry/merged-lineage.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { blobId, type Commit, lineageOf, NOTHING, repositoryOf } from './commits.ts'

/** A lineage of files that say what they are, or something else, as in `usualFiles`. */
function madeFrom(other: { [part: string]: string }, commit = NOTHING): Lineage {
  const tracked = (part: string, path: string) => {
    return { path, object: blobId(other[part] ?? part) }
  }
  return lineageOf({
    commit,
    code: tracked('code', 'src'),
    lockfile: tracked('lockfile', 'package-lock.json'),
    data: tracked('data', 'sales.csv'),
    contract: tracked('contract', 'contract.json'),
    recipe: tracked('recipe', 'recipe.yml'),
    policy: tracked('policy', 'model-registry/policy.yml'),
    ...(other.ordering !== undefined && { ordering: tracked('ordering', 'ordering.yml') }),
  })
}

const usualFiles = {
  src: 'code',
  'package-lock.json': 'lockfile',
  'sales.csv': 'data',
  'contract.json': 'contract',
  'recipe.yml': 'recipe',
  'model-registry/policy.yml': 'policy',
}

async function standing(commits: Commit[], lineage: (ids: string[]) => Lineage, base = -1) {
  const { repo, ids } = await repositoryOf(commits)
  const found = await whereMerged(repo, lineage(ids), { name: 'main', commit: ids.at(base)! })
  return { found, ids }
}

test('what a version was made from was merged where all of it stood together on the line of main', async () => {
  const commits = [
    { files: usualFiles },
    { files: { 'notes.txt': '1' } },
    { files: { 'recipe.yml': 'other' } },
  ]
  const recorded = await standing(commits, (ids) => madeFrom({}, ids[1]))
  expect(recorded.found).toEqual({ state: 'merged', commit: recorded.ids[1] })
  const squashed = await standing(commits, () => madeFrom({}))
  expect(squashed.found).toEqual({ state: 'merged', commit: squashed.ids[0] })
  const other = await standing(commits, (ids) => madeFrom({ recipe: 'other' }, ids[0]))
  expect(other.found).toEqual({ state: 'merged', commit: other.ids[2] })
})

test('terms of ordering have to stand there, or not to, as when the version was made', async () => {
  const commits = [{ files: usualFiles }, { files: { 'ordering.yml': 'terms' } }]
  const without = await standing(commits, (ids) => madeFrom({}, ids[1]))
  expect(without.found).toEqual({ state: 'merged', commit: without.ids[0] })
  const ordered = await standing(commits, (ids) => madeFrom({ ordering: 'terms' }, ids[0]))
  expect(ordered.found).toEqual({ state: 'merged', commit: ordered.ids[1] })
})

test('what only a branch passed through was never merged, and each part is named', async () => {
  const { found } = await standing(
    [
      { files: usualFiles },
      { files: { 'recipe.yml': 'tried' } },
      { files: { 'recipe.yml': 'kept' } },
      { after: [0, 2], files: { 'recipe.yml': 'kept' } },
    ],
    (ids) => madeFrom({ recipe: 'tried', policy: 'nowhere' }, ids[1]),
  )
  expect(found).toEqual({
    state: 'not merged',
    problems: [
      `The recipe recipe.yml (${blobId('tried').slice(0, 12)}) was never merged: main itself never had it.`,
      `The policy model-registry/policy.yml (${blobId('nowhere').slice(0, 12)}) is not in this repository.`,
    ],
  })
})

test('parts that never stood together do not count, and that is said', async () => {
  const commits = [{ files: usualFiles }, { files: { 'recipe.yml': 'new', 'sales.csv': 'new' } }]
  const apart = await standing(commits, () => madeFrom({ recipe: 'new' }))
  expect(apart.found).toEqual({
    state: 'not merged',
    problems: [
      'main has had each of code, lockfile, data, contract, recipe, policy, but never all of them at one time and without ordering.yml.',
    ],
  })
  const terms = [{ files: { ...usualFiles, 'ordering.yml': 'terms' } }, ...commits.slice(1)]
  const { found } = await standing(terms, () => madeFrom({ recipe: 'new', ordering: 'terms' }))
  expect(found).toMatchObject({
    problems: [expect.stringMatching(/ordering, but .* at one time\.$/)],
  })
})

const sales = { 'data/datapackage.json': '{}', 'data/sales/a.csv': 'a', 'data/sales/b.csv': 'b' }

test('a merge of new sales is told by file, and is what lands in the data folder', async () => {
  const { repo, ids } = await repositoryOf(
    [
      { files: { ...sales, 'notes.txt': '1' } },
      { files: { 'data/sales/a.csv': 'A', 'data/sales/b.csv': null, 'data/sales/c.csv': 'c' } },
      { after: [0], files: { 'notes.txt': '2' } },
    ],
    [],
  )
  const { tree, changes } = await mergedData(repo, ids[2], ids[1])
  expect(changes).toEqual([
    { path: 'data/sales/a.csv', change: 'changed' },
    { path: 'data/sales/b.csv', change: 'removed' },
    { path: 'data/sales/c.csv', change: 'added' },
  ])
  expect(await git(repo, ['show', `${tree}:notes.txt`])).toBe('2')
  expect(await mergedData(repo, ids[1], ids[0])).toMatchObject({ changes: [] })
  await git(repo, ['reset', '--hard', '--quiet'])
  await checkOutData(repo, tree)
  const staged = await git(repo, ['diff', '--cached', '--name-only'])
  expect(staged).toBe('data/sales/a.csv\ndata/sales/b.csv\ndata/sales/c.csv\n')
  expect(await git(repo, ['diff', '--name-only'])).toBe('')
})

test.each<[string, Commit, string]>([
  [
    'anything else',
    { files: { 'data.md': 'x' } },
    'changes data/ alone, but this one data.md, too',
  ],
  [
    'a link',
    { files: { 'data/x': 'y' }, modes: { 'data/x': '120000' } },
    'data/x has the mode 120000',
  ],
  ['a program', { files: { 'data/x': 'y' }, modes: { 'data/x': '100755' } }, 'the mode 100755'],
  [
    'the same lines as main',
    { files: { 'data/sales/a.csv': 'x' } },
    'main has changed the same lines',
  ],
])('new sales that change %s are refused', async (_, commit, message) => {
  const { repo, ids } = await repositoryOf([
    { files: sales },
    { files: { 'data/sales/a.csv': 'A' } },
    { ...commit, after: [0] },
  ])
  const merging = mergedData(repo, ids[1], ids[2])
  await expect(merging).rejects.toThrow(UserError)
  await expect(merging).rejects.toThrow(message)
})

test('files are written, moved and removed in a tree, and told in the order of their paths', async () => {
  const { repo } = await repositoryOf(
    [{ files: { 'old/a.txt': 'a', 'old/b.txt': 'b', gone: 'x', 'm.txt': 'm', kept: 'k' } }],
    [],
  )
  await git(repo, ['reset', '--hard', '--quiet'])
  const outside = await temporaryFolder()
  await put(outside, { 'z 1': 'z' })
  const tree = await editedTree(repo, [
    { kind: 'move', path: 'old', to: 'new/folder' },
    { kind: 'remove', path: 'gone' },
    { kind: 'write', path: 'm.txt', content: 'first' },
    { kind: 'write', path: 'a.txt', content: new Uint8Array([13, 10]) },
    { kind: 'write', path: 'm.txt', content: 'last' },
    { kind: 'add', path: 'z.txt', file: join(outside, 'z 1') },
  ])
  const expected: Change[] = [
    { path: 'a.txt', change: 'added' },
    { path: 'gone', change: 'removed' },
    { path: 'm.txt', change: 'changed' },
    { path: 'new/folder/a.txt', change: 'moved', from: 'old/a.txt' },
    { path: 'new/folder/b.txt', change: 'moved', from: 'old/b.txt' },
    { path: 'z.txt', change: 'added' },
  ]
  expect(await changesTo(repo, tree)).toEqual(expected)
  expect(await git(repo, ['status', '--porcelain'])).toBe('')
  for (const [path, text] of [
    ['m.txt', 'last'],
    ['a.txt', '\r\n'],
    ['z.txt', 'z'],
  ]) {
    expect(await git(repo, ['show', `${tree}:${path}`])).toBe(text)
  }
  await put(repo, { 'z.txt': 'mine', '.git/info/exclude': 'z.txt\n' })
  await expect(checkOutTree(repo, tree)).rejects.toThrow('z.txt: is in the way')
  await git(repo, ['clean', '-fdxq'])
  await checkOutTree(repo, tree)
  expect(await git(repo, ['diff', '--name-only', tree])).toBe('')
})

test('a pull request of sales merges itself where it may, and neither the contract nor a loss does', () => {
  const added: DataFileChange = { path: 'data/sales/a.csv', change: 'added' }
  const changed: DataFileChange = { path: 'data/sales/b.csv', change: 'changed' }
  const removed: DataFileChange = { path: 'data/sales/c.csv', change: 'removed' }
  const contract: DataFileChange = { path: 'data/datapackage.json', change: 'changed' }
  const query: DataFileChange = { path: 'data/day-totals.sql', change: 'changed' }
  const program: DataFileChange = { path: 'data/extract.py', change: 'changed' }
  expect(whoMerges([added, changed], true)).toBe('itself')
  expect(whoMerges([added, changed], false)).toBe('a person')
  for (const mayMerge of [true, false]) {
    expect(whoMerges([added, removed], mayMerge)).toBe('a person: removed files')
    expect(whoMerges([removed, contract], mayMerge)).toBe('a person: the contract')
    for (const asked of [query, program]) {
      expect(whoMerges([asked, added], mayMerge)).toBe('a person: the contract')
    }
  }
})
