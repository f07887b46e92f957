import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ProjectOnGitHub } from './project-on-github.ts'
import { BETTER, NAIVE, newProjectOnGitHub } from './sample-projects.ts'

it('tells a data scientist on the pull request what a recipe is worth, in one comment', async () => {
  const project = await newProjectOnGitHub()
  const first = await project.push('better', BETTER)
  expect(first.experiment.result, first.experiment.log).toBe('success')
  const number = await project.open('better', 'Try the moving average')
  const opened = await project.pullRequest(number)
  expect(opened.experiment.result, opened.experiment.log).toBe('success')
  expect(opened.promotion.jobs, opened.promotion.log).toEqual({ verify: 'success' })
  const [comment, ...others] = await commentsOn(project, number)
  expect(others).toEqual([])
  expect(comment).toMatch(/better/i)

  await project.push('better', NAIVE, 'Go back to seasonal naive')
  const [updated, ...more] = await commentsOn(project, number)
  expect(more).toEqual([])
  expect(updated).not.toBe(comment)

  const broken = await project.push('better', { 'data/datapackage.json': '{' }, 'Break it')
  expect(broken.experiment.result).toBe('failure')
  const [mistake] = await commentsOn(project, number)
  expect(mistake).toMatch(/No verdict.*datapackage/)

  expect(await project.list('ledger', 'runs')).not.toEqual([])
  expect(project.github.unknown()).toEqual([])
})

it('runs nothing that the name of a branch or a title says, and calls nobody', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-name-'))
  const file = join(folder, 'pwned')
  const project = await newProjectOnGitHub()
  const branch = `feature/"$(touch\${IFS}${file})\`touch\${IFS}${file}\`'|@everyone#1`
  try {
    await project.push(branch, BETTER)
    const number = await project.open(branch, `Closes #1 @everyone "$(touch ${file})" | <b>`)
    const { experiment } = await project.pullRequest(number)
    expect(experiment.result, experiment.log).toBe('success')
    const [comment] = await commentsOn(project, number)
    expect(comment).not.toMatch(/@everyone/)
    expect(await project.read('ledger', 'README.md')).not.toMatch(/@everyone/)
    expect(existsSync(file)).toBe(false)
  } finally {
    await rm(folder, { recursive: true })
  }
})

async function commentsOn({ maria }: ProjectOnGitHub, number: number): Promise<string[]> {
  const { owner, repo } = maria
  const { data } = await maria.api.rest.issues.listComments({ owner, repo, issue_number: number })
  return data.map(({ body }) => body ?? '')
}
