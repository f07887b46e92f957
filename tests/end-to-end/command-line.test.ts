import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  cd4ml,
  cd4mlProcess,
  commandLine,
  mergeProposal,
  newProject,
  type Run,
} from '../project.ts'
import { commitAll, copyOf, put } from '../repository.ts'
import { dataFiles, productIds, recipe, salesOf } from '../shop.ts'

const commands = [
  'pipeline',
  'validate',
  'train',
  'compare',
  'promote',
  'verify',
  'rollback',
  'history',
  'forecast',
  'order',
  'runs',
  'init',
  'doctor',
]

const sales = salesOf({ products: productIds(6), frequency: 'week', periods: 70 })
let project: string

beforeAll(async () => {
  project = await newProject({ ...dataFiles(sales), ...recipe('seasonal-naive: {}') })
})

describe('help', () => {
  it('names every command', async () => {
    const root = await cd4ml(project, ['--help'])
    expect(root.code).toBe(0)
    for (const command of commands) expect(root.stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })

  it.concurrent.each(commands)('explains the options of %s', async (command) => {
    const { code, stdout, stderr } = await cd4ml(project, [command, '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`Usage: cd4ml ${command}`)
    expect(stdout).toMatch(/^ +--json +\S/m)
  })
})

describe('--json', () => {
  it('gives programs nothing but JSON, from every command', async () => {
    const folder = await copyOf(project)
    const said = new Map<string, Run>()
    const say = async (...args: string[]) => {
      const run = await cd4ml(folder, [...args, '--json'])
      said.set(args[0], run)
      expect(run.code, `${args.join(' ')}: ${run.stderr}`).toBe(0)
      return JSON.parse(run.stdout)
    }
    expect(await say('validate')).toMatchObject({ outcome: 'valid' })
    expect(await say('train')).toMatchObject({ model: 'seasonal-naive', series: 6 })
    expect(await say('compare')).toMatchObject({ decision: { verdict: 'not distinguishable' } })
    expect(await say('promote', '--baseline')).toMatchObject({ outcome: 'proposed' })
    expect(await say('verify')).toMatchObject({ outcome: 'verified' })
    await mergeProposal(folder)
    await put(folder, recipe('moving-average: { window: 6 }'))
    await commitAll(folder, 'Try the moving average')
    expect(await say('pipeline')).toMatchObject({ promotion: { manifest: { version: 2 } } })
    await mergeProposal(folder)
    expect(await say('rollback', '--to=1', '--reason=A trial')).toMatchObject({
      manifest: { version: 3, restores: { version: 1 } },
    })
    expect((await say('history')).periods).toHaveLength(2)
    expect((await say('forecast', '--all')).forecasts).toHaveLength(6 * 4)
    expect((await say('forecast', '--product=P1', '--month=2025-05')).forecasts).toHaveLength(1)
    expect((await say('order')).orders).toHaveLength(6)
    expect((await say('runs')).runs.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
      'compare',
      'compare',
      'train',
      'train',
    ])
    await put(folder, asTemplate())
    await commitAll(folder, 'Be a fresh copy of the template')
    expect(
      await say('init', `--sales=${project}/data/sales/2024.csv`, '--owners=@maria', '--dry-run'),
    ).toMatchObject({ outcome: 'planned', frequency: 'week' })
    await put(folder, { '.github/CODEOWNERS': '* @maria\n', ...dataFiles(sales) })
    expect((await say('doctor')).groups).toHaveLength(2)
    expect([...said.keys()].sort()).toEqual([...commands].sort())
    for (const { stdout, stderr } of said.values()) expect(stdout + stderr).not.toContain('\x1b')
  })
})

describe('as a process', () => {
  it('prints text alone into a file, no escape codes of a terminal, and ends with the code promised', async () => {
    const folder = await copyOf(project)
    const codes: number[] = []
    for (const args of [['pipeline'], ['runs'], ['validate'], ['promote'], ['no-such-command']]) {
      const { code, stdout, stderr } = await cd4mlProcess(folder, args)
      codes.push(code)
      expect(stdout + stderr).not.toBe('')
      // Tabs and line ends are text; everything else below U+0020 moves a cursor.
      expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n\t]/u)
    }
    expect(codes).toEqual([0, 0, 0, 1, 2])
  })

  it.runIf(process.platform === 'linux').each([1, 2])(
    'takes a full disk under output %i for nothing that a gate has said',
    async (output) => {
      const folder = await copyOf(project)
      const full = await open('/dev/full', 'w')
      const stdio = [0, 1, 2].map((it) => (it === output ? full.fd : ('ignore' as const)))
      const child = spawn(process.execPath, commandLine(['validate']), { cwd: folder, stdio })
      const [code] = await once(child, 'exit')
      await full.close()
      expect(code).toBe(2)
    },
  )
})

describe('train', () => {
  it('does not speak of a loss over no origins, where the history is too short to judge', async () => {
    const few = salesOf({ products: productIds(2), frequency: 'week', periods: 3 })
    const short = await newProject({ ...dataFiles(few), ...recipe('theta: {}') })
    const { stdout } = await cd4ml(short, ['train'])
    expect(stdout).toMatch(/too short to judge/)
    expect(stdout).not.toMatch(/over 0 origins/)
  })
})

