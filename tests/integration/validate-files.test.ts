import { link, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { UserError } from '../../src/base/errors.ts'
import { validate } from '../../src/steps/data/validate.ts'
import { contractOf, smallContract } from '../unit/sales/contracts.ts'
import {
  csv,
  day,
  finding,
  goodRow,
  header,
  rulesIn,
  temporaryFolder,
  validated,
} from './validate-fixture.ts'

const latin1 = { encoding: 'iso-8859-1' }

async function refusal(content: string | Uint8Array, contract = contractOf()) {
  const { result } = await validated({ files: { 'sales.csv': content }, contract })
  expect(result.outcome).toBe('invalid')
  const found = result.report.findings.find(({ level }) => level === 'file')
  expect(found?.file).toBe('sales.csv')
  const { rule, column, examples } = found ?? { examples: [] }
  return { rule, column, line: examples[0].line, value: examples[0].value }
}

test('a file that is not there is named, with the contract that asks for it', async () => {
  await expect(validated({ files: {} })).rejects.toThrow(/sales\.csv: the file is missing\n.*data/)
  const contract = contractOf({ resource: { path: 'sales/*.csv' } })
  await expect(validated({ files: {}, contract })).rejects.toThrow(/there is no .*sales\/\*\.csv/)
  await expect(validated({ files: {}, contract })).rejects.toBeInstanceOf(UserError)
})

test('a folder where a file should be is the mistake of a user, not a crash', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'sales.csv'))
  const contractFile = join(folder, 'c.json')
  await writeFile(contractFile, JSON.stringify(contractOf()))
  await expect(validate({ dataFolder: folder, contractFile, today: 0 })).rejects.toThrow(
    /is not a file/,
  )
})

test.each([
  ['another spelling', ['sales/a.csv', './sales/a.csv'], /sales\/a\.csv is named twice/],
  ['a doubled slash', ['sales/*.csv', 'sales//a.csv'], /sales\/a\.csv is named twice/],
  ['a dot between', ['sales/a.csv', 'sales/./a.csv'], /sales\/a\.csv is named twice/],
])('a file that the contract names by %s as well does not count twice', async (_, path, said) => {
  const files = { 'sales/a.csv': csv(goodRow) }
  const contract = contractOf({ resource: { path } })
  await expect(validated({ files, contract })).rejects.toThrow(said)
})

test.each([
  ['a link', symlink],
  ['a second name on the disk', link],
])('a file that is there under %s as well does not count twice', async (_, connect) => {
  const contract = contractOf({ resource: { path: '*.csv' } })
  const { folder } = await validated({ files: { 'a.csv': csv(goodRow) }, contract })
  await connect(join(folder, 'a.csv'), join(folder, 'b.csv'))
  const contractFile = join(folder, 'datapackage.json')
  const again = validate({ dataFolder: folder, contractFile, today: day('2026-10-31') })
  await expect(again).rejects.toThrow(/b\.csv is named twice: it is a\.csv/)
})

const quotedText = csv(goodRow, goodRow.replace('Milk', '"Pão"'))

test.each([
  ['as it was', quotedText],
  ['packed', gzipSync(quotedText)],
  ['with line ends of Windows', quotedText.replaceAll('\n', '\r\n')],
  ['with a byte order mark', `\uFEFF${quotedText}`],
  ['without the last line end', quotedText.trimEnd()],
  ['with an empty line', `${quotedText}\n`],
  ['without quotation marks', quotedText.replaceAll('"', '')],
])('a copy under another name, saved %s, does not count twice', async (_, copy) => {
  const contract = contractOf({ resource: { path: 'sales*' } })
  const name = typeof copy === 'string' ? 'sales (1).csv' : 'sales (1).csv.gz'
  await expect(
    validated({ files: { 'sales.csv': quotedText, [name]: copy }, contract }),
  ).rejects.toThrow(/is named twice: it holds the same/)
})

test('files that only look alike all count', async () => {
  const contract = contractOf({ resource: { path: 'sales*' } })
  const files = {
    'sales 1.csv': `${header}\n`,
    'sales 2.csv': `${header}\n`,
    'sales 3.csv': csv(goodRow),
    'sales 4.csv': csv(goodRow.replace('5,49', '5,48')),
    'sales 5.csv': csv(goodRow.replace('Milk', 'TV 42"')),
    'sales 6.csv': csv(goodRow.replace('Milk', 'TV 43"')),
  }
  expect((await validated({ files, contract })).report.totals.unitsSold).toBe(4)
})

