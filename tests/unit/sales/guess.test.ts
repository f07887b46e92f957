import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import { readContract } from '../../../src/sales/contract/contract.ts'
import type { Role } from '../../../src/sales/contract/roles.ts'
import {
  type ContractGuess,
  type GuessOptions,
  guessContract,
} from '../../../src/sales/guess/guess-contract.ts'
import { optionText } from '../../../src/sales/guess/open-question.ts'

describe('the contract of a file that nobody has described', () => {
  it('is guessed from a Brazilian export: semicolons, decimal commas, days first, Latin-1', async () => {
    const text = [
      'Código;Descrição;Loja;Data da Venda;Qtde;Preço Unitário',
      '007;Pão de forma;Centro;31/10/2026;1.250,500;8,99',
      '007;Pão de forma;Jardim;01/11/2026;2,000;8,99',
    ].join('\r\n')
    const { guess, roles } = await guessed({ 'vendas.csv': Buffer.from(text, 'latin1') })
    expect(guess.layout).toMatchObject({ encoding: 'windows-1252', delimiter: ';' })
    expect(guess).toMatchObject({ rows: 2, questions: [] })
    expect(roles).toEqual({
      product: 'Código',
      name: 'Descrição',
      store: 'Loja',
      saleDate: 'Data da Venda',
      quantity: 'Qtde',
      price: 'Preço Unitário',
    })
    const written = await contractOf(guess.dataPackage)
    expect(written.resources[0]).toMatchObject({
      encoding: 'windows-1252',
      dialect: { delimiter: ';' },
      fields: [
        { name: 'Código', type: 'string' },
        { name: 'Descrição', type: 'string' },
        { name: 'Loja', type: 'string' },
        { name: 'Data da Venda', type: 'date', format: '%d/%m/%Y' },
        { name: 'Qtde', type: 'number', decimalChar: ',', groupChar: '.' },
        { name: 'Preço Unitário', type: 'number', decimalChar: ',', groupChar: '.' },
      ],
    })
  })

  it.each([
    ['unique_id,ds,y', 'A1,2026-10-05,3', { product: 'unique_id', saleDate: 'ds', quantity: 'y' }],
    [
      'InvoiceNo,StockCode,Quantity,InvoiceDate,CustomerID',
      '536365,85123A,6,2010-12-01 08:26:00,17850.0',
      { product: 'StockCode', quantity: 'Quantity', saleDate: 'InvoiceDate' },
    ],
    [
      'data,venda,estoque,preco,produto',
      '2014-01-01,0,4972,1.29,Arroz',
      { product: 'produto', saleDate: 'data', quantity: 'venda', stock: 'estoque', price: 'preco' },
    ],
    [
      'store_id,item_code,item_name,category,sold_on,units,unit_cost,expires',
      'S1,4711,Milk,dairy,10/31/2026,2,0.79,11/30/2026',
      {
        store: 'store_id',
        product: 'item_code',
        name: 'item_name',
        category: 'category',
        saleDate: 'sold_on',
        quantity: 'units',
        cost: 'unit_cost',
        expiryDate: 'expires',
      },
    ],
  ])('knows what the columns of %s mean', async (header, row, expected) => {
    const { roles } = await guessed({ 'sales.csv': `${header}\n${row}\n` })
    expect(roles).toEqual(expected)
  })

  it('is the layout in which the file was written, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(layouts(), sales(), async (layout, rows) => {
        const { guess, columns } = await guessed({ 'sales.csv': written(rows, layout) })
        expect(guess.layout.delimiter).toBe(layout.delimiter)
        expect(columns.day.reading).toMatchObject({ format: layout.format })
        expect(guess.questions).toEqual([])
        expect(columns.price.reading).toMatchObject({ decimalChar: layout.decimalChar })
      }),
      { numRuns: 50 },
    )
  })

  it('does not take the number of a row for the product', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${i},2026-10-05,P${i % 3}`)
    const { roles } = await guessed({ 'sales.csv': ['id,date,item', ...lines].join('\n') })
    expect(roles).toEqual({ product: 'item', saleDate: 'date' })
  })

  it('finds the words and days that stand for nothing, so that they are not quarantined', async () => {
    const { guess } = await guessed({
      'sales.csv':
        'sku,sale date,expiry date,price\nA,2026-10-05,9999-12-31,1.5\nB,2026-10-06,2026-11-01,NULL\n',
    })
    const contract = await contractOf(guess.dataPackage)
    expect(contract.resources[0].missingValues).toEqual(['', 'NULL', '9999-12-31'])
  })

  it('asks where it cannot tell day from month, and takes the answer', async () => {
    const files = { 'sales.csv': 'sku,day\nA,01/02/2026\nA,02/03/2026\n' }
    const { guess } = await guessed(files)
    expect(settings(guess)).toEqual(['--dates dmy', '--dates mdy'])
    for (const [dates, format] of [['dmy', '%d/%m/%Y'] as const, ['mdy', '%m/%d/%Y'] as const]) {
      const { guess, columns } = await guessed(files, {}, { dates })
      expect(columns.day.reading).toMatchObject({ format })
      expect(guess.questions).toEqual([])
    }
  })

  it('rests on all files: each of them may say what the others do not', async () => {
    const { guess, columns } = await guessed({
      '2026-01.csv': 'sku;day\nA;01/02/2026\n',
      '2026-02.csv.gz': gzipSync('sku;day\nPão;13/02/2026\n'),
    })
    expect(columns.day).toMatchObject({ reading: { format: '%d/%m/%Y' } })
    expect(guess).toMatchObject({ rows: 2, layout: { encoding: 'utf-8' }, questions: [] })
  })

  it('sees an accent that comes only after a million plain letters', async () => {
    const rows = `A;01/02/2026\n`.repeat(100_000)
    const late = Buffer.from(`sku;day\n${rows}Pão;13/02/2026\n`, 'latin1')
    expect((await guessed({ 'sales.csv': late })).guess.layout.encoding).toBe('windows-1252')
  })

  it('takes the columns that it is told', async () => {
    const text = 'a,b\nx,2026-10-05\n'
    const { roles } = await guessed({ 'sales.csv': text }, { product: 'a' })
    expect(roles).toEqual({ product: 'a', saleDate: 'b' })
  })
})

describe('a file of which no contract can be guessed', () => {
  it.each([
    ['no header', 'A,2026-10-05,3\nB,2026-10-06,2\n', /sales.csv:1: .*name the columns/],
    ['a column without a name', 'sku,,day\nA,,2026-10-05\n', /sales.csv:1: A column has no name/],
    ['a name twice', 'day,day\n2026-10-05,2026-10-05\n', /two columns are called "day"/],
    ['one column', 'sku\nA\n', /is no table/],
    ['no rows', 'sku,day\n', /no row below its header/],
    ['nothing', '', /is empty/],
    ['nothing but a byte order mark', '\uFEFF\r\n', /is empty/],
    ['a NUL', Buffer.from('sku,day\nA\x00,2026-10-05\n'), /NUL/],
    ['no day', 'sku,units\nA,3\n', /looks like the day of the sale.*"sku", "units"/],
  ])('is refused with what to do: %s', async (_, content, message) => {
    const guess = guessed({ 'sales.csv': content })
    await expect(guess).rejects.toThrow(UserError)
    await expect(guess).rejects.toThrow(message)
  })

  it('is refused where it has other columns than the first one', async () => {
    const files = { 'a.csv': 'sku,day\nA,2026-10-05\n', 'b.csv': 'day,sku\n2026-10-05,A\n' }
    await expect(guessed(files)).rejects.toThrow(/b\.csv:1: has other columns than a\.csv/)
  })

  it.each([
    'sku,loja,data_inicio,data_fim,desconto\np1,1,2026-10-01,2026-10-07,20%\n',
    'Produto;De;Até;Preço\n1;01/10/2026;31/10/2026;7,99\n',
    'item_id,startDate,endDate,promotion,decided\nA1,2026-10-01,2026-10-07,leaflet,2026-09-01\n',
    'store,closed,from,until\n1,true,2026-12-25,2026-12-25\n',
  ])('is refused where it is a plan, and not taken for sales: %s', async (content) => {
    const refused = guessed({ 'plano.csv': content })
    await expect(refused).rejects.toThrow(/plan, not like sales.*"What is planned ahead"/s)
    await expect(refused).rejects.toBeInstanceOf(UserError)
  })

  it.each([
    ['plan.csv', 'sales.csv'],
    ['z.csv', 'sales.csv'],
  ])('is refused by name among sales where it is a plan: %s and %s', async (plan, sales) => {
    const files = {
      [plan]: 'sku,from,to,discount\nA1,2026-10-01,2026-10-07,20%\n',
      [sales]: 'sku,date,units\nA1,2026-10-01,3\n',
    }
    for (const order of [files, Object.fromEntries(Object.entries(files).reverse())]) {
      await expect(guessed(order)).rejects.toThrow(new RegExp(`${plan}: looks like a plan`))
    }
  })

  it.each([
    ['week_start,week_end,sku,units,price\n2026-10-05,2026-10-11,A1,3,9.99\n', {}],
    ['sku,start,end,price\nA1,2026-10-05,2026-10-06,9.99\n', { saleDate: 'start' }],
  ])('is no plan where it says how much was sold, or what it is: %s', async (content, known) => {
    expect((await guessed({ 'sales.csv': content }, known)).roles).toHaveProperty('product', 'sku')
  })

  it('is refused where it cannot be read', async () => {
    const files = [{ name: 'none.csv', path: join(tmpdir(), 'no', 'such') }]
    const guess = guessContract(files, {
      name: 'x',
      paths: ['x.csv'],
      columns: new Map(),
      unset: new Set(),
      today: TODAY,
    })
    await expect(guess).rejects.toThrow(/none\.csv: cannot be read/)
  })

  it('takes no price beside the money of a row that it is told of: both would be refused', async () => {
    const text = 'sku,day,units,price,total\nA,2026-10-25,2,1.50,3.00\nB,2026-10-26,1,2.50,2.50\n'
    expect((await guessed({ 'a.csv': text })).roles).toMatchObject({ price: 'price' })
    const { roles } = await guessed({ 'a.csv': text }, { value: 'total' })
    expect([roles.value, roles.price]).toEqual(['total', undefined])
  })

  it('is refused where what it is told does not hold', async () => {
    const text = 'sku,day\nA,2026-10-05\n'
    await expect(guessed({ 'a.csv': text }, { price: 'preço' })).rejects.toThrow(
      /no column "preço"/,
    )
    await expect(guessed({ 'a.csv': text }, { saleDate: 'sku' })).rejects.toThrow(
      /--column saleDate: must be a date or datetime, but "sku" holds cells such as "A"/,
    )
  })
})

async function guessed(
  files: Record<string, string | Uint8Array>,
  known: { [role in Role]?: string } = {},
  hints: Partial<GuessOptions> = {},
) {
  const folder = await temporaryFolder()
  const written = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name)
    return { name, path, content }
  })
  for (const { path, content } of written) await writeFile(path, content)
  const columns = new Map(Object.entries(known) as [Role, string][])
  const guess = await guessContract(written, {
    name: 'sales',
    paths: ['*.csv'],
    columns,
    unset: new Set(),
    today: TODAY,
    ...hints,
  })
  return {
    guess,
    roles: Object.fromEntries(
      guess.columns.flatMap(({ role, name }) => (role ? [[role, name]] : [])),
    ),
    columns: Object.fromEntries(guess.columns.map((column) => [column.name, column])),
  }
}

/** The options that the questions offer. */
function settings({ questions }: ContractGuess): string[] {
  return questions.flatMap(({ answers }) => answers.map(({ setting }) => optionText(setting)))
}

async function contractOf(dataPackage: object) {
  const file = join(await temporaryFolder(), 'datapackage.json')
  await writeFile(file, JSON.stringify(dataPackage))
  return await readContract(file)
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-guess-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const TODAY = dayFromIso('2030-06-30')!

type Layout = { delimiter: string; format: string; decimalChar: string }
type Sale = { day: Date; cents: number }

function layouts(): fc.Arbitrary<Layout> {
  return fc
    .record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      format: fc.constantFrom('%Y-%m-%d', '%d/%m/%Y', '%m/%d/%Y', '%d.%m.%Y', '%d/%m/%y', '%Y%m%d'),
      decimalChar: fc.constantFrom('.', ','),
    })
    .filter(({ delimiter, decimalChar }) => delimiter !== decimalChar)
}

/** With one day that can be no month, and prices that are no whole number. */
function sales(): fc.Arbitrary<Sale[]> {
  const sale = fc.record({
    day: fc.date({ min: new Date('2020-01-01'), max: new Date('2029-12-31'), noInvalidDate: true }),
    cents: fc.integer({ min: 1, max: 9_999 }).filter((cents) => cents % 100 !== 0),
  })
  return fc
    .array(sale, { minLength: 1, maxLength: 40 })
    .map((rows) => [...rows, { day: new Date('2026-01-31'), cents: 1234 }])
}

function written(rows: Sale[], { delimiter, format, decimalChar }: Layout): string {
  const lines = rows.map(({ day, cents }) => {
    const [year, month, dayOfMonth] = day.toISOString().slice(0, 10).split('-')
    const date = format
      .replace('%Y', year)
      .replace('%y', year.slice(2))
      .replace('%m', month)
      .replace('%d', dayOfMonth)
    return ['A', date, (cents / 100).toFixed(2).replace('.', decimalChar)].join(delimiter)
  })
  return `${[['sku', 'day', 'price'].join(delimiter), ...lines].join('\n')}\n`
}
