import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { connect, type GitHub } from '../../src/github/client.ts'
import { appendTo } from '../../src/github/ledger-branch.ts'
import { recordHealth } from '../../src/steps/monitoring/record-health.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { newProject, succeed } from '../project.ts'
import { commitAll, put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'
import { healthAt } from '../unit/monitoring/health/examples.ts'
import { type Outcome, runStep, runStepProcess, type Step } from './action-steps.ts'

// These go one road, in this order: what is proposed is merged, released, forecast with, rolled back.
const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 90 })
let server: FakeGitHub
let owner: GitHub
let project: string
/** The commit that the challenger was trained on. */
let trained: string

beforeAll(async () => {
  server = await startGitHub()
  owner = connect({ token: server.ownerToken, repository: server.repository, apiUrl: server.url })
  project = await newProject({ ...dataFiles(sales), ...recipe('seasonal-naive: {}') })
  for (const command of [['train'], ['compare'], ['promote', '--baseline']]) {
    await succeed(project, command)
  }
  await git(project, ['merge', '--quiet', '--ff-only', 'promotion/demand'])
  await git(project, ['branch', '--quiet', '-D', 'promotion/demand'])
  await put(project, recipe('moving-average: { window: [4, 8] }'))
  trained = await commitAll(project, 'Try the moving average')
  await git(project, ['remote', 'add', 'origin', server.git])
  await git(project, ['push', '--quiet', 'origin', 'main'])
  await git(project, ['fetch', '--quiet', 'origin'])
  await runStep(project, 'validate-data')
  await runStep(project, 'train')
  await runStep(project, 'compare')
})

afterAll(async () => {
  expect(server.unknown()).toEqual([])
  await server.close()
})

describe('an experiment on a branch', () => {
  const branch = { GITHUB_REF: 'refs/heads/window', GITHUB_REF_NAME: 'window' }

  it('without a pull request is reported on the page of the run alone', async () => {
    const { code, outputs, summary } = await talk('report', { env: branch })
    expect([code, outputs]).toEqual([0, { outcome: 'none', url: '', problem: '' }])
    expect(summary).toContain('Better')
  })

  it('has one comment on its pull request, brought up to date in its place', async () => {
    await git(project, ['push', '--quiet', 'origin', 'main~0:refs/heads/window'])
    await git(project, ['push', '--quiet', 'origin', '+main~1:refs/heads/old'])
    const { data } = await owner.api.rest.pulls.create({
      ...DEMAND,
      head: 'window',
      base: 'old',
      title: 'Try a window',
    })
    const created = await talk('report', { env: branch }, runStepProcess)
    expect(created.outputs).toMatchObject({ outcome: 'created', problem: '' })
    const onEvent = {
      env: { ...branch, GITHUB_EVENT_NAME: 'pull_request' },
      event: {
        pull_request: {
          number: data.number,
          head: { sha: 'c0ffee', repo: { full_name: 'shop/demand' } },
        },
      },
    }
    expect((await talk('report', onEvent)).outputs).toEqual({
      ...created.outputs,
      outcome: 'unchanged',
    })
    const failed = await talk('report', {
      ...onEvent,
      with: { out: 'nothing/here', problem: 'recipe.yml:3: is not valid YAML' },
    })
    expect(failed.outputs.outcome).toBe('updated')
    const comments = await owner.api.rest.issues.listComments({
      ...DEMAND,
      issue_number: data.number,
    })
    expect(comments.data).toHaveLength(1)
    expect(comments.data[0].body).toContain('recipe.yml')
    expect(comments.data[0].html_url).toBe(created.outputs.url)
  })

  it('from a fork is reported on the page of the run, since the token may not comment', async () => {
    const reader = server.tokenFor({
      login: 'github-actions[bot]',
      type: 'Bot',
      permissions: ['contents: read', 'pull-requests: read', 'issues: read'],
    })
    const { code, outputs, summary, annotations } = await talk('report', {
      with: { token: reader },
      event: {
        pull_request: {
          number: 1,
          head: { sha: 'c0ffee', repo: { full_name: 'stranger/demand' } },
        },
      },
    })
    expect([code, outputs.outcome]).toEqual([0, 'forbidden'])
    expect(annotations).toMatchObject([{ name: 'notice' }])
    expect(summary).toContain('Better')
  })
})

