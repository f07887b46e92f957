import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { REPOSITORY } from '../project.ts'
import { commitAll, initialise, put, temporaryFolder } from '../repository.ts'
import { runWorkflow } from './act.ts'

const BRANCH = `feature/"$(touch\${IFS}pwned)\`x\`'`

it('executes what the real workflows are made of, so that their scenarios mean something', async () => {
  const origin = await fixture()
  const commit = (await git(origin, ['rev-parse', BRANCH])).trim()
  const run = await runWorkflow({
    act: inject('act'),
    origin,
    commit,
    workflow: 'fixture.yml',
    event: 'push',
    payload: { ref: `refs/heads/${BRANCH}`, after: commit, deleted: false },
    env: { GITHUB_REPOSITORY: 'shop/demand', GITHUB_SERVER_URL: 'http://127.0.0.1:9' },
    tokenFor: (permissions) => `may ${permissions.join(', ')}`,
  })

  expect(run.jobs, run.log).toEqual({
    greet: 'success',
    fails: 'failure',
    skipped: 'skipped',
    'called/answer': 'success',
    all: 'success',
  })
  expect(run.result).toBe('failure')
  expect(run.outputs.all['results.results']).toBe('["success","failure","skipped","success"]')
  expect(run.outputs.all['results.answer']).toBe(`Hello, ${BRANCH}, and good bye`)
  expect(run.summary).toBe(`# Hello, ${BRANCH}\n`)
  expect(run.outputs.greet).toMatchObject({
    'greet.token': 'may contents: read, issues: write',
    'greet.default-token': 'may contents: read, issues: write',
  })
  expect(run.annotations).toEqual([
    { level: 'warning', message: `Hello, ${BRANCH}`, file: 'data/sales.csv' },
  ])
  expect(run.log).toMatch(/there is no way to fetch more/)
})

async function fixture(): Promise<string> {
  const folder = await temporaryFolder()
  await initialise(folder)
  await cp(join(import.meta.dirname, 'fixtures', 'harness'), folder, { recursive: true })
  await cp(join(REPOSITORY, 'package-lock.json'), join(folder, 'package-lock.json'))
  await put(folder, { '.gitignore': 'node_modules\n' })
  await commitAll(folder, 'Say hello')
  await git(folder, ['branch', BRANCH])
  return folder
}
