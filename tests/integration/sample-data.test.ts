import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataTree, recordShippedData } from '../../scripts/shipped-data.ts'
import { isStillSample, SAMPLE_DATA, sampleVersions } from '../../src/registry/sample.ts'
import { REPOSITORY, SAMPLE } from '../project.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'

test('the data that the template ships is known as such, so that no copy releases it', async () => {
  const repo = await copyOfTemplate()
  expect(await isStillSample(repo, await commitAll(repo, 'Initial commit'))).toBe(true)
})

test.each([
  ['a row more', { 'data/sales/2023-11.csv': 'a row' }],
  ['a file more', { 'data/sales/own.csv': 'a;b\n' }],
  ['another contract', { 'data/datapackage.json': '{}' }],
])('a copy is somebody’s own with %s', async (_, files) => {
  const repo = await copyOfTemplate()
  await put(repo, files)
  expect(await isStillSample(repo, await commitAll(repo, 'Use our own'))).toBe(false)
})

test('data that is generated anew is the sample from then on', async () => {
  const repo = await copyOfTemplate()
  await put(repo, { 'data/sales/2023-11.csv': 'generated' })
  await recordShippedData(repo)
  await recordShippedData(repo)
  const lines = (await readFile(join(repo, SAMPLE_DATA), 'utf8')).trim().split('\n')
  const tree = await dataTree(repo)
  expect(lines.filter((line) => line === tree)).toHaveLength(1)
  expect(await isStillSample(repo, await commitAll(repo, 'Generate'))).toBe(true)
})

test('a project without the list of what was shipped is its owner’s', async () => {
  const repo = await copyOfTemplate()
  await put(repo, { [SAMPLE_DATA]: '' })
  expect(await isStillSample(repo, await commitAll(repo, 'Begin'))).toBe(false)
})

test('a version of the sample is known as such whatever format it was written in', async () => {
  const repo = await copyOfTemplate()
  const object = await dataTree(repo)
  const manifest = { format: 'cd4ml-manifest/0', lineage: { data: { path: 'data', object } } }
  await put(repo, { 'model-registry/production/manifest.json': JSON.stringify(manifest) })
  const sample = await commitAll(repo, 'Initial commit')
  await put(repo, { 'model-registry/production/manifest.json': '{' })
  const other = await commitAll(repo, 'Damage it')
  const ofSample = await sampleVersions(repo, other)
  expect([await ofSample(sample), await ofSample(other), await ofSample('none')]).toEqual([
    true,
    false,
    false,
  ])
})

async function copyOfTemplate(): Promise<string> {
  const repo = await temporaryFolder()
  await initialise(repo)
  for (const name of ['datapackage.json', 'sales']) {
    await cp(join(SAMPLE, name), join(repo, 'data', name), { recursive: true })
  }
  await cp(join(REPOSITORY, SAMPLE_DATA), join(repo, SAMPLE_DATA))
  return repo
}
