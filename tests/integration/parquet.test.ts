import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openParquet } from '../../src/sales/reading/parquet-file.ts'
import { forEachParquetRow } from '../../src/sales/reading/parquet-rows.ts'
import { temporaryFolder } from '../repository.ts'
import { emptyGroups, type Lies, parquetBytes, repeatedBytes, varint } from './parquet-bytes.ts'
import { finding, rulesIn, validated } from './validate-fixture.ts'

const folder = join(import.meta.dirname, 'parquet')

const fields = {
  product: { name: 'product', type: 'string' },
  day: { name: 'day', type: 'date' },
  units: { name: 'units', type: 'integer' },
  price: { name: 'price', type: 'number' },
  store: { name: 'store', type: 'string' },
}

type Asked = {
  fields?: { [name: string]: object }
  schema?: object
  resource?: object
  own?: object
  bytes?: Uint8Array
}

/** What validation makes of a file of `parquet/` by a contract for the ten sales. */
async function read(name: string, asked: Asked = {}) {
  const content = asked.bytes ?? (await readFile(join(folder, `${name}.parquet`)))
  return validated({
    files: { 'sales.parquet': content },
    contract: contractOf('sales.parquet', asked),
  })
}

function contractOf(path: string, asked: Asked): object {
  return {
    resources: [
      {
        name: 'sales',
        path,
        ...asked.resource,
        schema: { fields: Object.values({ ...fields, ...asked.fields }), ...asked.schema },
      },
    ],
    cd4ml: {
      columns: {
        product: 'product',
        saleDate: 'day',
        quantity: 'units',
        price: 'price',
        store: 'store',
      },
      maxQuarantinedShare: 1,
      ...asked.own,
    },
  }
}

const csv = `product,day,units,price,store
007,2026-01-05,3,2.50,9007199254740993
0012,2026-01-05,1,12.90,1
café,2026-01-06,2,0.10,9007199254740993
007,2026-01-06,0,2.50,1
0012,2026-01-07,4,12.90,9007199254740993
café,2026-01-07,1,0.10,1
007,2026-01-08,-1,2.50,9007199254740993
0012,2026-01-08,2,12.90,1
café,2026-01-09,1,,9007199254740993
007,2026-01-09,5,2.45,1
`

/** Of the same sales as CSV. */
async function expected() {
  const read = await validated({
    files: { 'sales.csv': csv },
    contract: contractOf('sales.csv', {}),
  })
  return { totals: totalsOf(read), report: reportOf(read) }
}

function totalsOf({ result }: Awaited<ReturnType<typeof validated>>) {
  return result.outcome === 'valid' ? result.totals : result.report.findings
}

/** Without what says that it was Parquet. */
function reportOf({ report }: Awaited<ReturnType<typeof validated>>) {
  return JSON.parse(
    JSON.stringify(report).replaceAll('sales.parquet', 'sales.csv').replaceAll('"row":', '"line":'),
    (key, value) => (key === 'line' ? undefined : value),
  )
}

const programs: { [name: string]: Asked } = {
  pandas: {},
  polars: {},
  duckdb: {},
  spark: {},
  'spark-legacy': {},
  'pandas-index': { schema: { fieldsMatch: 'equal' } },
  'codec-none': {},
  'codec-snappy': {},
  'codec-gzip': {},
  'codec-brotli': {},
  'codec-lz4': {},
  'codec-zstd': {},
  'pages-v2': {},
  'no-dictionary': {},
  'row-groups': {},
  'empty-group': {},
  delta: {},
  split: {},
  'decimal-int32': {},
  'decimal-int64': {},
  'decimal-38': {},
  float32: {},
  dictionary: {},
  'large-text': {},
  'binary-text': {},
  'text-dates': { fields: { day: { name: 'day', type: 'date', format: '%d/%m/%Y' } } },
  'number-dates': { fields: { day: { name: 'day', type: 'date', format: '%Y%m%d' } } },
  'timestamp-s': { fields: { day: { name: 'day', type: 'datetime' } } },
  'timestamp-ms': { fields: { day: { name: 'day', type: 'datetime' } } },
  'timestamp-us': {
    fields: { day: { name: 'day', type: 'datetime', format: '%d/%m/%Y %H:%M' } },
  },
  'timestamp-ns': { fields: { day: { name: 'day', type: 'datetime' } } },
  instants: {
    fields: { day: { name: 'day', type: 'datetime' } },
    own: { timeZone: 'America/Sao_Paulo' },
  },
  'spark-instants': {
    fields: { day: { name: 'day', type: 'datetime' } },
    own: { timeZone: 'America/Sao_Paulo' },
  },
  flag: {
    schema: { fieldsMatch: 'subset' },
  },
  nested: { schema: { fieldsMatch: 'subset' } },
  reordered: { schema: { fieldsMatch: 'equal' } },
}

