import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { UserError } from '../../src/base/errors.ts'
import { git } from '../../src/base/git.ts'
import { readVersion } from '../../src/registry/production.ts'
import { readContract } from '../../src/sales/contract/contract.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { type InitInput, init } from '../../src/steps/setup/init.ts'
import { commitAll, copyOf, initialise, put, temporaryFolder } from '../repository.ts'
import { day } from './validate-fixture.ts'

let template: string
let sales: string

beforeAll(async () => {
  template = await temporaryFolder()
  await initialise(template)
  await put(template, TEMPLATE)
  await commitAll(template, 'Use the template')
  sales = join(await temporaryFolder(), 'vendas 2026.csv')
  await writeFile(sales, `sku;dia;qtde\r\n${dailyRows().join('\r\n')}\r\n`)
})

describe('a fresh copy of the template', () => {
  it('becomes the repository of its new owner, with nothing of the sample in force', async () => {
    const project = await copyOf(template)
    const result = await init(inputFor(project, { frequency: 'week', horizon: 4 }))
    expect(result).toMatchObject({ outcome: 'initialised', frequency: 'week', horizon: 4 })
    const text = (path: string) => readFile(join(project, path), 'utf8')
    const contract = await readContract(join(project, 'data/datapackage.json'))
    expect(contract.isSample).toBe(false)
    expect([...contract.columns.values()]).toEqual(['sku', 'dia', 'qtde'])
    expect(contract.resources[0].paths).toEqual(['sales/*.csv'])
    expect(contract.resources[0].listed).toEqual(['sales/vendas 2026.csv'])
    expect(await text('recipe.yml')).toBe(
      '# What is trained.\nfrequency: week # day, week or month\nhorizon: 4 # periods ahead\nfamilies:\n  moving-average:\n    window: [4, 8]\nholidays: BR\n',
    )
    expect(await text('ordering.yml')).toBe(
      '# Terms.\ndefaults:\n  pack: 1 # units\ncategories: null\n# By id.\nproducts: null\n',
    )
    expect(await text('model-registry/baseline.yml')).toContain('horizon: 4\n')
    expect(await text('.github/CODEOWNERS')).toBe('* @maria\n/data/ @shop/data\n')
    expect(JSON.parse(await text('package.json'))).toMatchObject({ name: 'previsao' })
    expect(JSON.parse(await text('package-lock.json'))).toMatchObject({
      name: 'previsao',
      packages: { '': { name: 'previsao' } },
    })
    expect(await text('README.md')).toMatch(/^# previsao\n/)
    expect(await text('README.pt-BR.md')).toMatch(/^# previsao\n/)
    expect(await text('.github/SECURITY.md')).toBe('# Security\n\n## What is protected\n\nMuch.\n')
    expect(await files(project)).toEqual(
      [
        '.github/CODEOWNERS',
        '.github/SECURITY.md',
        '.gitignore',
        'README.md',
        'README.pt-BR.md',
        'data/datapackage.json',
        'data/sales/vendas 2026.csv',
        'examples/supermarket/datapackage.json',
        'examples/supermarket/ordering.yml',
        'examples/supermarket/recipe.yml',
        'examples/supermarket/sales/2026-01.csv',
        'model-registry/baseline.yml',
        'model-registry/policy.yml',
        'ordering.yml',
        'package-lock.json',
        'package.json',
        'project.yml',
        'recipe.yml',
      ].sort(),
    )
    const commit = await commitAll(project, 'Start with our own sales')
    expect(await readVersion(project, commit)).toBe(undefined)
  })

  it.each([
    ['Portuguese headers', 'sku;dia;qtde', undefined, 'pt-BR'],
    ['English headers', 'sku;day;quantity', undefined, 'en'],
    ['Portuguese headers, but an owner who says English', 'sku;dia;qtde', 'en', 'en'],
    ['English headers, but an owner who says Portuguese', 'sku;day;quantity', 'pt-BR', 'pt-BR'],
  ] as const)('says to its people in which language: %s', async (_, header, asked, language) => {
    const project = await copyOf(template)
    const file = join(await temporaryFolder(), 'sales.csv')
    await writeFile(file, `${header}\r\n${dailyRows().join('\r\n')}\r\n`)
    const input = inputFor(project, { sales: [file], ...(asked && { language: asked }) })
    expect(await init(input)).toMatchObject({ outcome: 'initialised', language })
    expect(await readFile(join(project, 'project.yml'), 'utf8')).toBe(
      `# Of all.\ntimeZone: Europe/Lisbon\nlanguage: ${language} # of reports\n`,
    )
  })

  it('is changed in what is staged alone, so that one command undoes it', async () => {
    const project = await copyOf(template)
    await init(inputFor(project))
    expect(await git(project, ['diff', '--name-only'])).toBe('')
    expect(await git(project, ['ls-files', '--others', '--exclude-standard'])).toBe('')
    await git(project, ['reset', '--quiet', '--hard'])
    expect(await stateOf(project)).toBe(await stateOf(template))
  })

  it('is left as it is by a dry run, which tells every change', async () => {
    const project = await copyOf(template)
    const planned = await init(inputFor(project, { dryRun: true }))
    expect(await stateOf(project)).toBe(await stateOf(template))
    const done = await init(inputFor(project))
    expect(planned).toEqual({ ...done, outcome: 'planned' })
    expect(planned).toMatchObject({
      changes: expect.arrayContaining([
        { change: 'changed', path: 'recipe.yml' },
        { change: 'removed', path: 'model-registry/production/manifest.json' },
        {
          change: 'moved',
          from: 'data/sales/2026-01.csv',
          path: 'examples/supermarket/sales/2026-01.csv',
        },
      ]),
    })
  })

  it('starts without the runs and reports of the sample', async () => {
    const project = await copyOf(template)
    await put(project, { '.cd4ml/runs/1.json': '{}' })
    await init(inputFor(project))
    await expect(readFile(join(project, '.cd4ml/runs/1.json'))).rejects.toThrow('ENOENT')
  })

  it('counts no row of a total, and says so in its contract', async () => {
    const totals = dailyRows().map((row) => row.replace('A', 'TOTAL'))
    const path = join(await temporaryFolder(), 'com-total.csv')
    await writeFile(path, `sku;dia;qtde\n${[...dailyRows(), ...totals].join('\n')}\n`)
    const project = await copyOf(template)
    const result = await init(inputFor(project, { sales: [path] }))
    expect(result).toMatchObject({
      outcome: 'initialised',
      report: { totals: { unitsSold: 210, products: 1, rowsQuarantined: 21 } },
    })
    const { leftOut } = await readContract(join(project, 'data/datapackage.json'))
    expect(leftOut).toEqual(new Map([['product', new Set(['TOTAL'])]]))
  })

  it('reads the next export too, whether its name is in capitals or not', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'VENDAS_MAIO.CSV')
    await writeFile(path, `sku;dia;qtde\n${dailyRows().join('\n')}\n`)
    const project = await copyOf(template)
    await init(inputFor(project, { sales: [path] }))
    await put(project, { 'data/sales/junho.csv': 'sku;dia;qtde\nA;01/06/2026;5\n' })
    const data = join(project, 'data')
    const contractFile = join(data, 'datapackage.json')
    const { report } = await validate({ dataFolder: data, contractFile, today: day('2026-10-31') })
    expect(report.totals.unitsSold).toBe(215)
  })

  it('is asked for months where the sales are totals of months', async () => {
    const monthly = join(await temporaryFolder(), 'monthly.csv')
    const months = Array.from({ length: 9 }, (_, i) => `A,2026-0${i + 1}-01,${i + 5}`)
    await writeFile(monthly, ['sku,month,units', ...months].join('\n'))
    const project = await copyOf(template)
    const input = inputFor(project, { sales: [monthly], dryRun: true })
    expect(await init(input)).toMatchObject({ frequency: 'month', horizon: 1 })
    await expect(init({ ...input, frequency: 'week' })).rejects.toThrow(/totals of one month each/)
  })
})

