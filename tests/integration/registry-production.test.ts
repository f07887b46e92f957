import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readVersion, readWorkingVersion } from '../../src/registry/production.ts'
import { put, temporaryFolder } from '../repository.ts'
import { failure, newProject, ship } from './registry-fixture.ts'

const AT = '2026-10-01T12:00:00Z'
const FOLDER = 'model-registry/production'

test('the working folder gives the same version as the commit', async () => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  const working = await readWorkingVersion(repo)
  const committed = await readVersion(repo, 'main')
  expect(working?.manifest).toEqual(committed?.manifest)
  const texts = (files?: Map<string, Uint8Array>) =>
    [...(files ?? [])].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]).sort()
  expect(texts(working?.files)).toEqual(texts(committed?.files))
  expect(texts(working?.files).map(([name]) => name)).toEqual([
    'README.md',
    'charts/wape.svg',
    'evaluation.json',
    'model.json',
  ])
})

test('a project without a version has none, in no commit and in no folder', async () => {
  const repo = await newProject()
  expect(await readVersion(repo, 'main')).toBeUndefined()
  expect(await readWorkingVersion(repo)).toBeUndefined()
  expect(await readWorkingVersion(await temporaryFolder())).toBeUndefined()
})

test.each<[string, (folder: string) => Promise<void>, RegExp]>([
  ['an edited model', (folder) => put(folder, { 'model.json': '{}' }), /model.json: must have the/],
  ['a missing model', (folder) => rm(join(folder, 'model.json')), /model.json: is missing/],
  [
    'a missing manifest',
    (folder) => rm(join(folder, 'manifest.json')),
    /manifest.json: is missing/,
  ],
  ['a foreign file', (folder) => put(folder, { 'a b.txt': '' }), /a b.txt: does not belong/],
  ['a foreign chart', (folder) => put(folder, { 'charts/x.svg': '' }), /x.svg: is not listed/],
  ['a link', linkReadme, /README.md: must be a plain file/],
])('%s in the working folder is refused with its name', async (_, change, message) => {
  const repo = await newProject()
  await ship(repo, 'first', AT)
  await change(join(repo, FOLDER))
  expect((await failure(readWorkingVersion(repo))).message).toMatch(message)
})

test('a file in place of the production folder is refused', async () => {
  const repo = await newProject()
  await put(repo, { [FOLDER]: 'x' })
  expect((await failure(readWorkingVersion(repo))).message).toContain(FOLDER)
})

async function linkReadme(folder: string): Promise<void> {
  await rm(join(folder, 'README.md'))
  await symlink('model.json', join(folder, 'README.md'))
}
