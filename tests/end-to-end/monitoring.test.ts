import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { connect, type GitHub } from '../../src/github/client.ts'
import { POLICY } from '../../src/registry/manifest.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import {
  LEARNT,
  mondayAfter,
  monitoredShop,
  passWeeks,
  publishAfter,
  SALES,
} from '../integration/monitoring/monitored-shop.ts'
import { REPOSITORY } from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import type { Sale } from '../shop.ts'
import { type Outcome, runStep, runStepProcess, type Step } from './action-steps.ts'

// These go one road: what monitoring finds leads to an issue, a retraining, and its pull request.
const WEEKS = [0, 1, 2, 3]
const RETRAIN = '.github/workflows/retrain.yml'
const DEMAND = { owner: 'shop', repo: 'demand' }
let server: FakeGitHub
let owner: GitHub
let project: string

/** From the promotion on it sells what it sold a year before: what the model does not expect. */
const AS_LAST_YEAR: Sale[] = [
  ...SALES.filter(({ day }) => day < mondayAfter(LEARNT)),
  ...SALES.filter((sale, index) => sale.day >= mondayAfter(LEARNT - 52) && index % 40 > 0).map(
    (sale) => ({ ...sale, day: sale.day + 364 }),
  ),
]

beforeAll(async () => {
  server = await startGitHub()
  owner = connect({ token: server.ownerToken, repository: server.repository, apiUrl: server.url })
  project = await copyOf(await monitoredShop())
  for (const week of WEEKS) {
    await passWeeks(project, LEARNT + week, AS_LAST_YEAR)
    await publishAfter(project, LEARNT + week)
  }
  await passWeeks(project, LEARNT + WEEKS.length, AS_LAST_YEAR)
  await git(project, ['branch', '--quiet', '-D', 'promotion/demand'])
  const policy = await readFile(join(project, POLICY), 'utf8')
  await put(project, {
    [RETRAIN]: await readFile(join(REPOSITORY, RETRAIN), 'utf8'),
    [POLICY]: policy.replace(/wreckYears: .*/, 'wreckYears: 1'),
  })
  await commitAll(project, 'Retrain by itself')
  await git(project, ['remote', 'add', 'origin', server.git])
  await git(project, ['push', '--quiet', 'origin', 'main', 'ledger'])
  await git(project, ['fetch', '--quiet', 'origin'])
})

afterAll(async () => {
  expect(server.unknown()).toEqual([])
  await server.close()
})

it('the job that judges has no token, and tells people and the next job how it is', async () => {
  const { code, outputs, summary, annotations, log } = await runStepProcess(project, 'monitor')
  expect(code, log).toBe(0)
  expect(outputs).toMatchObject({ outcome: 'monitored', level: 'wreck', version: '1', problem: '' })
  expect(summary).toMatch(/🚨 \*\*.*1.*\*\*/)
  expect(annotations).toMatchObject([
    { name: 'warning', message: expect.stringMatching(/Version 1 fails/) },
  ])
})

it('the job that may write refuses what is damaged, of another run, or of another branch', async () => {
  const other = { GITHUB_RUN_ID: '4711' }
  expect((await respond({ env: other })).outputs.problem).toMatch(/of another run/)
  const branch = { GITHUB_REF: 'refs/heads/mine', GITHUB_REF_NAME: 'mine' }
  expect((await respond({ env: branch })).outputs.problem).toMatch(/says nothing about production/)
  await writeFile(join(project, '.cd4ml/health/record.json'), '{"format":"cd4ml-health/1"}')
  const damaged = await respond()
  expect([damaged.code, damaged.outputs.outcome]).toEqual([1, ''])
  expect(server.dispatches).toEqual([])
  await runStep(project, 'monitor')
})

it('it keeps the record, tells people in one issue, and starts one retraining that names the record', async () => {
  const first = await respond({}, runStepProcess)
  expect(first.code, first.log).toBe(0)
  expect(first.outputs).toMatchObject({
    outcome: 'appended',
    issue: 'opened',
    retraining: 'started',
    problem: '',
  })
  const { id } = first.outputs
  expect(server.dispatches).toMatchObject([{ inputs: { health: id }, ref: 'main' }])
  expect(JSON.parse(await git(server.git, ['show', `ledger:health/${id}.json`]))).toMatchObject({
    production: { version: 1 },
    standing: { level: 'wreck' },
  })
  const { data } = await owner.api.rest.issues.listForRepo(DEMAND)
  expect(data).toMatchObject([
    { title: 'The model in production fails', html_url: first.outputs.url },
  ])
  expect(data[0].body).toContain('There is no earlier version')

  const again = await respond()
  expect(again.outputs).toMatchObject({
    outcome: 'unchanged',
    id,
    issue: 'unchanged',
    retraining: 'was started',
  })
})

it('a job without the right to start workflows is told which it needs, and people are told all the same', async () => {
  const permissions = ['contents: write', 'issues: write', 'metadata: read'] as const
  const token = server.tokenFor({ login: 'github-actions[bot]', type: 'Bot', permissions })
  const { code, outputs } = await respond({ with: { token } })
  expect([code, outputs.issue]).toEqual([1, 'unchanged'])
  expect(outputs.problem).toMatch(/`actions: (read|write)`/)
})

function respond(step: Step = {}, run = runStep): Promise<Outcome> {
  return run(project, 'respond', {
    ...step,
    with: { token: server.token, ...step.with },
    env: { GITHUB_API_URL: server.url, ...step.env },
  })
}