describe('what the sales leave open', () => {
  it('is asked before anything is done, and settled by the option that is offered', async () => {
    const project = await copyOf(template)
    const input = inputFor(project, { sales: [await salesOf('sku,day,qty,units\n', twoAmounts)] })
    const asked = await init(input)
    expect(asked.outcome).toBe('open')
    expect(asked.guess.questions).toHaveLength(1)
    expect(await stateOf(project)).toBe(await stateOf(template))
    const columns = new Map([['quantity', 'units']] as const)
    expect(await init({ ...input, columns })).toMatchObject({
      outcome: 'initialised',
      report: { totals: { unitsSold: 60 } },
    })
  })

  it('is told by a dry run of a copy with changes, without an owner', async () => {
    const project = await copyOf(template)
    await put(project, { 'notes.txt': 'mine' })
    const input = inputFor(project, { owners: [], dryRun: true })
    expect(await init(input)).toMatchObject({ outcome: 'planned' })
    const open = await salesOf('sku,day,qty,units\n', twoAmounts)
    expect(await init({ ...input, sales: [open] })).toMatchObject({ outcome: 'open' })
    await expect(init({ ...input, dryRun: false })).rejects.toThrow(/uncommitted changes/)
  })

  it('is the day by which a week is dated, unless its column says it', async () => {
    const project = await copyOf(template)
    const sundays = (i: number) => `A,${isoFromDay(day('2025-01-05') + 7 * i)},5`
    const named = await salesOf('sku,week_start,units\n', sundays)
    const input = inputFor(project, { sales: [named], dryRun: true })
    expect(await init(input)).toMatchObject({
      outcome: 'planned',
      guess: { dataPackage: { cd4ml: { weeklyTotals: 'first day' } } },
      report: { totals: { firstSaleDay: '2025-01-06', lastSaleDay: '2025-07-28' } },
    })
    const sales = [await salesOf('sku,week,units\n', sundays)]
    expect(await init({ ...input, sales })).toMatchObject({
      outcome: 'open',
      guess: { questions: [{ question: expect.stringContaining('Sunday'), changesUnits: true }] },
    })
    expect(await init({ ...input, sales, weeks: 'last day' })).toMatchObject({
      outcome: 'planned',
      report: { totals: { firstSaleDay: '2025-01-05' } },
    })
    await expect(init(inputFor(project, { dryRun: true, weeks: 'last day' }))).rejects.toThrow(
      /--weeks: is for totals of weeks/,
    )
  })
})

