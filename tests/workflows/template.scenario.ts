import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { succeed } from '../project.ts'
import { commitAll, put, temporaryFolder } from '../repository.ts'
import { dataFiles, productIds, salesOf } from '../shop.ts'
import { copyOfTemplate, type ProjectOnGitHub, type Runs } from './project-on-github.ts'
import { BETTER, NAIVE, SALES } from './sample-projects.ts'

it('does nothing by itself for a copy of the template, until its owner’s first own model is released', async () => {
  const project = await copyOfTemplate({
    ...SALES,
    'data/datapackage.json': sampleContract(),
    ...NAIVE,
    'ordering.yml': 'defaults: { pack: 6 }\n',
    'README.md': '# cd4ml\n',
  })
  await doesNothing(project, await project.publish('main'), [
    'forecast',
    'overdue',
    'release',
    'retrain',
  ])
  const forecast = await project.schedule('forecast')
  const retrain = await project.schedule('retrain')
  await doesNothing(project, { forecast, retrain }, ['forecast', 'retrain'])
  expect(retrain.summary).toMatch(/Still the sample.*npx cd4ml init/s)

  const played = await project.push('play', BETTER)
  expect(played.experiment.result, played.experiment.log).toBe('success')
  await project.open('play', 'Play with the sample')
  const byHand = await project.dispatch('retrain')
  expect(byHand.jobs, byHand.log).toMatchObject({ train: 'success', record: 'skipped' })
  expect(await project.list('ledger')).toEqual([])

  await initialise(project)
  await project.publish('own')
  const started = await project.merge(await project.open('own', 'Start with our own sales'))
  for (const { result, log } of Object.values(started)) expect(result, log).toBe('success')
  expect(await project.openIssues()).toEqual([])
  expect(await project.releases()).toEqual([])
  const first = (await project.openPullRequests()).find((number) => number > 2)!
  const checks = await project.pullRequest(first)
  expect(checks.promotion.result, checks.promotion.log).toBe('success')
  const { release } = await project.merge(first)
  expect(release.result, release.log).toBe('success')
  expect(await project.releases()).toEqual(['model/v1'])
  // Of one attempt: its record, the forecasts, and the orders as a page and as CSV.
  expect(await project.list('ledger', 'forecasts')).toHaveLength(1)
  expect(await project.list('ledger', 'content')).toHaveLength(3)
  expect(await project.openIssues()).toEqual([])
})

function sampleContract(): string {
  const contract = JSON.parse(SALES['data/datapackage.json'])
  contract.cd4ml.sample = true
  return JSON.stringify(contract)
}

async function doesNothing(project: ProjectOnGitHub, runs: Runs, names: string[]): Promise<void> {
  expect(Object.keys(runs).sort()).toEqual(names)
  for (const { result, jobs, log } of Object.values(runs)) {
    expect(result, log).toBe('success')
    const [first, ...others] = Object.values(jobs)
    expect(first).toBe('success')
    expect(
      others.filter((result) => result !== 'skipped'),
      log,
    ).toEqual([])
  }
  expect(await project.releases()).toEqual([])
  expect(await git(project.github.git, ['tag', '--list'])).toBe('')
  expect(await project.list('ledger')).toEqual([])
  expect(await project.openIssues()).toEqual([])
  expect(await project.openPullRequests()).toEqual([])
}

/** As `cd4ml init` is used, on a branch. */
async function initialise({ clone }: ProjectOnGitHub): Promise<void> {
  const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 110, seed: 7 })
  const outside = await temporaryFolder()
  const files = Object.entries(dataFiles(sales)).filter(([path]) => path.endsWith('.csv'))
  await put(outside, Object.fromEntries(files))
  await git(clone, ['fetch', '--quiet', 'origin'])
  await git(clone, ['switch', '--quiet', '--force-create', 'own', 'origin/main'])
  const csv = files.map(([path]) => `${outside}/${path}`)
  await succeed(clone, ['init', '--sales', ...csv, '--owners', '@maria', '--name', 'cd4ml'])
  await put(clone, BETTER)
  await commitAll(clone, 'Start with our own sales')
}
