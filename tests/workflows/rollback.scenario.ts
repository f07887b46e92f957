import { expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { promotedProjectOnGitHub } from './sample-projects.ts'

it('brings an earlier model back by a pull request, without training, releases it, and does not propose again what it took out', async () => {
  const project = await promotedProjectOnGitHub()
  const inputs = { version: '1', reason: 'Forecasts of "fruit" are too high; `$(id)`' }
  const rollback = await project.dispatch('rollback', inputs)
  expect(rollback.result, rollback.log).toBe('success')
  const [number] = await project.openPullRequests()
  const { promotion } = await project.pullRequest(number)
  expect(promotion.jobs, promotion.log).toEqual({ verify: 'success' })

  const { release } = await project.merge(number)
  expect(release.result, release.log).toBe('success')
  const { git: repo } = project.github
  expect(await git(repo, ['rev-parse', 'model/v3:model-registry/production/model.json'])).toBe(
    await git(repo, ['rev-parse', 'main~1^1~1:model-registry/production/model.json']),
  )
  expect(await project.openPullRequests()).toEqual([])

  const monday = await project.schedule('retrain')
  expect(monday.jobs, monday.log).toMatchObject({ train: 'success', promote: 'success' })
  expect(monday.result, monday.log).toBe('success')
  expect(monday.outputs.promote).toMatchObject({ 'promote.outcome': 'held' })
  expect(monday.summary).toMatch(/held back.*Version 2.*recipe\.yml changes/is)
  expect(await project.openPullRequests()).toEqual([])
  expect(await project.openIssues()).toEqual([])
})
