import { rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { git } from '../../src/base/git.ts'
import { readTracked } from '../../src/registry/lineage.ts'
import { commitAll, put, temporaryFolder } from '../repository.ts'
import { newProject, PATHS } from './registry-fixture.ts'

test('a lineage holds the ids that git has for what was trained on', async () => {
  const repo = await newProject()
  const reading = await readTracked(repo, PATHS)
  if (reading.state !== 'committed') throw new Error(reading.state)
  const { commit, objects } = reading
  expect(commit).toBe((await git(repo, ['rev-parse', 'HEAD'])).trim())
  for (const { path, object } of Object.values(objects)) {
    expect(object, path).toBe((await git(repo, ['rev-parse', `HEAD:${path}`])).trim())
  }
  expect(Object.keys(objects)).toEqual(['code', 'lockfile', 'data', 'contract', 'recipe', 'policy'])
})

test('absolute paths and odd names of folders give the same lineage as relative ones', async () => {
  const repo = await newProject()
  await rename(join(repo, 'data'), join(repo, '[ção] *'))
  await commitAll(repo, 'Rename')
  const relative = {
    ...PATHS,
    data: './[ção] *',
    contract: '[ção] */datapackage.json',
  }
  const absolute = {
    ...PATHS,
    data: `${join(repo, '[ção] *')}/`,
    contract: join(repo, relative.contract),
  }
  const reading = await readTracked(repo, relative)
  expect(reading).toMatchObject({ state: 'committed', objects: { data: { path: '[ção] *' } } })
  expect(await readTracked(repo, absolute)).toEqual(reading)
})

test.each<[string, (repo: string) => Promise<unknown>, string[]]>([
  ['a changed recipe', (repo) => put(repo, { 'recipe.yml': 'x' }), ['recipe.yml']],
  ['a new sales file', (repo) => put(repo, { 'data/sales/n w.csv': '' }), ['data/sales/n w.csv']],
  [
    'a removed sales file',
    (repo) => rm(join(repo, 'data/sales/2026-09.csv')),
    ['data/sales/2026-09.csv'],
  ],
  ['staged code', (repo) => stage(repo, 'src/new.ts'), ['src/new.ts']],
  ['a removed recipe', (repo) => git(repo, ['rm', '--quiet', 'recipe.yml']), ['recipe.yml']],
])('%s leaves no lineage, and is named', async (_, change, paths) => {
  const repo = await newProject()
  await change(repo)
  expect(await readTracked(repo, PATHS)).toEqual({ state: 'uncommitted', paths })
})

test('changes that training does not see do not matter', async () => {
  const repo = await newProject()
  await put(repo, { 'notes.txt': 'x', 'todo.txt': 'x', '.cd4ml/cache': 'x' })
  expect((await readTracked(repo, PATHS)).state).toBe('committed')
})

test('data outside of the repository, ignored or behind a link has no lineage', async () => {
  const repo = await newProject()
  const outside = await temporaryFolder()
  await put(repo, { '.gitignore': 'ignored\n', 'ignored/x.csv': 'x' })
  await symlink(outside, join(repo, 'link'))
  await commitAll(repo, 'Ignore')
  for (const data of [outside, '../elsewhere', 'ignored', 'link', 'missing', '.']) {
    const reading = await readTracked(repo, { ...PATHS, data })
    expect(reading, data).toEqual({ state: 'uncommitted', paths: [data] })
  }
})

test('before the first commit everything is uncommitted', async () => {
  const repo = await temporaryFolder()
  await git(repo, ['init', '--quiet'])
  await put(repo, { 'recipe.yml': 'x' })
  expect(await readTracked(repo, PATHS)).toEqual({
    state: 'uncommitted',
    paths: Object.values(PATHS).sort(),
  })
})

test('a folder that is no repository, or lies inside another one, has none', async () => {
  const repo = await newProject()
  expect(await readTracked(await temporaryFolder(), PATHS)).toEqual({ state: 'no repository' })
  expect(await readTracked(join(repo, 'data'), PATHS)).toEqual({ state: 'no repository' })
})

test('a name that looks like a pattern means itself only', async () => {
  const repo = await newProject()
  await put(repo, { 'd*/datapackage.json': '{}' })
  await commitAll(repo, 'Add')
  await put(repo, { 'data/sales/2026-10.csv': 'not of this model' })
  const paths = { ...PATHS, data: 'd*', contract: 'd*/datapackage.json' }
  expect((await readTracked(repo, paths)).state).toBe('committed')

  await put(repo, { ':(top)r.yml': '{}', 'r.yml': '{}' })
  await commitAll(repo, 'Add recipes')
  expect(await readTracked(repo, { recipe: ':(top)r.yml' })).toMatchObject({
    state: 'committed',
    objects: { recipe: { path: ':(top)r.yml' } },
  })
})

test('a git hook’s variables do not lead to another repository', async () => {
  const [repo, other] = [await newProject(), await newProject()]
  const commit = (await git(repo, ['rev-parse', 'HEAD'])).trim()
  await commitAll(other, 'Go on')
  process.env.GIT_DIR = join(other, '.git')
  try {
    expect(await readTracked(repo, PATHS)).toMatchObject({ commit })
  } finally {
    delete process.env.GIT_DIR
  }
})

async function stage(repo: string, path: string): Promise<void> {
  await put(repo, { [path]: 'x' })
  await git(repo, ['add', path])
}
