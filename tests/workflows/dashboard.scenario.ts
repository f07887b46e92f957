import { expect, it } from 'vitest'
import { projectOnGitHub } from './project-on-github.ts'
import { NAIVE, SALES } from './sample-projects.ts'

it('makes the dashboard, and deploys it to no page that nobody has asked for', async () => {
  const project = await projectOnGitHub({ ...SALES, ...NAIVE })
  const { result, jobs, log } = await project.dispatch('dashboard')
  expect(result, log).toBe('success')
  expect(jobs).toEqual({ dashboard: 'success', deploy: 'skipped' })
})
