import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { git } from '../../src/base/git.ts'
import { weekLine } from '../../src/commands/simulate-text.ts'
import { liveOn, type SimulatedWeek } from '../../src/steps/simulation/live-on.ts'
import { cd4ml, newProject, succeed } from '../project.ts'
import { commitAll, put, temporaryFolder } from '../repository.ts'
import { quickTemplate } from '../simulated-chain.ts'

let project: string
let folder: string
let weeks: SimulatedWeek[]
let before: string[]

beforeAll(async () => {
  project = await quickTemplate()
  const policy = join('model-registry', 'policy.yml')
  const shipped = await readFile(join(project, policy), 'utf8')
  // Every week calls for a retraining, and none is better than the first version. Of six products one
  // that runs out is much of the demand: such a week counts as well.
  const watchful = shipped
    .replace(/^ {2}watch: 1$/m, '  watch: 0.01')
    .replace(/^ {2}knownDemand: 0.80$/m, '  knownDemand: 0.50')
  await put(project, { [policy]: watchful })
  await commitAll(project, 'Watch closely')
  before = await stateOf(project)
  folder = join(await temporaryFolder(), 'chain')
  weeks = await lived(folder, 2)
}, 120_000)

describe('a chain that lives on', () => {
  it('leaves the project that it began with as it was, and no way from one to the other', async () => {
    expect(await stateOf(project)).toEqual(before)
    expect(await git(folder, ['remote'])).toBe('')
    expect(
      (await git(folder, ['rev-list', '--max-parents=0', 'main'])).trim().split('\n'),
    ).toHaveLength(1)
  })

  it('commits what was sold, and publishes, decides and monitors on the branch of records', async () => {
    expect(weeks.map(({ week, through }) => [week, through])).toEqual([
      [1, '2026-11-08'],
      [2, '2026-11-15'],
    ])
    expect(weeks.map(({ health }) => health.blocks.length)).toEqual([1, 2])
    expect(weeks[1].health.blocks.map(({ forecasts }) => forecasts)).toEqual([
      'published',
      'published',
    ])
    const log = await git(folder, ['log', '--format=%s', '--reverse', 'main'])
    expect(log).toMatch(/Add sales through 2026-11-01\n.*2026-11-08\n.*2026-11-15\n$/)
    const recorded = await git(folder, ['log', '--format=%s', 'ledger'])
    expect(recorded).toMatch(
      /^Record 2 runs\nRecord the health of version 1: watch\nRecord \d+ decisions? from files\nRecord forecasts of version 1\n/,
    )
    expect(await git(folder, ['status', '--porcelain'])).toBe('')
  })

  it('tries beside production what retraining could not tell from it, and shows that and the runs', async () => {
    const [begun, tried] = weeks
    const name = begun.shadow!.name
    expect(weekLine(begun, [])).toContain(`production stays; ${name} begins to forecast beside it`)
    expect(weekLine(tried, [])).toMatch(/production stays$/)
    // By then it has been fitted again; what is judged are the forecasts that it published.
    expect(tried.health.shadow).toMatchObject({
      outcome: 'judged',
      shadow: begun.shadow,
      from: '2026-11-09',
      blocks: 1,
    })
    expect(tried.retrained?.evaluation.shadow).toMatchObject({ digest: begun.shadow!.model })
    await succeed(folder, ['dashboard'])
    const page = (file: string) => readFile(join(folder, '.cd4ml', 'dashboard', file), 'utf8')
    expect(await page('shadow.html')).toContain(begun.shadow!.model.slice(0, 10))
    expect((await page('experiments.html')).match(/not distinguishable/gi)).toHaveLength(2)
  })

  it('is the same to the commit when it is lived again, also after it was interrupted', async () => {
    const again = join(await temporaryFolder(), 'again')
    for await (const week of chain(again, 2)) {
      expect(week).toEqual(weeks[0])
      break
    }
    expect(await stateOf(project)).toEqual(before)
    expect(await lived(again, 2)).toEqual(weeks)
    expect(await refsOf(again)).toBe(await refsOf(folder))
  }, 120_000)

  it('has its own day, so that people find it as it was left', async () => {
    expect(await readFile(join(folder, 'project.yml'), 'utf8')).toMatch(/^today: 2026-11-16$/m)
    const health = JSON.parse(await succeed(folder, ['monitor', '--json']))
    expect(health.blocks).toEqual(weeks[1].health.blocks)
    expect(await succeed(folder, ['ledger', '--ledger', 'branch'])).toContain('Followed')
    await succeed(folder, ['train', '--out', '.cd4ml/own'])
    const { runs } = JSON.parse(await succeed(folder, ['runs', '--json']))
    expect(runs.at(-1)).toMatchObject({ startedAt: '2026-11-17T02:59:59.999Z', seconds: 0 })
  })
})

describe('who asks for what cannot be simulated', () => {
  it('keeps what stands in the folder', async () => {
    const taken = await temporaryFolder()
    await writeFile(join(taken, 'thesis.txt'), 'mine')
    const { code, stderr } = await cd4ml(project, ['simulate', '--weeks', '1', '--out', taken])
    expect([code, stderr]).toEqual([2, expect.stringContaining('is no simulation')])
    expect(await readFile(join(taken, 'thesis.txt'), 'utf8')).toBe('mine')
  })

  it('is told where the sales are his own', async () => {
    const own = await newProject({ 'data/sales.csv': 'a;b\n' })
    const { code, stderr } = await cd4ml(own, ['simulate'])
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('holds other sales than the sample'),
    ])
    expect(existsSync(join(own, '.cd4ml', 'simulation'))).toBe(false)
  })

  it('is told where git does not know the folder', async () => {
    const { code, stderr } = await cd4ml(await temporaryFolder(), ['simulate'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not the top folder of a git')])
  })

  it.each([
    [['--products', '2'], '--products must be from 5 to'],
    [['--products', '999'], '--products must be from 5 to'],
    [['--weeks', '4', '--break', '0.5@5'], '--break is in week 5, after the last of 4'],
    [['--weeks', '999'], 'at most 156 weeks can be simulated'],
  ])('with %j is told what can be', async (args, message) => {
    const { code, stderr } = await cd4ml(project, ['simulate', ...args])
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  it('and has not committed yet gets what the last commit has', async () => {
    await put(project, { 'recipe.yml': 'frequency: month\n' })
    const out = join(await temporaryFolder(), 'committed')
    for await (const { health } of chain(out, 1)) expect(health.block.frequency).toBe('week')
  }, 120_000)
})

function chain(out: string, count: number) {
  return liveOn({
    project,
    folder: out,
    weeks: count,
    products: 6,
    buyer: 'follows',
    unforeseen: [],
  })
}

async function lived(out: string, count: number): Promise<SimulatedWeek[]> {
  const weeks: SimulatedWeek[] = []
  for await (const week of chain(out, count)) weeks.push(week)
  return weeks
}

async function refsOf(repo: string): Promise<string> {
  return await git(repo, ['for-each-ref', '--format=%(refname) %(objectname)'])
}

/** What somebody works on. */
async function stateOf(repo: string): Promise<string[]> {
  return [
    await git(repo, ['status', '--porcelain=v2', '--branch']),
    await refsOf(repo),
    await git(repo, ['ls-files', '--stage']),
  ]
}