describe('a better model', () => {
  let number: number

  it('arrives as one pull request, whose checks wait for a person unless an App opens it', async () => {
    const first = await talk('promote', {}, runStepProcess)
    expect(first.code, first.log).toBe(0)
    expect(first.outputs).toMatchObject({ outcome: 'opened', version: '2', problem: '' })
    expect(first.masked).toContain(server.token)
    expect(first.summary).toContain('✅')
    number = Number(first.outputs.number)
    const { title, body, head } = await pull(number)
    expect(title).toContain('moving-average')
    expect(body).toContain('Approve workflows to run')
    expect([head.ref, head.sha]).toEqual(['promotion/demand', first.outputs.commit])

    const again = await talk('promote')
    expect(again.outputs).toEqual({ ...first.outputs, outcome: 'unchanged' })

    const app = server.tokenFor({ login: 'cd4ml-app[bot]', type: 'Bot', permissions: 'everything' })
    const byApp = await talk('promote', { with: { token: app } })
    expect(byApp.outputs).toMatchObject({ outcome: 'updated', number: String(number) })
    expect((await pull(number)).body).not.toContain('Approve workflows to run')
  })

  it('says why now where a health record of production has asked for it, and that it cannot where not', async () => {
    const production = { ...healthAt('degraded').production, version: 1 }
    const { id } = await recordHealth(appendTo(bot()), {
      record: healthAt('degraded', { production }),
      now: '2026-11-02T08:00:00.000Z',
    })
    const asked = await talk('promote', { with: { health: id } })
    expect(asked.outputs).toMatchObject({ outcome: 'updated', number: String(number) })
    expect((await pull(number)).body).toMatch(
      /### Why now[\s\S]*Version 1 forecasts worse than its backtest promised/,
    )
    const unknown = await talk('promote', { with: { health: '20261102T080000000Z-00000000' } })
    expect(unknown.annotations).toMatchObject([
      { name: 'warning', message: expect.stringMatching(/not in the ledger/) },
    ])
    expect((await pull(number)).body).not.toContain('Why now')
    const free = await talk('promote', { with: { health: '](https://evil.example) $(id)' } })
    expect([free.code, free.outputs.problem]).toEqual([1, expect.stringMatching(/input health/)])
  })

  it('is proved by the check, and merging it is the deployment', async () => {
    await git(project, ['fetch', '--quiet', 'origin'])
    const verified = await runStep(project, 'verify-promotion', {
      with: { rev: 'origin/promotion/demand' },
    })
    expect(verified.outputs).toEqual({ outcome: 'verified', version: '2', problem: '' })
    await merge(number)
  })

  it('gets its tag and release once, whoever runs the step again', async () => {
    const created = await talk('release', {}, runStepProcess)
    expect(created.outputs).toMatchObject({ outcome: 'created', version: '2', tag: 'model/v2' })
    const { data } = await owner.api.rest.repos.getReleaseByTag({ ...DEMAND, tag: 'model/v2' })
    expect(data.assets.map(({ name }) => name).sort()).toEqual([
      'README.md',
      'evaluation.json',
      'manifest.json',
      'model.json',
    ])
    expect(data.html_url).toBe(created.outputs.url)
    expect((await talk('release')).outputs).toEqual({ ...created.outputs, outcome: 'unchanged' })
  })

  it('forecasts, and the ledger has the forecasts and what led to the model', async () => {
    const made = await runStep(project, 'forecast')
    expect(made.outputs).toMatchObject({ outcome: 'made', version: '2' })
    const record = { with: EVERYTHING, env: { GITHUB_SHA: trained } }
    const recorded = await talk('record', record, runStepProcess)
    expect(recorded.outputs).toMatchObject({ outcome: 'appended', problem: '' })
    const files = await ledgerFiles()
    expect(files.filter((path) => /^runs\/.*\.json$/.test(path))).toHaveLength(2)
    expect(files.filter((path) => /^content\/.*\.ndjson\.gz$/.test(path))).toHaveLength(1)
    expect(files).toEqual(expect.arrayContaining(['forecasts.csv', 'orders.csv', 'orders.md']))
    const readme = await ledgerFile('README.md')
    expect(readme).toContain('by v2')
    expect(readme).toContain('moving-average')
    for (const [, path] of readme.matchAll(/blob\/ledger\/([^)]+)\)/g))
      expect(files).toContain(path)
    expect((await talk('record', record)).outputs).toEqual({
      ...recorded.outputs,
      outcome: 'unchanged',
    })
  })

  it('publishes no forecasts that a branch has made, and fails, so that somebody looks', async () => {
    const { code, outputs, annotations, summary } = await talk('record', {
      with: { forecasts: EVERYTHING.forecasts },
      env: { GITHUB_REF: 'refs/heads/attack', GITHUB_REF_NAME: 'attack' },
    })
    expect([code, outputs.outcome]).toEqual([1, 'none'])
    expect(outputs.problem).toMatch(/only main publishes/)
    expect(annotations.map(({ name }) => name)).toEqual(['warning', 'error'])
    expect(summary).toContain('1 record left out')
  })

  it('leaves its last forecasts in place, marked with their age, where no newer ones can be made', async () => {
    expect(
      (await talk('record', { with: { runs: 'none', forecasts: 'none' } })).outputs.outcome,
    ).toBe('none')
    const problem = 'The data is\ninvalid: @everyone, see #1.'
    const kept = await talk('record', { with: { problem } })
    expect(kept.outputs.outcome).toBe('appended')
    const readme = await ledgerFile('README.md')
    expect(readme).toMatch(/\d+ days? old/)
    expect(readme).not.toMatch(/@everyone|#1\b/)
    expect(readme).toContain('by v2')
  })

  it('can be rolled back by its number, as a pull request without training', async () => {
    const asked = { to: '1', reason: 'Forecasts of @bakery are `far` too high, see #1' }
    const opened = await talk('rollback', { with: asked }, runStepProcess)
    expect(opened.code, opened.log).toBe(0)
    expect(opened.outputs).toMatchObject({ outcome: 'opened', version: '3' })
    expect((await talk('rollback', { with: asked })).outputs.outcome).toBe('unchanged')
    const { body, labels } = await pull(Number(opened.outputs.number))
    expect(body).not.toMatch(/@bakery|#1\b/)
    expect(labels.map(({ name }) => name)).toEqual(['cd4ml rollback'])
    await git(project, ['fetch', '--quiet', 'origin'])
    const verified = await runStep(project, 'verify-promotion', {
      with: { rev: 'origin/promotion/demand' },
    })
    expect(verified.outputs.outcome).toBe('verified')
  })
})

