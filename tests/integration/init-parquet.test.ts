import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type GuessOptions, guessContract } from '../../src/sales/guess/guess-contract.ts'
import { day, temporaryFolder, validated } from './validate-fixture.ts'

const folder = join(import.meta.dirname, 'parquet')

async function guessed(name: string, options: Partial<GuessOptions> = {}, as = 'sales.parquet') {
  const path = join(await temporaryFolder(), as)
  await copyFile(join(folder, `${name}.parquet`), path)
  return guessContract([{ name: as, path }], {
    name: 'sales',
    paths: [as],
    today: day('2026-10-31'),
    columns: new Map(),
    unset: new Set(),
    ...options,
  })
}

const roles = {
  product: 'product',
  saleDate: 'day',
  quantity: 'units',
  price: 'price',
  store: 'store',
}

it.each([
  ...['pandas', 'polars', 'duckdb', 'spark', 'split', 'delta', 'decimal-38', 'pages-v2', 'float32'],
  ...['timestamp-ns', 'number-dates', 'binary-text', 'row-groups', 'nested', 'flag'],
])('guesses a contract of %s by which its ten sales are read', async (name) => {
  const { dataPackage, questions, rows } = await guessed(name)
  expect([questions, rows]).toEqual([[], 10])
  expect(dataPackage.cd4ml).toEqual({ columns: roles })
  const { report } = await validated({
    files: { 'sales.parquet': await readFile(join(folder, `${name}.parquet`)) },
    contract: dataPackage,
  })
  expect(report.totals).toMatchObject({
    ...{ rowsAccepted: 10, unitsSold: 19, unitsReturned: 1, products: 3, stores: 2 },
    ...{ firstSaleDay: '2026-01-05', lastSaleDay: '2026-01-09' },
  })
})

it('writes types as the file has them, and asks nothing of columns without a role', async () => {
  const { dataPackage } = await guessed('nested')
  const [resource] = dataPackage.resources
  expect(resource).toEqual({
    name: 'sales',
    path: ['sales.parquet'],
    format: 'parquet',
    schema: {
      fields: [
        { name: 'product', type: 'string' },
        { name: 'day', type: 'date', format: 'default' },
        { name: 'units', type: 'integer' },
        { name: 'price', type: 'number' },
        { name: 'store', type: 'string' },
        { name: 'lines', type: 'any' },
        { name: 'customer', type: 'any' },
      ],
      missingValues: [''],
    },
  })
})

it('asks which of day and month comes first, where text leaves it open', async () => {
  const { questions } = await guessed('text-dates')
  expect(questions.map(({ question }) => question)).toEqual([
    'Does "day" write the day first, or the month?',
  ])
  const { dataPackage } = await guessed('text-dates', { dates: 'dmy' })
  expect(JSON.stringify(dataPackage)).toContain('{"name":"day","type":"date","format":"%d/%m/%Y"}')
})

it('takes the days of instants from the time zone of the project, and says so', async () => {
  const { dataPackage, remarks } = await guessed('instants', { timeZone: 'America/Sao_Paulo' })
  expect(dataPackage.cd4ml).toEqual({ columns: roles, timeZone: 'America/Sao_Paulo' })
  expect(remarks).toEqual([
    expect.stringMatching(/^"day" holds instants in UTC.*America\/Sao_Paulo/),
  ])
  const { report } = await validated({
    files: { 'sales.parquet': await readFile(join(folder, 'instants.parquet')) },
    contract: dataPackage,
  })
  expect(report.totals).toMatchObject({ firstSaleDay: '2026-01-05', lastSaleDay: '2026-01-09' })
})

it.each([
  ['twice', 'sales.parquet', /two columns are called "units"/],
  ['encrypted', 'sales.parquet', /encrypted/],
  ['codec-zstd', 'sales.csv', /Parquet under the name of CSV/],
  ['no-rows', 'sales.parquet', /holds no row/],
])('says what is wrong with %s as %s', async (name, as, says) => {
  await expect(guessed(name, {}, as)).rejects.toThrow(says)
})
