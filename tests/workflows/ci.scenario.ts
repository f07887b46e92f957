import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, inject, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { REPOSITORY } from '../project.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'
import { runWorkflow } from './act.ts'
import type { WorkflowRun } from './act-log.ts'

const SCRIPTS = ['lint', 'types', 'lint:workflows', 'test', 'test:workflows']
const ALL = { changed: 'success', code: 'success', tests: 'success', road: 'success' }

let origin: string
let before: string

// The suite is not what is tested here: each of its scripts says its name.
beforeAll(async () => {
  origin = await temporaryFolder()
  await initialise(origin)
  await cp(join(REPOSITORY, '.github'), join(origin, '.github'), { recursive: true })
  await cp(join(REPOSITORY, 'package-lock.json'), join(origin, 'package-lock.json'))
  const scripts = Object.fromEntries(SCRIPTS.map((name) => [name, `echo "ran ${name}"`]))
  await put(origin, {
    'package.json': JSON.stringify({ private: true, scripts }),
    '.gitignore': 'node_modules\n',
    'data/sales.csv': 'product\n',
  })
  before = await commitAll(origin, 'Start')
})

it('reports the required check without the suite where only data and recipe have changed', async () => {
  const head = await branch('sales', { 'data/more.csv': 'product\n', 'recipe.yml': 'x\n' })
  for (const run of [await pullRequest(head, before), await push(head, before)]) {
    expect(run.jobs, run.log).toEqual({
      changed: 'success',
      code: 'skipped',
      tests: 'skipped',
      road: 'skipped',
      all: 'success',
    })
    expect(run.result).toBe('success')
    expect(run.summary).toMatch(/The code is as before/)
  }
})

it('runs the whole suite where code has changed, or nobody knows what has', async () => {
  const head = await branch('code', { 'data/more.csv': 'product\n', 'src/x.ts': 'x\n' })
  const sales = await branch('pushed-by-force', { 'data/more.csv': 'product\n' })
  for (const run of [await pullRequest(head, before), await push(sales, '1'.repeat(40))]) {
    expect(run.jobs, run.log).toEqual({ ...ALL, all: 'success' })
    for (const name of SCRIPTS) expect(run.log).toMatch(new RegExp(`ran ${name}$`, 'm'))
  }
})

it('fails the required check where a job of the suite fails, or what has changed cannot be asked', async () => {
  const scripts = { test: 'exit 1' }
  const failing = await branch('failing', { 'package.json': JSON.stringify({ scripts }) })
  const failed = await pullRequest(failing, before)
  expect(failed.jobs).toMatchObject({ changed: 'success', tests: 'failure', all: 'failure' })

  const broken = await branch('broken', { '.github/actions/changed/action.yml': BROKEN })
  const unasked = await pullRequest(broken, before)
  expect(unasked.jobs, unasked.log).toEqual({ ...ALL, changed: 'failure', all: 'failure' })
})

const BROKEN = `name: Broken
description: Fails before it has an answer.
outputs:
  code: { description: None., value: '' }
runs:
  using: composite
  steps: [{ run: exit 1, shell: bash }]
`

async function branch(name: string, files: Record<string, string>): Promise<string> {
  await git(origin, ['switch', '--quiet', '--create', name, 'main'])
  await put(origin, files)
  return await commitAll(origin, 'Change it')
}

async function pullRequest(head: string, base: string): Promise<WorkflowRun> {
  const payload = { action: 'opened', number: 1, pull_request: { number: 1, base: { sha: base } } }
  return await run(head, 'pull_request', payload)
}

async function push(head: string, from: string): Promise<WorkflowRun> {
  return await run(head, 'push', { ref: 'refs/heads/main', before: from, after: head })
}

async function run(commit: string, event: string, payload: object): Promise<WorkflowRun> {
  return await runWorkflow({
    act: inject('act'),
    origin,
    commit,
    workflow: 'ci.yml',
    event,
    payload,
    env: { GITHUB_REPOSITORY: 'shop/demand', GITHUB_SERVER_URL: 'http://127.0.0.1:9' },
    tokenFor: (permissions) => `may ${permissions.join(', ')}`,
  })
}
