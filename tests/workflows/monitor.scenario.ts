import { expect, it } from 'vitest'
import { degradedProject, WEEK_THAT_SHOWS_IT } from './degraded-project.ts'

it('from sales that show that production fails to the merged promotion that ends it', async () => {
  const project = await degradedProject()
  const { owner, repo, api } = project.maria
  const before = await project.dispatch('monitor')
  expect(before.result, before.log).toBe('success')
  expect(await project.openIssues()).toEqual([])
  expect(project.github.dispatches).toEqual([])

  const pushed = await project.push('main', WEEK_THAT_SHOWS_IT, 'Add the sales of a week')
  expect(pushed.forecast.result, pushed.forecast.log).toBe('success')
  expect(pushed.forecast.summary).toMatch(/🚨 \*\*Version 1 fails/)
  expect(await project.openIssues()).toEqual(['The model in production fails'])
  const health = await project.list('ledger', 'health')
  const [asked, ...others] = project.github.dispatches
  expect(others).toEqual([])
  expect(asked).toMatchObject({
    path: '.github/workflows/retrain.yml',
    actor: 'github-actions[bot]',
  })
  expect(health).toContain(`health/${'inputs' in asked && asked.inputs.health}.json`)

  const again = await project.dispatch('monitor')
  expect(again.result, again.log).toBe('success')
  expect(await project.openIssues()).toHaveLength(1)
  expect(project.github.dispatches).toHaveLength(1)

  const { retrain } = await project.dispatched()
  expect(retrain.result, retrain.log).toBe('success')
  const [number, ...more] = await project.openPullRequests()
  expect(more).toEqual([])
  const { data: pull } = await api.rest.pulls.get({ owner, repo, pull_number: number })
  expect(pull.body).toMatch(/### Why now[\s\S]*Version 1 fails/)

  const { promotion } = await project.pullRequest(number)
  expect(promotion.jobs, promotion.log).toEqual({ verify: 'success' })
  const { release } = await project.merge(number)
  expect(release.result, release.log).toBe('success')
  expect(await project.openIssues()).toEqual([])
  const { data: issues } = await api.rest.issues.listForRepo({ owner, repo, state: 'closed' })
  const alarm = issues.find(({ title }) => title === 'The model in production fails')
  const { data: comments } = await api.rest.issues.listComments({
    owner,
    repo,
    issue_number: alarm!.number,
  })
  expect(comments.map(({ body }) => body)).toEqual([
    expect.stringMatching(/Version 2 is in production since/),
  ])
  expect(project.github.dispatches).toEqual([])
  expect(project.github.unknown()).toEqual([])
})
