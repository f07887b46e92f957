import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import type { Checkup } from '../../src/steps/setup/checkup.ts'
import { folderCheckups } from '../../src/steps/setup/folder-checkups.ts'
import { mergeProposal, newProject, succeed } from '../project.ts'
import { commitAll, copyOf, put, temporaryFolder } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'
import { day } from './validate-fixture.ts'

const sales = salesOf({ products: productIds(3), frequency: 'week', periods: 60 })
let healthy: string

beforeAll(async () => {
  healthy = await newProject({
    ...dataFiles(sales),
    ...recipe('seasonal-naive: {}'),
    '.github/CODEOWNERS': '* @maria\n',
    '.github/workflows/retrain.yml': "on:\n  schedule:\n    - cron: '23 6 * * 1'\n",
  })
  await succeed(healthy, ['train'])
  await succeed(healthy, ['compare'])
  await succeed(healthy, ['promote', '--baseline'])
  await mergeProposal(healthy)
})

it('finds nothing to do in a folder where everything is set up', async () => {
  const found = await checkups(healthy)
  expect(Object.values(found).filter(({ state }) => state !== 'passed')).toEqual([])
  expect(Object.keys(found)).toEqual([
    'repository',
    'project',
    'sales',
    'recipe',
    'ordering',
    'policy',
    'production',
    'code owners',
    'schedule',
  ])
  expect(found.production.detail).toMatch(/^version 1, seasonal-naive, trained through 2025-0/)
})