describe('the same sales, by whatever program', () => {
  it.each(Object.keys(programs))(
    '%s: a buyer gets the totals and the report of CSV',
    async (name) => {
      const made = await read(name, programs[name])
      const { totals, report } = await expected()
      expect(totalsOf(made)).toEqual(totals)
      expect(reportOf(made)).toEqual(report)
    },
  )
})

const datetime = { fields: { day: { name: 'day', type: 'datetime' } } }

const refused: { [name: string]: { asked: Asked; rule: string; says: RegExp } } = {
  instants: { asked: datetime, rule: 'time-zone-missing', says: /instants/ },
  'spark-int96': { asked: datetime, rule: 'parquet-unsupported', says: /INT96/ },
  int96: { asked: datetime, rule: 'parquet-unsupported', says: /INT96/ },
  'nested-product': { asked: {}, rule: 'parquet-unsupported', says: /nested/ },
  'double-id': { asked: {}, rule: 'column-type', says: /DOUBLE.*rounded.*string/ },
  twice: { asked: {}, rule: 'header-duplicate', says: /units/ },
  reordered: { asked: {}, rule: 'header-order', says: /store/ },
  encrypted: { asked: {}, rule: 'parquet-unsupported', says: /encrypted/ },
  'encrypted-column': { asked: {}, rule: 'parquet-unsupported', says: /encrypted/ },
  flag: {
    asked: { fields: { paid: { name: 'paid', type: 'integer' } } },
    rule: 'column-type',
    says: /BOOLEAN.*integer/,
  },
  spark: {
    asked: {
      fields: {
        price: { name: 'day', type: 'date', format: '%d %b %Y' },
        day: { name: 'price', type: 'number' },
      },
      schema: { fieldsMatch: 'equal' },
    },
    rule: 'column-type',
    says: /%d %b %Y/,
  },
  'no-rows': { asked: {}, rule: 'no-sales', says: /./ },
}

describe('what cannot be read right is refused with its reason', () => {
  it.each(Object.keys(refused))('%s', async (name) => {
    const { asked, rule, says } = refused[name]
    const { result } = await read(name, asked)
    expect(rulesIn(result)).toContain(rule)
    expect(result.outcome).toBe('invalid')
    const found = finding(result, rule)
    expect(JSON.stringify([found?.column, found?.examples, found?.explanation])).toMatch(says)
  })
})

it('names the row that is quarantined, and keeps only the columns that were read', async () => {
  const note = { name: 'store', type: 'string' }
  const { result, quarantine } = await validated({
    files: { 'sales.parquet': await readFile(join(folder, 'row-groups.parquet')) },
    contract: {
      ...contractOf('sales.parquet', {
        fields: {
          store: note,
          units: { name: 'units', type: 'integer', constraints: { maximum: 4 } },
        },
      }),
      cd4ml: {
        columns: { product: 'product', saleDate: 'day', quantity: 'units' },
        maxQuarantinedShare: 1,
      },
    },
  })
  expect(finding(result, 'constraint')?.examples).toEqual([{ row: 10, value: '5' }])
  expect(await quarantine('sales.parquet.rows.csv')).toBe(
    '"reasons","row","product","day","units","price"\n"constraint (units)","10","007","2026-01-09","5","2.45"\n',
  )
})