describe('a comparison that is over', () => {
  it('proposes nothing, and the outputs say why', async () => {
    const { code, outputs, annotations } = await talk('promote')
    expect([code, outputs.outcome, outputs.number]).toEqual([1, 'refused', ''])
    expect(outputs.problem).toMatch(/compared with version 1 .*has version 2 .*compare it again/)
    expect(annotations).toMatchObject([{ name: 'error', message: outputs.problem }])
  })
})

describe('what nobody watches', () => {
  const watched = { key: 'retrain', title: 'Retraining fails', workflow: 'retrain.yml' }

  it('says in one issue that it fails, and closes it when it works', async () => {
    const failing = { ...watched, state: 'failing', reason: 'train: failure' }
    const opened = await talk('alert', { with: failing }, runStepProcess)
    expect(opened.outputs).toMatchObject({ outcome: 'opened', problem: '' })
    expect((await talk('alert', { with: failing })).outputs).toEqual({
      ...opened.outputs,
      outcome: 'unchanged',
    })
    const works = await talk('alert', { with: { ...watched, state: 'ok' } })
    expect(works.outputs).toEqual({ ...opened.outputs, outcome: 'closed' })
    expect((await talk('alert', { with: { ...watched, state: 'ok' } })).outputs.outcome).toBe(
      'none',
    )
  })

  it('says that it is overdue where it has not succeeded for long', async () => {
    const overdue = { ...watched, key: 'retrain-overdue', 'overdue-days': '14' }
    expect((await talk('alert', { with: overdue })).outputs.outcome).toBe('opened')
  })

  it('must be told what to look at', async () => {
    const { code, annotations } = await talk('alert', { with: { key: 'x', title: 'X' } })
    expect(code).toBe(1)
    expect(annotations[0].message).toMatch(/neither a state, nor a workflow/)
  })
})

describe('a token that may not', () => {
  it('is named with the permission that is missing, and never shown', async () => {
    const token = server.tokenFor({
      login: 'github-actions[bot]',
      type: 'Bot',
      permissions: ['contents: read'],
    })
    const { code, annotations, log, summary } = await talk(
      'record',
      {
        with: { token, problem: 'The data is invalid.' },
      },
      runStepProcess,
    )
    expect(code).toBe(1)
    expect(annotations).toHaveLength(1)
    expect(annotations[0].message).toContain('`contents: write`')
    expect(summary).toContain('❌')
    expect(log.replace(`::add-mask::${token}`, '') + summary).not.toContain(token)
  })
})

const EVERYTHING = { runs: '.cd4ml/runs', forecasts: '.cd4ml/forecasts' }
const DEMAND = { owner: 'shop', repo: 'demand' }

function bot(): GitHub {
  const { token, repository, url } = server
  return connect({ token, repository, apiUrl: url })
}

function talk(action: string, step: Step = {}, run = runStep): Promise<Outcome> {
  const opens = action === 'promote' || action === 'rollback'
  const tokens = { token: server.token, ...(opens && { 'workflow-token': server.token }) }
  return run(project, action, {
    ...step,
    with: { ...tokens, ...step.with },
    env: { GITHUB_API_URL: server.url, ...step.env },
  })
}

async function pull(number: number) {
  return (await owner.api.rest.pulls.get({ ...DEMAND, pull_number: number })).data
}

/** As GitHub's button does; the clone follows. */
async function merge(number: number): Promise<void> {
  await owner.api.rest.pulls.merge({ ...DEMAND, pull_number: number })
  await git(project, ['pull', '--quiet', '--ff-only', 'origin', 'main'])
}

async function ledgerFiles(): Promise<string[]> {
  return (await git(server.git, ['ls-tree', '-r', '--name-only', 'ledger'])).trim().split('\n')
}

async function ledgerFile(path: string): Promise<string> {
  return await git(server.git, ['show', `ledger:${path}`])
}