describe('frequency and horizon', () => {
  it.each([
    ['days, where there are 23 weeks of them', 161, { frequency: 'day', horizon: 13 }],
    ['weeks, where a year of days can look a month ahead', 365, { frequency: 'week', horizon: 4 }],
    ['ten weeks, where there are three years', 1095, { frequency: 'week', horizon: 10 }],
  ])('are what the history can carry: %s', async (_, days, expected) => {
    const project = await copyOf(template)
    const daily = (i: number) => `A,${isoFromDay(day('2023-01-02') + i)},5`
    const sales = [await salesOf('sku,day,units\n', daily, days)]
    expect(await init(inputFor(project, { sales, dryRun: true }))).toMatchObject(expected)
  })
})

describe('nothing is changed', () => {
  it.each<[string, Partial<InitInput>, RegExp]>([
    ['a file is not there', { sales: ['/no/such.csv'] }, /such.csv: cannot be read/],
    ['a folder is named', { sales: ['/'] }, /is not a file/],
    ['a name is none of a package', { name: 'Our sales' }, /--name: .*"Our sales"/],
    ['an owner is none', { owners: ['maria'] }, /--owners: .*"maria"/],
    ['a team has no owner', { owners: ['platform=@maria'] }, /no owner for data-engineering/],
    ['there is no such team', { owners: ['buyers=@maria'] }, /no team "buyers".*\n.*platform/],
    ['a column is not there', { columns: new Map([['price', 'preço']]) }, /no column "preço"/],
  ])('where %s', async (_, changes, message) => {
    const project = await copyOf(template)
    const refused = init(inputFor(project, changes))
    await expect(refused).rejects.toThrow(UserError)
    await expect(refused).rejects.toThrow(message)
    expect(await stateOf(project)).toBe(await stateOf(template))
  })

  it('where two files would have one name', async () => {
    const project = await copyOf(template)
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'a'))
    const other = join(folder, 'a', 'vendas 2026.csv')
    await writeFile(other, 'sku;dia;qtde\nA;01/01/2026;1\n')
    await expect(init(inputFor(project, { sales: [sales, other] }))).rejects.toThrow(
      /two files are called vendas 2026\.csv/,
    )
  })

  it('where two files hold the same sales under two names', async () => {
    const project = await copyOf(template)
    const copy = join(await temporaryFolder(), 'vendas 2026 (1).csv')
    await writeFile(copy, await readFile(sales))
    await expect(init(inputFor(project, { sales: [sales, copy] }))).rejects.toThrow(
      /^--sales: .*holds the same as sales\/vendas 2026/,
    )
  })

  it('where the sales are not valid by the contract that was guessed', async () => {
    const bad = join(await temporaryFolder(), 'bad.csv')
    const rows = [...dailyRows(), ...dailyRows().map((row) => row.replace(/\d+$/, 'many'))]
    await writeFile(bad, `sku;dia;qtde\n${rows.join('\n')}\n`)
    const project = await copyOf(template)
    const columns = new Map([['quantity', 'qtde']] as const)
    await expect(init(inputFor(project, { sales: [bad], columns }))).rejects.toThrow(
      /--column quantity: must be a number/,
    )
    const future = join(await temporaryFolder(), 'future.csv')
    await writeFile(future, `sku;dia;qtde\n${dailyRows().join('\n').replaceAll('2026', '2096')}\n`)
    const result = await init(inputFor(project, { sales: [future] }))
    expect(result).toMatchObject({
      outcome: 'invalid',
      report: {
        outcome: 'invalid',
        findings: expect.arrayContaining([expect.objectContaining({ rule: 'in-the-future' })]),
      },
    })
    expect(await stateOf(project)).toBe(await stateOf(template))
  })

  it('where something is not committed, since it could be lost', async () => {
    const project = await copyOf(template)
    await put(project, { 'notes.txt': 'mine', 'recipe.yml': 'mine' })
    await expect(init(inputFor(project))).rejects.toThrow(
      /uncommitted changes in notes\.txt, recipe\.yml/,
    )
    expect(await readFile(join(project, 'recipe.yml'), 'utf8')).toBe('mine')
  })

  it('where the branch is not the one that the workflows work on', async () => {
    const project = await copyOf(template)
    await git(project, ['branch', '--move', 'main', 'trunk'])
    await expect(init(inputFor(project))).rejects.toThrow(
      /must be main.*but is trunk.*\n.*git branch --move trunk main/,
    )
  })

  it('where a file that git ignores is in the way', async () => {
    const project = await copyOf(template)
    await put(project, { '.gitignore': '*.csv\n.cd4ml/\n' })
    await commitAll(project, 'Ignore CSV')
    await put(project, { 'data/sales/vendas 2026.csv': 'mine' })
    const before = await stateOf(project)
    await expect(init(inputFor(project))).rejects.toThrow(/vendas 2026\.csv: is in the way/)
    expect(await stateOf(project)).toBe(before)
    expect(await readFile(join(project, 'data/sales/vendas 2026.csv'), 'utf8')).toBe('mine')
  })

  it('where it was done already: the contract is nobody else’s to overwrite', async () => {
    const project = await copyOf(template)
    await init(inputFor(project))
    await expect(init(inputFor(project))).rejects.toThrow(/no fresh copy of the template/)
    await commitAll(project, 'Start with our own sales')
    await expect(init(inputFor(project))).rejects.toThrow(/no fresh copy of the template/)
  })

  it('where the folder is no repository: nothing could be undone', async () => {
    const folder = await temporaryFolder()
    await put(folder, TEMPLATE)
    await expect(init(inputFor(folder))).rejects.toThrow(/not the top folder of a git repository/)
  })
})