test('a file and its packed namesake each have their own quarantine', async () => {
  const bad = goodRow.replace('5,49', 'x')
  const contract = contractOf({ resource: { path: 'sales*' } })
  const files = { 'sales.csv': csv(bad), 'sales.csv.gz': gzipSync(csv(bad, goodRow)) }
  const { folder } = await validated({ files, contract })
  expect(await readdir(join(folder, 'quarantine'))).toEqual(['sales.csv', 'sales.csv.gz.rows.csv'])
})

test('a * is anything within a name, and never hangs', async () => {
  const long = `${'a'.repeat(200)}.csv`
  const paths = ['b*.csv', '*x*y.csv', `${'*a'.repeat(12)}.csv`, '*a*b.csv']
  const found = ['b.csv', 'bc.csv', 'xy.csv', '1xx2y.csv', long]
  const files = Object.fromEntries(
    [...found, 'cb.csv', 'yx.csv'].map((name) => [name, `${name}\n`]),
  )
  const seen = async (path: string) => {
    const { report } = await validated({ files, contract: contractOf({ resource: { path } }) })
    return report.files.map(({ file }) => file)
  }
  expect(await seen(paths[0])).toEqual(['b.csv', 'bc.csv'])
  expect(await seen(paths[1])).toEqual(['1xx2y.csv', 'xy.csv'])
  expect(await seen(paths[2])).toEqual([long])
  await expect(seen(paths[3])).rejects.toThrow(/there is no/)
})

test('an empty file is refused, a header without rows is pointed out', async () => {
  expect(await refusal('')).toMatchObject({ rule: 'file-empty' })
  const contract = contractOf({ resource: { path: ['sales.csv', 'empty.csv'] } })
  const files = { 'sales.csv': csv(goodRow), 'empty.csv': `${header}\n` }
  const { result } = await validated({ files, contract })
  expect(result.outcome).toBe('valid')
  expect(finding(result, 'no-rows')).toMatchObject({ file: 'empty.csv', level: 'warning' })
})

test('no sales at all is no history that a forecast could start from', async () => {
  const { result } = await validated({ files: { 'sales.csv': `${header}\n` } })
  expect(result.outcome).toBe('invalid')
  expect(rulesIn(result)).toContain('no-sales')
})

test.each([
  ['blank', header.replace('price', ' '), { rule: 'header-blank', column: 'column 4' }],
  ['duplicate', header.replace('cost', 'price'), { rule: 'header-duplicate', column: 'price' }],
  ['missing', header.replace(';price', ''), { rule: 'header-missing', column: 'price' }],
  ['unexpected', `${header};extra`, { rule: 'header-unexpected', column: 'extra' }],
  ['misspelled', header.replace('id', '__proto__'), { rule: 'header-missing', column: 'id' }],
  ['swapped', header.replace('bought;sold', 'sold;bought'), { rule: 'header-order' }],
])(
  'a %s header is refused and named, so that no column is read as another',
  async (_, text, expected) => {
    expect(await refusal(`${text}\n${goodRow}\n`)).toMatchObject({ ...expected, line: 1 })
  },
)

test('a table with a column for each day is refused, however many columns it has', async () => {
  const wide = Array.from({ length: 80_000 }, (_, index) => `d_${index}`)
  const text = `id,sold,quantity,${wide.join(',')}\n`
  const contract = structuredClone(smallContract()) as { resources: { schema: object }[] }
  Object.assign(contract.resources[0].schema, { fieldsMatch: 'subset' })
  expect(await refusal(text, contract)).toMatchObject({ rule: 'header-too-wide', line: 1 })
  expect(await refusal(text, smallContract())).toMatchObject({ rule: 'header-too-wide' })
})

test('fieldsMatch of the standard says which other headers are fine', async () => {
  const moved = { 'sales.csv': 'quantity,sold,id\n2,2026-10-01,a\n' }
  const withMatch = (fieldsMatch: string) => {
    const contract = structuredClone(smallContract()) as { resources: { schema: object }[] }
    Object.assign(contract.resources[0].schema, { fieldsMatch })
    return contract
  }
  const { result } = await validated({ files: moved, contract: withMatch('equal') })
  expect(result.report.totals.unitsSold).toBe(2)
  const more = { 'sales.csv': 'id,sold,more,quantity\na,2026-10-01,x,3\n' }
  const subset = await validated({ files: more, contract: withMatch('subset') })
  expect(subset.report.totals.unitsSold).toBe(3)
  const fewer = { 'sales.csv': 'id,sold\na,2026-10-01\n' }
  const superset = await validated({ files: fewer, contract: withMatch('superset') })
  expect(superset.report.totals.unitsSold).toBe(1)
})

