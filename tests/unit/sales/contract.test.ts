import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readContract } from '../../../src/sales/contract/contract.ts'
import { fieldParser } from '../../../src/sales/contract/field.ts'

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
    'decisions among the sales',
    ({ resources }: Raw) =>
      resources.push({
        name: 'decisions',
        path: 'sales/d.csv',
        schema: { fields: [{ name: 'x' }] },
      }),
    /resources.1.path: "sales\/d.csv" is not in the folder decisions\//,
  ],
  [
    'decisions and no sales',
    ({ resources }: Raw) =>
      Object.assign(resources[0], { name: 'decisions', path: 'decisions/d.csv' }),
    /resources: names no sales/,
  ],
  [
    'a date of decisions that would be ignored',
    ({ resources }: Raw) =>
      resources.push({
        name: 'decisions',
        path: 'decisions/d.csv',
        schema: { fields: [{ name: 'day', type: 'date', format: 'dd/mm/yyyy' }] },
      }),
    /resources.1.schema.fields.0.format/,
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
    'a path to the network that does not say what lies there',
    ({ resources }: Raw) => Object.assign(resources[0], { path: 'https://a/b.csv' }),
    /needs bytes.*\n.*data add/,
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
  ...unsupported('schema', { primaryKey: ['id'] }, { uniqueKeys: [['id']] }, { foreignKeys: [] }),
  ...unsupported('resource', { compression: 'gz' }, { data: [] }, { colour: 'red' }),
  ...unsupported('field', { missingValues: ['x'] }, { unique: true }, { categories: ['a'] }),
  ...unsupported('package', { resource: [] }),
  ...[
    { decimalChar: ',', groupChar: ',' },
    { groupChar: '.' },
    { decimalChar: '5' },
    { decimalChar: '-' },
    { decimalChar: '"' },
    { groupChar: 'e' },
    { groupChar: '\t' },
    { groupChar: '\n' },
    { type: 'integer', decimalChar: ',' },
    { type: 'string', groupChar: ',' },
    { constraints: { minimum: '1.234,5' } },
    { constraints: { maximum: 'much' } },
    { constraints: { enum: ['1', 'two'] } },
    { type: 'string', constraints: { minimum: 1 } },
    { type: 'date', constraints: { minimum: '01/01/2020' } },
    { type: 'date', constraints: { maximum: 20200101 } },
    { type: 'string', format: 'email' },
    { type: 'duration' },
    { type: 'string', constraints: { pattern: '(a)\\1' } },
    { type: 'string', constraints: { pattern: '(?!a)b' } },
    { type: 'string', constraints: { pattern: '(?<=a)b' } },
    { type: 'string', constraints: { pattern: '((a{99}){99}){99}' } },
    { type: 'string', constraints: { pattern: 'a'.repeat(1001) } },
    { type: 'datetime', format: '%Y-%m-%d%f%f!' },
    { type: 'datetime', format: '%Y-%m-%d%f%H' },
  ].map(
    (wrong) =>
      [
        `an unused field of ${JSON.stringify(wrong).slice(0, 60)}`,
        ({ resources }: Raw) =>
          resources[0].schema.fields.push({ name: 'other', type: 'number', ...wrong }),
        /fields.2/,
      ] as const,
  ),
  ...[{ delimiter: '"' }, { delimiter: 'a' }, { delimiter: '1' }, { quoteChar: '\n' }].map(
    (dialect) =>
      [
        `cells that cannot be told apart: ${JSON.stringify(dialect)}`,
        ({ resources }: Raw) => Object.assign(resources[0], { dialect }),
        /resources.0.dialect: delimiter and quoteChar must differ/,
      ] as const,
  ),
  [
    'plausible days that do not exist',
    ({ cd4ml }: Raw) => Object.assign(cd4ml, { plausibleDays: { from: '2020-02-30' } }),
    /cd4ml.plausibleDays.from/,
  ],
  [
    'plausible days that end before they begin',
    ({ cd4ml }: Raw) => Object.assign(cd4ml, { plausibleDays: { to: '1980-01-01' } }),
    /cd4ml.plausibleDays: there is no day from 1990-01-01 to 1980-01-01/,
  ],
] as const)(
  'a contract with %s is refused where it is wrong, before any file is read',
  async (_, change, message) => {
    await expect(read(change)).rejects.toThrow(message)
    await expect(read(change)).rejects.toMatchObject({
      name: 'UserError',
      place: { file: expect.stringContaining('c.json') },
    })
  },
)

test('a thousand grouped with the delimiter is a number, where cells are quoted', async () => {
  const contract = await read(({ resources }) =>
    resources[0].schema.fields.push({ name: 'amount', type: 'number', groupChar: ',' }),
  )
  expect(contract.resources[0].fields[2].groupChar).toBe(',')
})

test('whole numbers may be grouped with points, since nothing parts decimals in them', async () => {
  const contract = await read(({ resources }) =>
    resources[0].schema.fields.push({ name: 'amount', type: 'integer', groupChar: '.' }),
  )
  const parse = fieldParser(contract.resources[0].fields[2])
  expect(['1.234', '12', '1.5', '12.34'].map((text) => parse?.(text))).toEqual([
    1234,
    12,
    undefined,
    undefined,
  ])
})

test('what only describes the data for people may stand in a contract', async () => {
  await read((raw) => {
    const about = { title: 't', description: 'd', sources: [], licenses: [] }
    Object.assign(raw, { ...about, name: 'sales', version: '1', contributors: [] })
    Object.assign(raw.resources[0], { ...about, mediatype: 'text/csv', format: 'csv' })
    Object.assign(raw.resources[0].schema.fields[0], { ...about, example: '1', rdfType: 'x' })
  })
})

test('a contract of thousands of fields is read as fast as it is long', async () => {
  const names = Array.from({ length: 4000 }, (_, index) => ({ name: `column ${index}` }))
  const contract = await read(({ resources }) => resources[0].schema.fields.push(...names))
  expect(contract.resources[0].fields).toHaveLength(4002)
})

test('a missing contract and one that is no JSON are named', async () => {
  await expect(readContract('/nowhere/c.json')).rejects.toThrow(
    /^\/nowhere\/c\.json: .*cannot be read/,
  )
  await expect(readText('{')).rejects.toThrow(/c\.json: is not valid JSON/)
})

test.each(['data', 'examples/online-retail', 'examples/bakery', 'examples/retailer-stock'])(
  'the contract in %s is a contract',
  async (folder) => {
    const file = join(import.meta.dirname, '../../..', folder, 'datapackage.json')
    expect((await readContract(file)).columns.has('saleDate')).toBe(true)
  },
)

/** Contracts with a key that asks for something that is not done, at this place. */
function unsupported(place: 'package' | 'resource' | 'schema' | 'field', ...keys: object[]) {
  const at = ({ resources: [resource], ...raw }: Raw) =>
    ({ package: raw, resource, schema: resource.schema, field: resource.schema.fields[0] })[place]
  return keys.map((key) => {
    const [name] = Object.keys(key)
    const change = (raw: Raw) => Object.assign(place === 'package' ? raw : at(raw), key)
    return [
      `the key ${name} of a ${place}`,
      change,
      new RegExp(`${name}: is not supported`),
    ] as const
  })
}

function read(change: (raw: Raw) => unknown) {
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
