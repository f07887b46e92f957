import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { git } from '../../../src/base/git.ts'
import { connect, type GitHub } from '../../../src/github/client.ts'
import { type Outcome, runStep } from '../../end-to-end/action-steps.ts'
import { type FakeGitHub, startGitHub } from '../../github/server.ts'
import { newProject } from '../../project.ts'
import { copyOf } from '../../repository.ts'
import { contractWith, HEADER, rowsOf } from './warehouse-fixture.ts'

const DEMAND = { owner: 'shop', repo: 'demand' }
const BRANCH = 'sales/warehouse'

let server: FakeGitHub
let owner: GitHub
/** What the job checks out. */
let job: string

/** A project whose warehouse is a table beside the checkout. */
beforeEach(async () => {
  server = await startGitHub()
  owner = connect({ token: server.ownerToken, repository: server.repository, apiUrl: server.url })
  const command = ['awk', '-F,', 'NR == 1 || ($1 >= "{from}" && $1 <= "{until}")', 'table.csv']
  const contract = contractWith({ engine: 'program', command, revisedDays: 7 })
  const start = await newProject({
    'data/datapackage.json': JSON.stringify(contract, null, 2),
    '.gitignore': '.cd4ml\ntable.csv\n',
    'project.yml': 'timeZone: UTC\nlanguage: en\n',
  })
  await git(start, ['remote', 'add', 'origin', server.git])
  await git(start, ['push', '--quiet', 'origin', 'main'])
  job = await copyOf(start)
})

afterEach(async () => {
  await server.close()
  expect(server.unknown()).toEqual([])
})

describe('the sales of a warehouse', () => {
  it('become one pull request, which later nights bring up to date until somebody merges it', async () => {
    await load(rowsOf('2026-09-01', '2026-09-20'))
    const opened = await ingest('2026-09-20')
    expect(opened.outputs).toMatchObject({ outcome: 'opened', merging: 'by a person', problem: '' })
    const [pull, ...others] = await pulls()
    expect(others).toEqual([])
    expect(pull.title).toBe('New sales until 2026-09-20: 1 file')
    expect(pull.body).toMatch(/asked for 2026-09-01 to 2026-09-20/)
    expect(pull.body).toMatch(/New days: 20 \(2026-09-01 to 2026-09-20\)/)

    await load(rowsOf('2026-09-01', '2026-10-02'))
    expect((await ingest('2026-10-02')).outputs).toMatchObject({
      outcome: 'updated',
      number: String(pull.number),
    })
    expect(await filesOf(BRANCH)).toEqual(['2026-09.csv', '2026-10.csv'])
  })

  it('that stand in the pull request already change neither it nor the branch', async () => {
    await load(rowsOf('2026-09-01', '2026-09-20'))
    await ingest('2026-09-20')
    const before = await head(BRANCH)
    expect((await ingest('2026-09-20')).outputs.outcome).toBe('unchanged')
    expect(await head(BRANCH)).toBe(before)
  })

  it('that main has disturb nobody, also where the warehouse took back what was proposed', async () => {
    await load(rowsOf('2026-09-01', '2026-09-20'))
    await ingest('2026-09-20')
    await merge()
    await load(rowsOf('2026-09-01', '2026-09-20', () => 13))
    expect((await ingest('2026-09-20')).outputs.outcome).toBe('opened')
    await load(rowsOf('2026-09-01', '2026-09-20'))
    expect((await ingest('2026-09-20')).outputs.outcome).toBe('nothing new')
    expect(await pulls()).toEqual([])
  })

  it('that are doubtful fail the run with what to do, and are taken where somebody says so', async () => {
    await load([...rowsOf('2026-09-01', '2026-09-20'), ...rowsOf('2026-11-01', '2026-11-20')])
    const doubted = await ingest('2026-11-20')
    expect([doubted.code, doubted.outputs.problem]).toEqual([1, expect.stringMatching(/gap/)])
    expect(await pulls()).toEqual([])
    expect(await head(BRANCH)).toBeUndefined()
    expect((await ingest('2026-11-20', { accept: 'gap' })).outputs.outcome).toBe('opened')
  })

  it('that cannot be trusted are proposed to nobody', async () => {
    await load(rowsOf('2026-09-01', '2026-09-20', () => -5))
    const { code, outputs } = await ingest('2026-09-20')
    expect([code, outputs.outcome === 'opened']).toEqual([1, false])
    expect(await head(BRANCH)).toBeUndefined()
  })

  it('that git ignores fail the run, and are not taken for nothing new', async () => {
    await load(rowsOf('2026-09-01', '2026-09-20'))
    await writeFile(join(job, '.git', 'info', 'exclude'), '*.csv\n')
    const { code, outputs } = await ingest('2026-09-20')
    expect([code, outputs.problem]).toEqual([
      1,
      expect.stringMatching(/2026-09\.csv.*git ignores it/),
    ])
    expect(await head(BRANCH)).toBeUndefined()
  })

  it('of days on which nothing came though they usually sell are warned of', async () => {
    await load(rowsOf('2026-09-01', '2026-10-18'))
    const { code, annotations, summary } = await ingest('2026-10-20')
    expect(code).toBe(0)
    expect(annotations.map(({ name, message }) => [name, message.slice(0, 32)])).toEqual([
      ['warning', 'No rows have come for 2026-10-19'],
      ['warning', 'No rows have come for 2026-10-20'],
    ])
    expect(summary).toMatch(/nothing has come yet.*: 2 \(2026-10-19 to 2026-10-20\)/)
  })

  it('merge themselves where the owner lets them', async () => {
    await owner.api.rest.repos.update({ ...DEMAND, allow_auto_merge: true })
    await load(rowsOf('2026-09-01', '2026-09-20'))
    expect((await ingest('2026-09-20', { merge: 'itself' })).outputs.merging).toBe('merged')
    expect(await filesOf('main')).toEqual(['2026-09.csv'])
  })
})

/** What the warehouse holds from now on. */
async function load(rows: string[]): Promise<void> {
  const table = join(job, 'table.csv')
  await writeFile(`${table}.new`, `${[HEADER, ...rows].join('\n')}\n`)
  await rename(`${table}.new`, table)
}

/** The step of the workflow, on a fresh checkout of main. */
async function ingest(until: string, inputs: Record<string, string> = {}): Promise<Outcome> {
  await git(job, ['fetch', '--quiet', 'origin', 'main'])
  await git(job, ['reset', '--quiet', '--hard', 'FETCH_HEAD'])
  return await runStep(job, 'ingest', {
    with: { token: server.token, until, ...inputs },
    env: { GITHUB_API_URL: server.url, PATH: process.env.PATH ?? '' },
  })
}

async function merge(): Promise<void> {
  const [{ number }] = await pulls()
  await owner.api.rest.pulls.merge({ ...DEMAND, pull_number: number })
}

async function pulls() {
  return (await owner.api.rest.pulls.list(DEMAND)).data
}

async function head(branch: string): Promise<string | undefined> {
  const refs = await git(server.git, [
    'for-each-ref',
    '--format=%(objectname)',
    `refs/heads/${branch}`,
  ])
  return refs.trim() || undefined
}

async function filesOf(branch: string): Promise<string[]> {
  const names = await git(server.git, ['ls-tree', '--name-only', branch, 'data/sales/'])
  return names
    .trim()
    .split('\n')
    .map((name) => name.slice('data/sales/'.length))
}