test.each(['superset', 'partial'])(
  'a column that may be missing by fieldsMatch "%s" may not where it is required',
  async (fieldsMatch) => {
    const read = async (status: object) => {
      const contract = smallContract({ fields: [{ name: 'status', constraints: status }] })
      const [{ schema }] = (contract as { resources: { schema: object }[] }).resources
      Object.assign(schema, { fieldsMatch })
      const files = { 'sales.csv': 'id,sold,quantity\na,2026-10-01,1\n' }
      return (await validated({ files, contract })).result
    }
    expect((await read({ enum: ['paid'] })).outcome).toBe('valid')
    const required = await read({ enum: ['paid'], required: true })
    expect(finding(required, 'header-missing')).toMatchObject({ level: 'file', column: 'status' })
  },
)

test('columns called __proto__ and constructor are columns like others', async () => {
  const contract = {
    resources: [
      {
        name: 'x',
        path: 'sales.csv',
        schema: {
          fields: [
            { name: '__proto__', type: 'string' },
            { name: 'constructor', type: 'date' },
          ],
        },
      },
    ],
    cd4ml: { columns: { product: '__proto__', saleDate: 'constructor' } },
  }
  const files = {
    'sales.csv': '__proto__,constructor\n__proto__,2026-10-01\ntoString,2026-10-01\n',
  }
  const { result } = await validated({ files, contract })
  expect(
    result.outcome === 'valid' && result.totals.series.map(({ productId }) => productId),
  ).toEqual(['__proto__', 'toString'])
})

test('a byte order mark is no part of the first header', async () => {
  const { result } = await validated({ files: { 'sales.csv': `\uFEFF${csv(goodRow)}` } })
  expect(result.outcome).toBe('valid')
})

test('Latin-1 accents arrive as they are, also the euro sign of Windows', async () => {
  const text = csv(goodRow.replace('Milk', 'Café')).replace('Dairy', '\x80 5')
  const { result } = await validated({
    files: { 'sales.csv': Buffer.from(text, 'latin1') },
    contract: contractOf({ resource: latin1 }),
  })
  expect(result.outcome === 'valid' && result.totals.names).toEqual(['Café'])
  expect(result.outcome === 'valid' && result.totals.categories).toEqual(['€ 5'])
})

test('Latin-1 that is declared as UTF-8, or the reverse, is refused with its line', async () => {
  const rows = csv(goodRow, goodRow.replace('Milk', 'Café'))
  expect(await refusal(Buffer.from(rows, 'latin1'))).toMatchObject({
    rule: 'encoding-wrong',
    line: 3,
  })
  expect(await refusal(rows, contractOf({ resource: latin1 }))).toMatchObject({
    rule: 'encoding-wrong',
    line: 3,
  })
})

test('NUL bytes and UTF-16 are refused with their line', async () => {
  expect(await refusal(csv(goodRow, goodRow.replace('Milk', 'Mi\0lk')))).toMatchObject({
    rule: 'nul-byte',
    line: 3,
  })
  expect(await refusal(Buffer.from(csv(goodRow), 'utf16le'))).toMatchObject({ rule: 'nul-byte' })
})

test('a quotation mark that is never closed is reported where it opens', async () => {
  const text = csv(goodRow, goodRow.replace('Milk', '"Milk'), goodRow, goodRow)
  expect(await refusal(text)).toMatchObject({ rule: 'quote-wrong', line: 3 })
  const closedLate = csv(
    goodRow,
    goodRow.replace('Milk', '"Milk'),
    goodRow.replace('Milk', 'a "b" c'),
  )
  expect(await refusal(closedLate)).toMatchObject({ rule: 'quote-wrong', line: 3 })
})

test('a mark that is not closed swallows no rows: what it leaves together is set aside', async () => {
  const swallowed = csv(
    goodRow.replace('Milk', '"Milk'),
    goodRow.replace('1;', '2;'),
    goodRow.replace('Milk', 'Monitor 19"'),
    goodRow,
  )
  const { result } = await validated({ files: { 'sales.csv': swallowed } })
  expect(result.report.totals).toMatchObject({ rowsRead: 2, rowsQuarantined: 1, unitsSold: 1 })
  expect(finding(result, 'line-end-in-cell')?.examples[0].line).toBe(2)
})

