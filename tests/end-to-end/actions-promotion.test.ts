import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/git.ts'
import { connect, type GitHub } from '../../src/github/client.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { newProject, succeed } from '../project.ts'
import { commitAll, put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'
import { type Outcome, runStep } from './action-process.ts'

// One road for all of them: what is proposed, merged, released and rolled back is the same model.
const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 90 })
let server: FakeGitHub
let owner: GitHub
let project: string

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
  await commitAll(project, 'Try the moving average')
  await git(project, ['remote', 'add', 'origin', server.git])
  await git(project, ['push', '--quiet', 'origin', 'main'])
  await git(project, ['fetch', '--quiet', 'origin'])
  await succeed(project, ['train'])
  await succeed(project, ['compare'])
})

afterAll(async () => {
  expect(server.unknown()).toEqual([])
  await server.close()
})

describe('a better model', () => {
  it('arrives as one pull request, whose checks wait for a person unless an App opens it', async () => {
    const first = await talk('promote')
    expect(first.code, first.log).toBe(0)
    expect(first.outputs).toMatchObject({
      outcome: 'opened',
      number: '1',
      version: '2',
      problem: '',
    })
    expect(first.masked).toContain(server.token)
    expect(first.summary).toContain('✅')
    const { title, body, head } = (await pull(1)).data
    expect(title).toContain('moving-average')
    expect(body).toContain('Approve workflows to run')
    expect([head.ref, head.sha]).toEqual(['promotion/demand', first.outputs.commit])

    const again = await talk('promote')
    expect(again.outputs).toEqual({ ...first.outputs, outcome: 'unchanged' })

    const app = server.tokenFor({ login: 'cd4ml-app[bot]', type: 'Bot', permissions: 'everything' })
    const byApp = await talk('promote', { token: app })
    expect(byApp.outputs).toMatchObject({ outcome: 'updated', number: '1' })
    expect((await pull(1)).data.body).not.toContain('Approve workflows to run')
  })
})

function talk(action: string, inputs: Record<string, string> = {}): Promise<Outcome> {
  const tokens = {
    token: server.token,
    ...(action in OPENING && { 'workflow-token': server.token }),
  }
  return runStep(project, action, {
    with: { ...tokens, ...inputs },
    env: { GITHUB_API_URL: server.url },
  })
}

const OPENING = { promote: true, rollback: true }

function pull(number: number) {
  return owner.api.rest.pulls.get({ owner: 'shop', repo: 'demand', pull_number: number })
}
