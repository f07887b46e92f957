import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { type Job, readWorkflowFiles, type Step } from '../../../scripts/workflows/files.ts'

const { workflows } = readWorkflowFiles(resolve(import.meta.dirname, '../../..'))
const jobs = workflows.flatMap(({ path, content }) =>
  Object.entries(content.jobs).map(([id, job]) => ({ path, id, job })),
)

const installing = jobs.filter(({ job }) => setups(job).length > 0)

it('gives jobs that run a script of package.json the packages of tests and linters, and no other job', () => {
  expect(installing.length).toBeGreaterThan(8)
  for (const { path, id, job } of installing) {
    const asked = setups(job).map((step) => step.with?.development ?? false)
    expect([path, id, asked]).toEqual([path, id, [runs(job, /\bnpm (run|test)\b/)]])
  }
})

it('lets no job pay for packages that runs nothing of them', () => {
  const needless = installing.filter(({ job }) => !uses(job, './actions/') && !runs(job, /\bnpm\b/))
  expect(needless.map(({ path, id }) => `${path}: ${id}`)).toEqual([])
})

function setups(job: Job): Step[] {
  return (job.steps ?? []).filter(({ uses }) => uses === './.github/actions/setup')
}

function uses(job: Job, prefix: string): boolean {
  return (job.steps ?? []).some((step) => step.uses?.startsWith(prefix))
}

function runs(job: Job, command: RegExp): boolean {
  return (job.steps ?? []).some(({ run }) => run !== undefined && command.test(run))
}