test.each(['\n', '\r\n', '\r'])(
  'a note of several lines, ended by %j, is a note, unless it holds rows',
  async (end) => {
    const contract = smallContract({ fields: [{ name: 'note' }, { name: 'by' }] })
    const rows = [
      'id,sold,quantity,note,by',
      'a,2026-10-01,1,"Dear shop,\nplease, no ""bags"",\nthanks",Ana',
      'a,2026-10-01,2,"not closed,Ana',
      'b,2026-10-01,4,,Bia',
      'c,2026-10-01,8,42",Caio',
      '',
    ]
    const text = rows.join('\n').replaceAll('\n', end)
    const { result } = await validated({ files: { 'sales.csv': text }, contract })
    expect(result.report.totals).toMatchObject({ rowsRead: 2, rowsQuarantined: 1, unitsSold: 1 })
    expect(finding(result, 'line-end-in-cell')).toMatchObject({ column: 'note', count: 1 })
  },
)

test.each([
  ['an empty line', '"not closed,Ana', '', '42",Caio'],
  ['a line of dashes', '"not closed,Ana', '-----', '42",Caio'],
  ['a row that is too short', '"not closed,Ana', 'b,2026-10-01', '42",Caio'],
  ['a row with a delimiter in a cell', '"not closed,Ana,', 'b,2026-10-01,4,,"" ,Bia', '42",Caio'],
])(
  'rows are not swallowed in a note where %s stands between them',
  async (_, open, line, close) => {
    const contract = smallContract({ fields: [{ name: 'note' }, { name: 'by' }] })
    const rows = [
      'id,sold,quantity,note,by',
      `a,2026-10-01,2,${open}`,
      line,
      `c,2026-10-01,8,${close}`,
      'd,2026-10-01,1,,Ana',
      '',
    ]
    const { result } = await validated({ files: { 'sales.csv': rows.join('\n') }, contract })
    expect(result.report.totals).toMatchObject({ rowsQuarantined: 1, unitsSold: 1 })
  },
)

test('a file that is cut off within its last number is not taken for whole', async () => {
  const contract = smallContract()
  const text = 'id,sold,quantity\na,2026-10-01,38\n'
  const read = async (content: string | Uint8Array, name = 'sales.csv') =>
    (await validated({ files: { [name]: content }, contract: named(contract, name) })).result
  expect(rulesIn(await read(text))).toEqual([])
  const cut = finding(await read(text.slice(0, -2)), 'may-be-cut-off')
  expect(cut).toMatchObject({ level: 'warning', examples: [{ line: 2 }] })
  expect(rulesIn(await read(text.slice(0, -4)))).toContain('may-be-cut-off')
  expect(rulesIn(await read(gzipSync(text.slice(0, -2)), 'a.csv.gz'))).toEqual(['may-be-cut-off'])
})

test('a quotation mark within a name is text, and the report says so', async () => {
  const { result } = await validated({
    files: { 'sales.csv': csv(goodRow, goodRow.replace('Milk', 'TV 42"')) },
  })
  expect(result.outcome === 'valid' && result.totals.names).toEqual(['TV 42"'])
  expect(finding(result, 'stray-quote')?.examples).toMatchObject([{ line: 3 }])
})

test('quotes mean nothing where the contract says that cells are not quoted', async () => {
  const contract = contractOf({ resource: { dialect: { delimiter: ';', quoteChar: null } } })
  const { result } = await validated({
    files: { 'sales.csv': csv(goodRow.replace('Milk', '"Milk')) },
    contract,
  })
  expect(result.outcome === 'valid' && result.totals.names).toEqual(['"Milk'])
})

test.each(['\n', '\r\n', '\r'])(
  'lines that end with %j are counted right, also within quotes',
  async (end) => {
    const broken = goodRow.replace('03/10/2026', '31/02/2026')
    const twoLines = goodRow.replace('Milk', '"Milk\nfresh"')
    const text = [header, goodRow, twoLines, '', broken, ''].join('\n').replaceAll('\n', end)
    const { result } = await validated({ files: { 'sales.csv': text } })
    expect(result.report.totals).toMatchObject({ rowsRead: 3, rowsQuarantined: 2 })
    expect(finding(result, 'line-end-in-cell')?.examples[0].line).toBe(3)
    expect(finding(result, 'date-unreadable')?.examples).toEqual([{ line: 6, value: '31/02/2026' }])
  },
)

