import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { connect, type GitHub } from '../../src/github/client.ts'
import { type Outcome, runStep } from '../end-to-end/action-steps.ts'
import { type FakeGitHub, startGitHub } from '../github/server.ts'
import { newProject } from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

const NIGHT = 'sales/2026-11-26'
const NEW = 'data/sales/2025.csv'
const LATER = 'data/sales/2026.csv'
const CONTRACT = 'data/datapackage.json'
const DEMAND = { owner: 'shop', repo: 'demand' }

/** Three years: main has the first, the night brings the second, another night the third. */
const sales = dataFiles(salesOf({ products: productIds(3), frequency: 'week', periods: 120 }))
const { [NEW]: night, [LATER]: later, ...before } = sales

let server: FakeGitHub
let owner: GitHub
/** The extraction's clone, and what the job checks out. */
let extraction: string
let job: string

beforeEach(async () => {
  server = await startGitHub()
  owner = connect({ token: server.ownerToken, repository: server.repository, apiUrl: server.url })
  extraction = await newProject({ ...before, ...recipe('seasonal-naive: {}') })
  await git(extraction, ['remote', 'add', 'origin', server.git])
  await git(extraction, ['push', '--quiet', 'origin', 'main'])
  job = await copyOf(extraction)
  await git(extraction, ['switch', '--quiet', '--create', NIGHT])
})

afterEach(async () => {
  await server.close()
  expect(server.unknown()).toEqual([])
})

describe('a branch of new sales', () => {
  it('becomes one pull request with what validation found, brought up to date in its place', async () => {
    await push({ [NEW]: night })
    const opened = await propose()
    expect(opened.outputs).toMatchObject({ outcome: 'opened', merging: 'by a person', problem: '' })
    const [pull, ...others] = await pulls()
    expect(others).toEqual([])
    expect(pull.title).toMatch(/^New sales until \d{4}-\d\d-\d\d: 1 file$/)
    expect(pull.body).toMatch(/The sales can be used/)
    expect(pull.body).toMatch(/\| data\/sales\/2025\.csv \| new \| [\d,]+ \| 0 \|/)

    expect((await propose()).outputs.outcome).toBe('unchanged')
    await push({ [LATER]: later })
    expect((await propose()).outputs.outcome).toBe('updated')
    expect((await pulls()).map(({ title }) => title)).toEqual([expect.stringMatching('2 files')])
  })

  it('with the sales that main has disturbs nobody', async () => {
    await git(extraction, ['push', '--quiet', 'origin', `main:refs/heads/${NIGHT}`])
    const { code, outputs } = await propose()
    expect([code, outputs.outcome]).toEqual([0, 'nothing new'])
    expect(await pulls()).toEqual([])
  })

  it('that began before the last one was merged takes nothing of that back', async () => {
    await push({ [NEW]: night })
    await git(extraction, ['switch', '--quiet', 'main'])
    await put(extraction, { [LATER]: later })
    await commitAll(extraction, 'Merge the sales of the night before')
    await git(extraction, ['push', '--quiet', 'origin', 'main'])
    await git(job, ['pull', '--quiet', 'origin', 'main'])
    const { summary } = await propose()
    expect(summary).toContain('| data/sales/2025.csv | new |')
    expect(summary).not.toContain('data/sales/2026.csv')
  })

  it('that cannot be read fails the run, and no pull request asks for it', async () => {
    await push({ [NEW]: 'what,is,this\n1,2,3\n' })
    const { code, outputs } = await propose()
    expect([code, outputs.outcome]).toEqual([1, 'invalid'])
    expect(outputs.problem).toMatch(/invalid: 1 file cannot be trusted/)
    expect(await pulls()).toEqual([])
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'changes a recipe, too',
      () => push({ [NEW]: night, ...recipe('theta: {}') }),
      /data\/ alone, but this one recipe\.yml, too.*sales\//,
    ],
    [
      'brings something to execute',
      async () => {
        await push({ [NEW]: night })
        await chmod(join(extraction, NEW), 0o755)
        await commitAndPush()
      },
      /plain files, but data\/sales\/2025\.csv has the mode 100755/,
    ],
    [
      'changes lines that main has changed meanwhile',
      async () => {
        await push({ [NEW]: night })
        await put(job, { [NEW]: later })
        await commitAll(job, 'The same night, otherwise')
      },
      /same lines.*Make the branch anew/,
    ],
  ])('that %s is refused with what to do', async (_, change, problem) => {
    await change()
    const { code, outputs } = await propose({ merge: 'itself' })
    expect([code, outputs.problem]).toEqual([1, expect.stringMatching(problem)])
    expect(await pulls()).toEqual([])
  })
})