function inputFor(project: string, changes: Partial<InitInput> = {}): InitInput {
  return {
    project,
    today: day('2026-10-31'),
    name: 'previsao',
    sales: [sales],
    columns: new Map(),
    unset: new Set(),
    owners: ['@maria', 'data-engineering=@shop/data'],
    dryRun: false,
    ...changes,
  }
}

const TEMPLATE = {
  '.gitignore': '.cd4ml/\n',
  '.github/CODEOWNERS': '* @your-org/platform\n/data/ @your-org/data-engineering\n',
  '.github/SECURITY.md':
    '# Security\n\n## Reporting\n\nYou get an answer within a week.\n\n## What is protected\n\nMuch.\n',
  'README.md': '# cd4ml\n',
  'README.pt-BR.md': '# cd4ml\n',
  'data/datapackage.json': JSON.stringify({
    resources: [
      {
        name: 'sales',
        path: 'sales/*.csv',
        schema: { fields: [{ name: 'id' }, { name: 'day', type: 'date' }] },
      },
    ],
    cd4ml: { sample: true, columns: { product: 'id', saleDate: 'day' } },
  }),
  'data/sales/2026-01.csv': 'id,day\nA,2026-01-02\n',
  'model-registry/baseline.yml': 'frequency: week\nhorizon: 10\nfamilies:\n  seasonal-naive: {}\n',
  'model-registry/policy.yml': 'decidedBy: wape\n',
  'model-registry/production/manifest.json': '{}\n',
  'model-registry/production/charts/wape.svg': '<svg/>\n',
  'ordering.yml':
    '# Terms.\ndefaults:\n  pack: 6 # units\ncategories:\n  Bebidas: { pack: 8 }\n# By id.\nproducts:\n  7: { pack: 2 }\n',
  'package.json': '{ "name": "cd4ml", "type": "module" }\n',
  'package-lock.json': '{ "name": "cd4ml", "packages": { "": { "name": "cd4ml" } } }\n',
  'project.yml': '# Of all.\ntimeZone: Europe/Lisbon\nlanguage: en # of reports\n',
  'recipe.yml':
    '# What is trained.\nfrequency: day # day, week or month\nhorizon: 10 # periods ahead\nfamilies:\n  moving-average:\n    window: [4, 8]\n',
}

/** A file of so many rows below a header. */
async function salesOf(header: string, row: (i: number) => string, rows = 30): Promise<string> {
  const path = join(await temporaryFolder(), 'own.csv')
  await writeFile(path, header + Array.from({ length: rows }, (_, i) => `${row(i)}\n`).join(''))
  return path
}

function twoAmounts(i: number): string {
  return `A,${isoFromDay(day('2026-01-05') + i)},1,2`
}

/** Of three weeks of May. */
function dailyRows(): string[] {
  return Array.from({ length: 21 }, (_, i) => `A;${String(i + 4).padStart(2, '0')}/05/2026;${i}`)
}

async function files(project: string): Promise<string[]> {
  return (await git(project, ['ls-files', '-z'])).split('\0').filter(Boolean).sort()
}

/** Of the files that git tracks, in index and working folder. */
async function stateOf(project: string): Promise<string> {
  return (
    (await git(project, ['ls-files', '--stage'])) + (await git(project, ['status', '--porcelain']))
  )
}