test('a line of many megabytes is refused without being held in memory', async () => {
  const long = goodRow.replace('Milk', 'x'.repeat(8_000_000))
  expect(await refusal(csv(goodRow, long, goodRow))).toMatchObject({
    rule: 'row-too-long',
    line: 3,
  })
})

test('a packed file is read like a plain one, and a damaged one is refused', async () => {
  const contract = contractOf({ resource: { path: 'sales.csv.gz' } })
  const packed = gzipSync(csv(goodRow))
  const { result, quarantine } = await validated({ files: { 'sales.csv.gz': packed }, contract })
  expect(result.report.totals).toMatchObject({ rowsAccepted: 1 })
  expect(await quarantine()).toBeUndefined()
  for (const damaged of [packed.subarray(0, 40), Buffer.from('no gzip')]) {
    const { result } = await validated({ files: { 'sales.csv.gz': damaged }, contract })
    expect(rulesIn(result)).toEqual(['file-unreadable'])
  }
})

test('a small packed file that unpacks to more than maxBytes is refused', async () => {
  const contract = contractOf({ resource: { path: 'sales.csv.gz' }, own: { maxBytes: 1_000_000 } })
  const files = { 'sales.csv.gz': gzipSync(csv(...Array(50_000).fill(goodRow))) }
  const { result } = await validated({ files, contract })
  expect(rulesIn(result)).toEqual(['file-too-large'])
})

test('a file is refused where it is not the one that the contract describes', async () => {
  const text = csv(goodRow)
  const bytes = text.length
  const sha256 = `sha256:${'0'.repeat(64)}`
  expect(await refusal(text, contractOf({ resource: { hash: sha256 } }))).toMatchObject({
    rule: 'file-changed',
  })
  expect(await refusal(text, contractOf({ resource: { bytes: bytes + 1 } }))).toMatchObject({
    rule: 'file-changed',
  })
  const described = contractOf({ resource: { bytes } })
  expect(
    (await validated({ files: { 'sales.csv': text }, contract: described })).result.outcome,
  ).toBe('valid')
})

test('more bad rows than the contract allows refuse the file, whatever day it is seen from', async () => {
  const bad = goodRow.replace('5,49', '5.49')
  const contract = contractOf({ own: { maxQuarantinedShare: 0.25 } })
  const files = { 'sales.csv': csv(goodRow, goodRow, goodRow, bad) }
  expect((await validated({ files, contract })).result.outcome).toBe('valid')
  const tooMany = { 'sales.csv': csv(goodRow, goodRow, bad) }
  for (const asOf of [undefined, day('2026-10-31')]) {
    const { result } = await validated({ files: tooMany, contract, ...(asOf && { asOf }) })
    expect(finding(result, 'too-many-bad-rows')?.examples[0].value).toBe(
      '1 of 3 rows (33.3%), allowed are 25.0%',
    )
  }
})

test('a file that only later rows spoil is good on an earlier day', async () => {
  const contract = contractOf({ own: { maxQuarantinedShare: 0.25 } })
  const bad = goodRow.replace('5,49', '5.49').replaceAll('/10/2026', '/11/2026')
  const files = { 'sales.csv': csv(goodRow, bad, bad) }
  const today = day('2026-12-31')
  expect((await validated({ files, contract, today })).result.outcome).toBe('invalid')
  const earlier = await validated({ files, contract, today, asOf: day('2026-10-31') })
  expect(earlier.result.outcome).toBe('valid')
})

test('data that is older than the contract allows is refused', async () => {
  const contract = contractOf({ own: { freshness: { maxAgeDays: 28 } } })
  const files = { 'sales.csv': csv(goodRow) }
  expect((await validated({ files, contract })).result.outcome).toBe('valid')
  const { result } = await validated({ files, contract, today: day('2026-11-01') })
  expect(result.outcome).toBe('invalid')
  expect(rulesIn(result)).toContain('stale')
})

/** The contract of a file of another name. */
function named(contract: object, path: string): object {
  const { resources, ...rest } = contract as { resources: object[] }
  return { ...rest, resources: resources.map((resource) => ({ ...resource, path })) }
}
