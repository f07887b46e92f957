import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import type { ProjectOnGitHub, Runs } from './project-on-github.ts'
import { BETTER, newProjectOnGitHub } from './sample-projects.ts'

describe('from the push of a better recipe to published forecasts, with no hand but the reviewer’s', () => {
  let project: ProjectOnGitHub
  let number: number
  let checks: Runs
  let merged: Runs

  beforeAll(async () => {
    project = await newProjectOnGitHub()
    await project.push('better', BETTER)
    const recipe = await project.open('better', 'Try the moving average')
    const { retrain } = await project.merge(recipe)
    expect(retrain.result, retrain.log).toBe('success')
    const again = await project.schedule('retrain')
    expect(again.result, again.log).toBe('success')
    const [only, ...others] = await project.openPullRequests()
    expect(others).toEqual([])
    number = only
    checks = await project.pullRequest(number)
    merged = await project.merge(number)
  })

  it('proposes the better model on the one branch for promotions', async () => {
    const { maria } = project
    const { owner, repo } = maria
    const { data } = await maria.api.rest.pulls.get({ owner, repo, pull_number: number })
    expect(data.head.ref).toBe('promotion/demand')
    expect(data.title).toMatch(/^Promote version 2: moving-average/)
    expect(data.body).toMatch(/^[^\n]*better/i)
    expect(data.body).toMatch(/Press \*\*Approve workflows to run/)
  })

  it('passes every check of the pull request', () => {
    expect(checks.promotion.jobs, checks.promotion.log).toEqual({ verify: 'success' })
    expect(checks.experiment.result, checks.experiment.log).toBe('success')
  })

  it('tags and releases what was merged', async () => {
    const { release } = merged
    expect(release.result, release.log).toBe('success')
    const { maria, github } = project
    const { owner, repo } = maria
    const { data } = await maria.api.rest.repos.getReleaseByTag({ owner, repo, tag: 'model/v2' })
    expect(data.assets.map(({ name }) => name).sort()).toEqual([
      'README.md',
      'evaluation.json',
      'manifest.json',
      'model.json',
    ])
    expect(await git(github.git, ['rev-parse', 'model/v2^{commit}'])).toBe(
      await git(github.git, ['rev-parse', 'main']),
    )
  })

  it('publishes forecasts of every product on the ledger', async () => {
    expect(merged.release.jobs).toMatchObject({ 'forecast/forecast': 'success' })
    const files = await project.list('ledger', 'content')
    expect(files.some((file) => file.endsWith('.ndjson.gz'))).toBe(true)
    const forecasts = await project.read('ledger', 'forecasts.csv')
    for (const product of ['P1', 'P2', 'P3', 'P4', 'P5', 'P6']) {
      expect(forecasts).toMatch(new RegExp(`^${product}\\b|\\b${product}\\b`, 'm'))
    }
  })

  it('shows the experiments on the ledger’s front page', async () => {
    expect(await project.read('ledger', 'README.md')).toMatch(/moving-average/)
    expect((await project.list('ledger', 'runs')).length).toBeGreaterThan(1)
  })

  it('asks GitHub for nothing that it does not have', () => {
    expect(project.github.unknown()).toEqual([])
  })
})
