import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { projectOnGitHub } from './project-on-github.ts'
import { BETTER, NAIVE, promotedProjectOnGitHub, SALES } from './sample-projects.ts'

it('goes the whole road once where two retrainings race, and records both', async () => {
  const project = await projectOnGitHub({ ...SALES, ...BETTER })
  const both = await Promise.all([project.schedule('retrain'), project.schedule('retrain')])
  for (const { result, log } of both) expect(result, log).toBe('success')
  const [number, ...others] = await project.openPullRequests()
  expect(others).toEqual([])
  const records = await Promise.all(
    (await project.list('ledger', 'runs')).map((file) => project.read('ledger', file)),
  )
  const pages = records.map((record) => JSON.parse(record!).workflow.url)
  expect(new Set(pages).size).toBe(2)

  const { promotion } = await project.pullRequest(number)
  expect(promotion.jobs, promotion.log).toEqual({ verify: 'success' })
  const { release } = await project.merge(number)
  expect(release.result, release.log).toBe('success')
  // The first version was in production before there were workflows: it had no release yet.
  expect((await project.releases()).sort()).toEqual(['model/v1', 'model/v2'])
  // Of one attempt: its record, the forecasts, and the orders as a page and as CSV.
  expect(await project.list('ledger', 'forecasts')).toHaveLength(1)
  expect(await project.list('ledger', 'content')).toHaveLength(3)
  expect(await project.openIssues()).toEqual([])
})

it('opens no pull request for a model that is worse, and raises no alarm', async () => {
  const project = await promotedProjectOnGitHub()
  const { retrain } = await project.push('main', NAIVE, 'Go back to seasonal naive')
  expect(retrain.jobs, retrain.log).toMatchObject({ train: 'success', promote: 'skipped' })
  expect(retrain.result, retrain.log).toBe('success')
  expect(retrain.summary).toMatch(/worse/i)
  expect(await project.openPullRequests()).toEqual([])
  expect(await project.openIssues()).toEqual([])
})

it('says in one issue that retraining fails, and closes it when it works again', async () => {
  const project = await projectOnGitHub({ ...SALES, ...BETTER })
  const [[path, sales]] = Object.entries(SALES)
  const broken = await project.push('main', { [path]: sales.replace('product', 'x') }, 'Break it')
  expect(broken.retrain.result).toBe('failure')
  expect((await project.schedule('retrain')).result).toBe('failure')
  const failing = ['Forecasting fails', 'Retraining fails']
  expect((await project.openIssues()).sort()).toEqual(failing)
  expect(await project.openPullRequests()).toEqual([])

  // What works on another branch works on main only once it is there.
  await git(project.github.git, ['branch', 'before', 'main~1'])
  const elsewhere = await project.dispatch('retrain', {}, 'before')
  expect(elsewhere.jobs, elsewhere.log).toMatchObject({ train: 'success', record: 'success' })
  expect((await project.openIssues()).sort()).toEqual(failing)

  const { retrain, forecast } = await project.push('main', { [path]: sales }, 'Mend it')
  expect(retrain.result, retrain.log).toBe('success')
  expect(forecast.result, forecast.log).toBe('success')
  expect(await project.openIssues()).toEqual([])
  expect(await project.openPullRequests()).toHaveLength(1)
})