describe('tells the owner of a repository', () => {
  it.each<[string, string, (project: string) => Promise<unknown>, RegExp]>([
    [
      'that the contract is still that of the sample',
      'sales',
      isSample,
      /template ships.*cd4ml init/,
    ],
    [
      'that the sales are still the sample, for which no workflow works by itself',
      'sales',
      shipped,
      /template ships: no workflow works by itself.*cd4ml init/,
    ],
    [
      'that an older copy has released the sample',
      'production',
      async (project) => {
        await shipped(project)
        await git(project, ['tag', 'model/v1'])
        await put(project, { 'data/notes.txt': 'Ours.\n' })
        await commitAll(project, 'Make it ours')
      },
      /model\/v1 is that of the sample.*gh release delete model\/v1 --cleanup-tag/,
    ],
    [
      'that its branch has a name which no workflow knows',
      'repository',
      (project) => git(project, ['branch', '--move', 'main', 'trunk']),
      /its branch is trunk.*git branch --move trunk main/,
    ],
    [
      'that the sales are not valid',
      'sales',
      (project) => put(project, { 'data/sales/2025.csv': 'product,category,day,units\n"P1\n' }),
      /not valid.*cd4ml validate/,
    ],
    [
      'which files are not read',
      'sales',
      (project) => put(project, { 'data/sales/2026.txt': 'product,category,day,units\n' }),
      /does not name sales\/2026\.txt, which is not read.*Call it as the contract says/,
    ],
    [
      'that there is no contract',
      'sales',
      (project) => rm(join(project, 'data/datapackage.json')),
      /contract cannot be read.*--contract/,
    ],
    [
      'that the recipe is finer than the sales',
      'recipe',
      (project) => put(project, recipe('seasonal-naive: {}', { frequency: 'day' })),
      /totals of one week.*frequency: week/,
    ],
    [
      'that the recipe is broken',
      'recipe',
      (project) => put(project, { 'recipe.yml': 'frequency: hour\n' }),
      /recipe\.yml.*frequency/,
    ],
    [
      'that there is no such time zone',
      'project',
      (project) => put(project, { 'project.yml': 'timeZone: America/Sao Paulo\n' }),
      /project\.yml.*timeZone.*America\/Sao_Paulo/,
    ],
    [
      'that the terms of ordering are broken',
      'ordering',
      (project) => put(project, { 'ordering.yml': 'defaults: { leadTime: soon }\n' }),
      /ordering\.yml.*leadTime/,
    ],
    [
      'that the reasons of buyers are broken',
      'ordering',
      (project) => put(project, { 'decisions.yml': 'reasons: [{ id: Festa }]\n' }),
      /decisions\.yml.*reasons/,
    ],
    [
      'that the policy is broken',
      'policy',
      (project) => put(project, { 'model-registry/policy.yml': 'decidedBy: luck\n' }),
      /policy\.yml.*decidedBy/,
    ],
    [
      'that nothing is in production',
      'production',
      async (project) => {
        await git(project, ['rm', '-rq', 'model-registry/production'])
        await commitAll(project, 'Take the model out')
      },
      /main has no model.*npm run pipeline/,
    ],
    [
      'that production was edited by hand',
      'production',
      async (project) => {
        await put(project, { 'model-registry/production/model.json': '{}' })
        await commitAll(project, 'Edit the model')
      },
      /model\.json: must have the SHA-256.*git restore/,
    ],
    [
      'that the model in production is one of other sales',
      'production',
      (project) =>
        put(project, dataFiles(sales.map((sale) => ({ ...sale, product: `new ${sale.product}` })))),
      /knows none of the products/,
    ],
    [
      'which teams have no people yet',
      'code owners',
      (project) => put(project, { '.github/CODEOWNERS': '* @your-org/platform\n' }),
      /who platform are/,
    ],
    [
      'that nobody owns anything',
      'code owners',
      (project) => rm(join(project, '.github/CODEOWNERS')),
      /there is no \.github\/CODEOWNERS/,
    ],
    [
      'that nothing is retrained by itself',
      'schedule',
      (project) => put(project, { '.github/workflows/retrain.yml': 'on:\n  push: {}\n' }),
      /has no schedule.*cron/,
    ],
  ])('%s', async (_, name, change, message) => {
    const project = await copyOf(healthy)
    await change(project)
    const found = await checkups(project)
    const toDo = Object.values(found).filter(({ state }) => state === 'to do')
    expect(toDo.map((checkup) => checkup.name)).toEqual([name])
    expect(textOf(found[name])).toMatch(message)
  })

  it('which settings of a policy leave the gate blind, without a thing to do about them', async () => {
    const project = await copyOf(healthy)
    const file = 'model-registry/policy.yml'
    const policy = await readFile(join(project, file), 'utf8')
    await put(project, {
      [file]: `${policy.replace(/minimumOrigins: .*/, 'minimumOrigins: 3')}step: 1\n`,
    })
    const found = await checkups(project)
    expect(found.policy).toMatchObject({ state: 'passed' })
    expect(found.policy.detail).toMatch(/With 3 origins.*5% better.*The step is below the horizon/)
  })

  it('that the clone does not hold the whole history', async () => {
    const shallow = join(await temporaryFolder(), 'clone')
    await git(healthy, ['clone', '--quiet', '--depth=1', `file://${healthy}`, shallow])
    expect(textOf((await checkups(shallow)).repository)).toMatch(/newest commits.*--unshallow/)
  })

  it('that the folder is no repository, and looks at the rest all the same', async () => {
    const folder = await temporaryFolder()
    await put(folder, { ...dataFiles(sales), ...recipe('seasonal-naive: {}') })
    const found = await checkups(folder)
    expect(textOf(found.repository)).toMatch(/not the top folder.*git init/)
    expect(found.sales.state).toBe('passed')
  })
})

async function shipped(project: string): Promise<void> {
  const { lineage } = JSON.parse(
    await readFile(join(project, 'model-registry/production/manifest.json'), 'utf8'),
  )
  await put(project, { '.github/sample-data': `${lineage.data.object}\n` })
  await commitAll(project, 'Ship the sample')
}

async function isSample(project: string): Promise<void> {
  const { 'data/datapackage.json': contract } = dataFiles(sales)
  const sample = JSON.parse(contract)
  sample.cd4ml.sample = true
  await put(project, { 'data/datapackage.json': JSON.stringify(sample) })
}

async function checkups(project: string): Promise<Record<string, Checkup>> {
  const found = await folderCheckups({
    project,
    today: day('2026-01-31'),
    environment: {},
    source: undefined,
  })
  return Object.fromEntries(found.map((checkup) => [checkup.name, checkup]))
}

/** On one line, as `detail remedy`. */
function textOf(checkup: Checkup): string {
  return [checkup.detail, checkup.state === 'passed' ? '' : checkup.remedy].join(' ')
}
