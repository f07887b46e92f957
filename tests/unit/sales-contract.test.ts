import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readContract } from '../../src/sales/contract.ts'

type Raw = { resources: RawResource[]; cd4ml: { [key: string]: unknown } }
type RawResource = { path: unknown; schema: { fields: object[] }; [key: string]: unknown }

test('the defaults of the standard and of the project are filled in', async () => {
  const contract = await read(() => {})
  expect(contract.resources[0]).toMatchObject({
    paths: ['sales.csv'],
    encoding: 'utf-8',
    dialect: { delimiter: ',', quoteChar: '"', doubleQuote: true, header: true },
    fieldsMatch: 'exact',
    missingValues: [''],
  })
  expect(contract).toMatchObject({ maxQuarantinedShare: 0.05, maxAgeDays: undefined })
  expect([...contract.columns]).toEqual([
    ['product', 'id'],
    ['saleDate', 'sold'],
  ])
})

test.each([
  [
    'no sale date',
    ({ cd4ml }: Raw) => Object.assign(cd4ml, { columns: { product: 'id' } }),
    /cd4ml.columns.*saleDate/,
  ],
  [
    'a role that does not exist',
    ({ cd4ml }: Raw) =>
      Object.assign(cd4ml, { columns: { product: 'id', saleDate: 'sold', colour: 'c' } }),
    /must not have the key "colour"/,
  ],
  [
    'a column that is no field',
    ({ cd4ml }: Raw) => Object.assign(cd4ml, { columns: { product: 'ID', saleDate: 'sold' } }),
    /has no field "ID".*\n.*"id", "sold"/,
  ],
  [
    'a misspelled rule',
    ({ cd4ml }: Raw) => Object.assign(cd4ml, { maxQuarantineShare: 0.1 }),
    /"maxQuarantineShare"/,
  ],
  [
    'a share of 5 for 5%',
    ({ cd4ml }: Raw) => Object.assign(cd4ml, { maxQuarantinedShare: 5 }),
    /cd4ml.maxQuarantinedShare: must be <= 1, but is 5/,
  ],
  [
    'a spelling of two categories',
    ({ cd4ml }: Raw) => Object.assign(cd4ml, { categories: { A: ['x'], B: ['x'] } }),
    /"x" means both "A" and "B"/,
  ],
  [
    'a field twice',
    ({ resources }: Raw) => resources[0].schema.fields.push({ name: 'id' }),
    /"id" is listed twice/,
  ],
  [
    'a date as text',
    ({ resources }: Raw) => Object.assign(resources[0].schema.fields[1], { type: 'string' }),
    /fields.1.type: "sold" is used as saleDate and must be of type date or datetime, but is "string"/,
  ],
  [
    'a date format of another language',
    ({ resources }: Raw) => Object.assign(resources[0].schema.fields[1], { format: 'dd/mm/yyyy' }),
    /fields.1.format: .*\n.*"%d\/%m\/%Y"/,
  ],
  [
    'a constraint that would be ignored',
    ({ resources }: Raw) =>
      Object.assign(resources[0].schema.fields[0], { constraints: { unique: true } }),
    /must not have the key "unique"/,
  ],
  [
    'a dialect that would be ignored',
    ({ resources }: Raw) => Object.assign(resources[0], { dialect: { commentChar: '#' } }),
    /must not have the key "commentChar"/,
  ],
  [
    'an encoding nobody knows',
    ({ resources }: Raw) => Object.assign(resources[0], { encoding: 'ebcdic' }),
    /resources.0.encoding: the encoding "ebcdic" is not known/,
  ],
  [
    'a path to the root',
    ({ resources }: Raw) => Object.assign(resources[0], { path: '/etc/passwd' }),
    /leads out of the data folder/,
  ],
  [
    'a path that climbs',
    ({ resources }: Raw) => Object.assign(resources[0], { path: 'a/../../b.csv' }),
    /leads out of the data folder/,
  ],
  [
    'a path to the network',
    ({ resources }: Raw) => Object.assign(resources[0], { path: 'https://a/b.csv' }),
    /is on another machine.*\n.*Download/,
  ],
  [
    'a * in a folder',
    ({ resources }: Raw) => Object.assign(resources[0], { path: '*/b.csv' }),
    /has a \* in a folder's name/,
  ],
  [
    'a hash of many files',
    ({ resources }: Raw) => Object.assign(resources[0], { path: '*.csv', hash: 'a'.repeat(32) }),
    /bytes and hash describe one file/,
  ],
])(
  'a contract with %s is refused where it is wrong, before any file is read',
  async (_, change, message) => {
    await expect(read(change)).rejects.toThrow(message)
    await expect(read(change)).rejects.toMatchObject({
      name: 'UserError',
      place: { file: expect.stringContaining('c.json') },
    })
  },
)

test('a missing contract and one that is no JSON are named', async () => {
  await expect(readContract('/nowhere/c.json')).rejects.toThrow(
    /^\/nowhere\/c\.json: .*cannot be read/,
  )
  await expect(readText('{')).rejects.toThrow(/c\.json: is not valid JSON/)
})

test.each(['data', 'examples/online-retail', 'examples/bakery', 'examples/retailer-stock'])(
  'the contract in %s is a contract',
  async (folder) => {
    const file = join(import.meta.dirname, '../..', folder, 'datapackage.json')
    expect((await readContract(file)).columns.has('saleDate')).toBe(true)
  },
)

function read(change: (raw: Raw) => void) {
  const raw: Raw = {
    resources: [
      {
        name: 'sales',
        path: 'sales.csv',
        schema: {
          fields: [
            { name: 'id', type: 'string' },
            { name: 'sold', type: 'date' },
          ],
        },
      },
    ],
    cd4ml: { columns: { product: 'id', saleDate: 'sold' } },
  }
  change(raw)
  return readText(JSON.stringify(raw))
}

async function readText(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'cd4ml-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'c.json'), text)
  return readContract(join(folder, 'c.json'))
}