describe('where the owner lets new sales merge themselves', () => {
  it('they wait for the required checks, and are on main once those have passed', async () => {
    await allowAutoMerge()
    await requireExperiment()
    const commit = await push({ [NEW]: night })
    expect((await propose({ merge: 'itself' })).outputs.merging).toBe('waits for the rules')
    expect((await propose({ merge: 'itself' })).outputs.merging).toBe('waits for the rules')
    expect(await isOnMain(NEW)).toBe(false)
    await passExperiment(commit)
    expect(await isOnMain(NEW)).toBe(true)
    expect(await pulls()).toEqual([])
  })

  it('they are merged at once where no rule asks for anything', async () => {
    await allowAutoMerge()
    await push({ [NEW]: night })
    expect((await propose({ merge: 'itself' })).outputs.merging).toBe('merged')
    expect(await isOnMain(NEW)).toBe(true)
  })

  it('but GitHub does not, the pull request stays, and the run says which setting it is', async () => {
    await requireExperiment()
    await push({ [NEW]: night })
    const { code, outputs, annotations } = await propose({ merge: 'itself' })
    expect([code, outputs.outcome, outputs.merging]).toEqual([0, 'opened', 'refused'])
    expect(annotations).toMatchObject([
      { name: 'warning', message: expect.stringContaining('Allow auto-merge') },
    ])
  })

  it.each<[string, () => Promise<unknown>]>([
    [
      'says anew what the sales mean',
      async () => await put(extraction, { [CONTRACT]: `${before[CONTRACT]}\n` }),
    ],
    [
      'takes away what was sold before',
      async () => await rm(join(extraction, 'data/sales/2024.csv')),
    ],
  ])('a push that %s waits for a person, whatever was allowed before', async (_, change) => {
    await allowAutoMerge()
    await requireExperiment()
    await push({ [NEW]: night })
    await propose({ merge: 'itself' })
    await change()
    const commit = await commitAndPush()
    expect((await propose({ merge: 'itself' })).outputs.merging).toBe('by a person')
    await passExperiment(commit)
    const [pull] = await pulls()
    expect(pull.body).toMatch(/a person has to look at it/)
  })
})

async function push(files: Record<string, string>): Promise<string> {
  await put(extraction, files)
  return await commitAndPush()
}

async function commitAndPush(): Promise<string> {
  const commit = await commitAll(extraction, 'Add the sales of the night')
  await git(extraction, ['push', '--quiet', 'origin', `HEAD:refs/heads/${NIGHT}`])
  await git(job, ['fetch', '--quiet', 'origin'])
  return commit
}

/** The step of the workflow, on the newest commit of the branch. */
async function propose(inputs: Record<string, string> = {}): Promise<Outcome> {
  await git(job, ['reset', '--quiet', '--hard', 'main'])
  const commit = (await git(server.git, ['rev-parse', `refs/heads/${NIGHT}`])).trim()
  return await runStep(job, 'propose-sales', {
    with: { token: server.token, branch: NIGHT, commit, ...inputs },
    env: { GITHUB_API_URL: server.url },
  })
}

async function pulls() {
  return (await owner.api.rest.pulls.list(DEMAND)).data
}

async function isOnMain(path: string): Promise<boolean> {
  return (await git(server.git, ['ls-tree', '--name-only', 'main', path])) !== ''
}

async function allowAutoMerge(): Promise<void> {
  await owner.api.rest.repos.update({ ...DEMAND, allow_auto_merge: true })
}

async function requireExperiment(): Promise<void> {
  await owner.api.rest.repos.createRepoRuleset({
    ...DEMAND,
    name: 'main',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'experiment' }],
        },
      },
    ],
  })
}

async function passExperiment(commit: string): Promise<void> {
  const { api } = connect({
    token: server.token,
    repository: server.repository,
    apiUrl: server.url,
  })
  await api.rest.checks.create({
    ...DEMAND,
    name: 'experiment',
    head_sha: commit,
    conclusion: 'success',
  })
}
