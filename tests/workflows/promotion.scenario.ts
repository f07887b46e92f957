import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { succeed } from '../project.ts'
import { type ProjectOnGitHub, projectOnGitHub } from './project-on-github.ts'
import { BETTER, SALES } from './sample-projects.ts'

const MODEL = 'model-registry/production/model.json'

describe('a promotion that a person proposes from their machine', () => {
  let project: ProjectOnGitHub
  let number: number

  beforeAll(async () => {
    project = await projectOnGitHub({ ...SALES, ...BETTER })
    const { clone } = project
    await succeed(clone, ['pipeline'])
    await git(clone, ['push', '--quiet', 'origin', 'promotion/demand'])
    number = await project.open('promotion/demand', 'Promote version 2')
  })

  it('is trained again to the same bytes before it may be merged', async () => {
    const { promotion, experiment } = await project.pullRequest(number)
    expect(promotion.jobs, promotion.log).toEqual({ verify: 'success' })
    expect(promotion.summary).toMatch(/verified/i)
    // It is no experiment, and yet the check that every pull request has to pass must pass.
    expect(experiment.jobs).toEqual({
      experiment: 'skipped',
      fit: 'skipped',
      finish: 'skipped',
      report: 'skipped',
      all: 'success',
    })
  })

  it('is refused when somebody has edited the model by hand', async () => {
    const edited = (await project.read('promotion/demand', MODEL))!.replace(/\d\.\d+/, '0.5')
    const runs = await project.push('promotion/demand', { [MODEL]: edited }, 'Tune the model')
    expect(runs).toEqual({})
    const { promotion } = await project.pullRequest(number, 'synchronize')
    expect(promotion.jobs, promotion.log).toEqual({ verify: 'failure' })
    expect(promotion.annotations).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringContaining('model.json') }),
    )
  })
})
