import { expect, it } from 'vitest'
import { connect } from '../../src/github/client.ts'
import type { ProjectOnGitHub } from './project-on-github.ts'
import { newProjectOnGitHub, SALES } from './sample-projects.ts'

const [FILE, TEXT] = Object.entries(SALES).find(([file]) => file.endsWith('2025.csv'))!

it('takes in what the extraction pushes at night without a person, and says when it cannot', async () => {
  const project = await newProjectOnGitHub()
  const place = { owner: 'shop', repo: 'demand' }
  await project.maria.api.rest.actions.createRepoVariable({
    ...place,
    name: 'CD4ML_MERGE_SALES',
    value: 'true',
  })
  await project.maria.api.rest.repos.update({ ...place, allow_auto_merge: true })
  await requireExperiment(project)

  const broken = await project.push('sales/night', { [FILE]: TEXT.replace('product', 'x') })
  expect(Object.keys(broken)).toEqual(['new-sales'])
  expect(broken['new-sales'].result).toBe('failure')
  expect(await project.openIssues()).toEqual(['New sales do not get in'])
  expect(await project.openPullRequests()).toEqual([])

  const night = TEXT.replace(/"(\d+)"\n$/, (_, units) => `"${Number(units) + 1}"\n`)
  const mended = (await project.push('sales/night', { [FILE]: night }))['new-sales']
  expect(mended.result, mended.log).toBe('success')
  expect(await project.openIssues()).toEqual([])
  const [number, ...others] = await project.openPullRequests()
  expect(others).toEqual([])

  const { experiment, promotion } = await project.pullRequest(number)
  expect(experiment.jobs, experiment.log).toEqual({
    experiment: 'success',
    fit: 'skipped',
    finish: 'skipped',
    report: 'skipped',
    all: 'success',
  })
  expect(experiment.result, experiment.log).toBe('success')
  expect(experiment.summary).not.toMatch(/Train/)
  expect(promotion.result, promotion.log).toBe('success')
  await pass(project, 'experiment')
  expect(await project.openPullRequests()).toEqual([])
  expect(await project.read('main', FILE)).toBe(night.trim())

  const again = (await project.publish('sales/night'))['new-sales']
  expect(again.result, again.log).toBe('success')
  expect(again.summary).toMatch(/on main already/)
  expect(await project.openPullRequests()).toEqual([])
  expect(project.github.unknown()).toEqual([])
})

async function requireExperiment({ maria }: ProjectOnGitHub): Promise<void> {
  const { owner, repo } = maria
  await maria.api.rest.repos.createRepoRuleset({
    owner,
    repo,
    name: 'main',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'experiment' }],
        },
      },
    ],
  })
}

/** GitHub makes a check of each job; here, act has run it. */
async function pass({ github }: ProjectOnGitHub, name: string): Promise<void> {
  const bot = connect({ token: github.token, repository: github.repository, apiUrl: github.url })
  const { owner, repo } = bot
  const { data } = await bot.api.rest.git.getRef({ owner, repo, ref: 'heads/sales/night' })
  await bot.api.rest.checks.create({
    owner,
    repo,
    name,
    head_sha: data.object.sha,
    conclusion: 'success',
  })
}