describe('a mistake', () => {
  it.concurrent.each([
    ['an unknown command', ['forcast'], /unknown command 'forcast'/],
    ['an unknown option', ['train', '--fast'], /unknown option '--fast'/],
    [
      'a day that does not exist',
      ['validate', '--as-of', '2025-02-31'],
      /existing day.*2025-02-31/,
    ],
    ['a month that does not exist', ['forecast', '--product=P1', '--month=2026-13'], /2026-13/],
    [
      'a missing folder of sales',
      ['validate', '--data', 'no/such'],
      /no\/such\/datapackage\.json: /,
    ],
    ['a missing contract', ['validate', '--contract', 'none.json'], /none\.json: .*contract/],
    ['a missing recipe', ['train', '--recipe', 'none.yml'], /none\.yml: /],
    ['nothing trained yet', ['compare'], /\.cd4ml\/challenger\/model\.json: .*\n.*cd4ml train/],
    [
      'no proposal of that name',
      ['verify', 'no-such-branch'],
      /no branch or commit "no-such-branch"/,
    ],
    ['no version to go back to', ['rollback', '--to=1', '--reason=x'], /no version in production/],
    [
      'a folder for the model that is a file',
      ['train', '--out=recipe.yml'],
      /recipe\.yml: is a file/,
    ],
    ['a run that never was', ['runs', 'abc'], /there is no run abc/],
  ])('of the user, %s, ends with 2 and one message that says what', async (_, args, said) => {
    expectMistake(await cd4ml(project, args), said)
  })

  it.concurrent.each([
    ['broken YAML', 'frequency: week\nhorizon: [4\n', /recipe\.yml:\d+: is not valid YAML/],
    [
      'a word for a number',
      'frequency: week\nhorizon: ten\nfamilies: { ridge: {} }\n',
      /recipe\.yml: horizon: /,
    ],
    ['a misspelt key', 'frequency: week\nhorizon: 4\nfamilys: {}\n', /recipe\.yml: .*famil/],
  ])('in the recipe, %s, is found with file and place', async (_, text, said) => {
    const folder = await copyOf(project)
    await put(folder, { 'recipe.yml': text })
    expectMistake(await cd4ml(folder, ['train']), said)
  })

  it('in the contract is found with file and key', async () => {
    const folder = await copyOf(project)
    await put(folder, { 'data/datapackage.json': '{ "resources": [] }' })
    expectMistake(await cd4ml(folder, ['validate']), /data\/datapackage\.json: /)
    await put(folder, { 'data/datapackage.json': '{ "resources": ' })
    expectMistake(await cd4ml(folder, ['train']), /data\/datapackage\.json/)
  })

  it('in a question about the future is answered with what can be asked', async () => {
    const folder = await copyOf(project)
    await cd4ml(folder, ['train'])
    const ask = (...args: string[]) => cd4ml(folder, ['forecast', ...args])
    const [unknown, past, far, nothing] = await Promise.all([
      ask('--product=P99', '--month=2025-05'),
      ask('--product=P1', '--month=2024-05'),
      ask('--product=P1', '--month=2029-05'),
      ask(),
    ])
    expectMistake(unknown, /product "P99" has never been sold\n.*P1, P2/)
    expectMistake(past, /2024-05-31 is over: sales are known up to 2025-05-04/)
    expectMistake(far, /2029-05-31 is \d+ weeks ahead, but the model was evaluated 4 ahead/)
    expectMistake(nothing, /needs a product and days, or --all/)
  })

  it('in the sales ends with 1, since it is the data that says no', async () => {
    const folder = await copyOf(project)
    await put(folder, { 'data/sales/2025.csv': 'product,units\n"P1",3\n' })
    const { code, stdout } = await cd4ml(folder, ['validate'])
    expect(code).toBe(1)
    expect(stdout).toContain('sales/2025.csv')
    const trained = await cd4ml(folder, ['train'])
    expect([trained.code, trained.stdout]).toEqual([1, ''])
    expect(trained.stderr).toContain('sales/2025.csv')
  })
})

it('lists the files in the contract for other tools', async () => {
  const folder = await copyOf(project)
  expect((await cd4ml(folder, ['validate', '--list-files', '--quiet'])).code).toBe(0)
  const contract = JSON.parse(await readFile(join(folder, 'data/datapackage.json'), 'utf8'))
  expect(contract.resources[0].path).toContain('sales/2025.csv')
})

function expectMistake({ code, stdout, stderr }: Run, said: RegExp): void {
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(said)
  expect(stderr).not.toMatch(/^\s+at .*\d+:\d+\)?$/m)
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3)
}

/** What a fresh copy of the template has, and these projects do not. */
function asTemplate(): Record<string, string> {
  const contract = JSON.parse(dataFiles(sales)['data/datapackage.json'])
  return {
    'data/datapackage.json': JSON.stringify({
      ...contract,
      cd4ml: { ...contract.cd4ml, sample: true },
    }),
    '.github/CODEOWNERS': '* @your-org/platform\n',
    'ordering.yml': 'defaults: { pack: 6 }\n',
    'project.yml': 'timeZone: America/Sao_Paulo\n',
    '.github/workflows/retrain.yml': "on: { schedule: [{ cron: '0 6 * * 1' }] }\n",
  }
}