it('reads ids beyond 2^63 as they are, and a column of nulls as empty cells', async () => {
  const { result } = await read('unsigned')
  const stores =
    result.outcome === 'valid' ? result.totals.series.map(({ storeId }) => storeId) : []
  expect(new Set(stores)).toEqual(new Set(['18446744073709551615', '1']))
  const nulls = await read('all-null')
  expect(finding(nulls.result, 'price-missing')?.count).toBe(10)
})

it('takes false for what a constraint leaves out', async () => {
  const paid = { name: 'paid', type: 'boolean', constraints: { enum: [true] } }
  const { result } = await read('flag', { fields: { paid } })
  expect(finding(result, 'constraint')?.examples).toEqual([{ row: 10, value: 'false' }])
})

it('quarantines a time in a column of dates, as CSV does', async () => {
  const { result } = await read('timestamp-ms')
  expect(finding(result, 'date-unreadable')?.examples[0]).toEqual({
    row: 1,
    value: '2026-01-05T22:00:00',
  })
})

/** Of Thrift: a list of lists, which claims 2^31 - 1 of them. */
const ENDLESS_LIST = Buffer.from([0xf9, 0xff, 0xff, 0xff, 0xff, 0x07])

describe('a file that lies', () => {
  const oneSale = (bytes: Uint8Array) =>
    validated({
      files: { 'sales.parquet': bytes },
      contract: {
        resources: [
          {
            name: 'sales',
            path: 'sales.parquet',
            schema: { fields: [{ name: 'product' }, { name: 'day', type: 'date' }] },
          },
        ],
        cd4ml: { columns: { product: 'product', saleDate: 'day' }, maxBytes: 1000 },
      },
    })

  it('is read where it does not', async () => {
    const { report } = await oneSale(parquetBytes())
    expect(report.totals).toMatchObject({ rowsAccepted: 1, lastSaleDay: '2024-10-04' })
  })

  const lies: { [what: string]: Lies } = {
    'of 10^9 rows': { rows: 1_000_000_000n },
    'of 10^9 rows, and as many values': { rows: 1_000_000_000n, values: 1_000_000_000 },
    'of 2^63 rows': { rows: 2n ** 63n - 1n },
    'of rows below zero': { rows: -1n },
    'of other rows in its groups': { groupRows: 2n },
    'of a place before its beginning': { offset: -5n },
    'of a place beyond its end': { offset: 10n ** 12n },
    'of bytes that it has not': { columnBytes: 10n ** 15n },
    'of a page of 2 GB': { unpacked: 2 ** 31 - 1 },
    'of a packed page of 2 GB': { packed: 2 ** 31 - 1 },
    'of a page below zero': { unpacked: -1 },
    'of snappy that is none': { codec: 1, unpacked: 100 * 2 ** 20 },
    'of gzip that is none': { codec: 2, unpacked: 100 * 2 ** 20 },
    'of brotli that is none': { codec: 4, unpacked: 100 * 2 ** 20 },
    'of zstandard that is none': { codec: 6, unpacked: 100 * 2 ** 20 },
    'of lz4 that is none': { codec: 7, unpacked: 100 * 2 ** 20 },
    'of LZO': { codec: 3 },
    'of a codec that nobody knows': { codec: 77 },
    'of a dictionary that it has not': { encoding: 8, body: Buffer.from([1, 2, 0]) },
    'of an encoding that nobody knows': { encoding: 77 },
    'of deltas in blocks of 2^31': {
      encoding: 5,
      body: Buffer.concat([varint(2n ** 31n), varint(2n ** 31n), Buffer.from([1, 0])]),
    },
    'of more children than it has': { children: 100_000 },
    // 30 million columns, in a list of which there is nothing.
    'of a list of 30 million columns': {
      metadata: Buffer.concat([Buffer.from([0x15, 2, 0x19, 0xfc]), varint(30_000_000n)]),
    },
    'of descriptions within descriptions': { metadata: Buffer.alloc(5000, 0x1c) },
    'of deltas with a number that does not end': {
      encoding: 5,
      body: Buffer.concat([Buffer.from([128, 1, 4, 1]), Buffer.alloc(100, 0xff)]),
    },
    'of fewer children than it has': { children: 1 },
    'of a column without a name': { isNameless: true },
    'of a column of two types': { columnType: 2 },
    'of fewer values than a page has': { body: Buffer.alloc(8) },
    'of another checksum': { checksum: 1 },
    'of a checksum of 64 bits': { checksum: 1n },
    'of a footer that is longer than it': { footerLength: 2 ** 31 },
    'of lists of 2^31 lists in each other': {
      metadata: Buffer.concat([Buffer.from([0x19]), ...Array(200).fill(ENDLESS_LIST)]),
    },
    'of 60 million row groups without anything': { metadata: emptyGroups(60_000_000) },
    'by a number of a million digits': {
      metadata: Buffer.concat([Buffer.from([0x16]), Buffer.alloc(1_000_000, 0xff)]),
    },
  }
  it.each(Object.keys(lies))('%s is refused, and takes no memory for it', async (what) => {
    const { result } = await oneSale(parquetBytes(lies[what]))
    const rules = rulesIn(result)
    expect(rules[0]).toMatch(/^parquet-(damaged|unsupported)$/)
  })

  it('by a value that a thousand columns repeat a million times is refused, and takes no memory for it', async () => {
    const names = ['product', 'day', ...Array.from({ length: 1000 }, (_, at) => `c${at}`)]
    const path = join(await temporaryFolder(), 'wide.parquet')
    const rowsRead = async (names: string[], rows: number) => {
      await writeFile(path, repeatedBytes(names, rows))
      const file = await openParquet(path)
      const columns = names.map((_, position) => ({ position, field: undefined }))
      let read = 0
      await forEachParquetRow(file, { columns, timeZone: undefined, maxBytes: 1e9 }, (cells) => {
        if (cells.every((cell) => cell === 'abc')) read++
      }).finally(() => file.close())
      return read
    }
    // What writers make of a column that is always the same.
    expect(await rowsRead(names.slice(0, 20), 300_000)).toBe(300_000)
    const before = process.memoryUsage().rss
    await expect(rowsRead(names, 1_000_000)).rejects.toMatchObject({ rule: 'parquet-unsupported' })
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1024 ** 2)
  })

  it('by a row that it repeats is refused at the size that the contract allows', async () => {
    // A run of a million times the same number, of no bits each.
    const { result } = await oneSale(
      parquetBytes({ rows: 1_000_000n, values: 1_000_000, encoding: 8, body: Buffer.from([0]) }),
    )
    expect(result.outcome).toBe('invalid')
  })

  it('is refused wherever it is cut off, and whatever is changed in it', async () => {
    const whole = await readFile(join(folder, 'codec-snappy.parquet'))
    for (let length = 0; length < whole.length; length += 397) {
      const { result } = await read('cut', { bytes: whole.subarray(0, length) })
      expect(rulesIn(result)[0]).toMatch(length === 0 ? 'file-empty' : 'parquet-damaged')
    }
    for (let at = 0; at < whole.length; at += 307) {
      const changed = Buffer.from(whole)
      changed[at] ^= 0xff
      await expect(read('changed', { bytes: changed })).resolves.toBeDefined()
    }
  })
})

it('has a test for every file', () => {
  const tested = [...Object.keys(programs), ...Object.keys(refused), 'unsigned', 'all-null']
  const names = readdirSync(folder).filter((name) => name.endsWith('.parquet'))
  expect(names.map((name) => name.replace('.parquet', '')).sort()).toEqual(
    [...new Set([...tested])].sort(),
  )
})
