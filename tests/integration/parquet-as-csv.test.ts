import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { parquetTable } from './parquet-bytes.ts'
import { day, temporaryFolder, validated } from './validate-fixture.ts'

type Sale = {
  product: string | null
  store: bigint | null
  bought: number | null
  sold: number | null
  units: bigint | null
  cents: number | null
}

const FIRST = day('2026-01-01')

const sales = fc.array(
  fc.record({
    product: orNull(fc.constantFrom('007', '7', 'Pão, "de" mel', ' café', 'x;y', 'ação 😀')),
    store: orNull(fc.constantFrom(1n, 9007199254740993n, -(2n ** 63n))),
    bought: orNull(fc.integer({ min: FIRST - 3, max: FIRST + 30 })),
    sold: orNull(fc.integer({ min: FIRST, max: FIRST + 400 })),
    units: orNull(fc.constantFrom(0n, 1n, 12n, -3n, 2n ** 60n)),
    cents: orNull(fc.integer({ min: -500, max: 2_000_000 })),
  }),
  { minLength: 1, maxLength: 40 },
)

function orNull<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(values, { freq: 12 })
}

function csv(rows: Sale[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = rows.map(({ product, store, bought, sold, units, cents }) =>
    [
      product === null ? '' : quoted(product),
      store ?? '',
      bought === null ? '' : isoFromDay(bought),
      sold === null ? '' : isoFromDay(sold),
      units ?? '',
      cents === null ? '' : String(cents / 100),
    ].join(','),
  )
  return `${['product,store,bought,sold,units,price', ...lines].join('\n')}\n`
}

function parquet(rows: Sale[], sizes: { groupRows: number; pageRows: number }): Buffer {
  const of = <Key extends keyof Sale>(key: Key) => rows.map((row) => row[key])
  return parquetTable(
    [
      { name: 'product', kind: 'text', values: of('product') },
      { name: 'store', kind: 'int64', values: of('store') },
      { name: 'bought', kind: 'date', values: of('bought') },
      { name: 'sold', kind: 'date', values: of('sold') },
      { name: 'units', kind: 'int64', values: of('units') },
      { name: 'price', kind: 'decimal', scale: 2, values: of('cents') },
    ],
    sizes,
  )
}

const columns = {
  ...{ product: 'product', store: 'store', purchaseDate: 'bought', saleDate: 'sold' },
  ...{ quantity: 'units', price: 'price' },
}

const resource = (path: string) => ({
  name: path.replaceAll(/[^a-z]/g, ''),
  path,
  schema: {
    fields: [
      { name: 'product', type: 'string' },
      { name: 'store', type: 'string' },
      { name: 'bought', type: 'date' },
      { name: 'sold', type: 'date' },
      { name: 'units', type: 'integer' },
      { name: 'price', type: 'number', constraints: { maximum: 15_000 } },
    ],
  },
})

function contract(...paths: string[]): object {
  return {
    resources: paths.map(resource),
    cd4ml: { columns, maxQuarantinedShare: 1, sentinels: { saleDate: ['2027-01-01'] } },
  }
}

type Read = Awaited<ReturnType<typeof validated>>

/** Without names, and where rows stand: line 2 of CSV is row 1. */
function found({ result, report }: Read) {
  const { files: _, findings, ...others } = report
  return {
    totals: result.outcome === 'valid' ? result.totals : undefined,
    others,
    findings: findings.map(({ file: _, examples, ...finding }) => ({
      ...finding,
      examples: examples.map(({ line, row, value }) => [row ?? (line && line - 1), value]),
    })),
  }
}

describe('the same sales as CSV and as Parquet', () => {
  it('give the same totals and the same report, however rows are parted into groups and pages', async () => {
    const sizes = fc.record({
      groupRows: fc.integer({ min: 1, max: 50 }),
      pageRows: fc.integer({ min: 1, max: 50 }),
    })
    await fc.assert(
      fc.asyncProperty(sales, sizes, async (rows, sizes) => {
        const one = await validated({
          files: { 'sales.csv': csv(rows) },
          contract: contract('sales.csv'),
        })
        const other = await validated({
          files: { 'sales.parquet': parquet(rows, sizes) },
          contract: contract('sales.parquet'),
        })
        expect(found(other)).toEqual(found(one))
        const quarantined = (await other.quarantine('sales.parquet.rows.csv'))?.split('\n').length
        expect(quarantined).toBe((await one.quarantine('sales.csv'))?.split('\n').length)
      }),
      { numRuns: 25 },
    )
  })

  const rows: Sale[] = Array.from({ length: 30 }, (_, n) => ({
    product: `p${n % 3}`,
    store: 1n,
    bought: FIRST,
    sold: FIRST + n,
    units: BigInt(1 + (n % 5)),
    cents: 250,
  }))
  const sizes = { groupRows: 7, pageRows: 3 }

  it('may stand side by side, and count once each', async () => {
    const { report } = await validated({
      files: {
        'a.csv': csv(rows.slice(0, 10)),
        'b.parquet': parquet(rows.slice(10), sizes),
      },
      contract: contract('a.csv', 'b.parquet'),
    })
    expect(report.totals).toMatchObject({ rowsAccepted: 30, unitsSold: 90, files: 2 })
  })

  it('are refused where they are the same: nothing counts twice', async () => {
    const twice = validated({
      files: {
        'a.parquet': parquet(rows, sizes),
        'b.parquet': parquet(rows, { groupRows: 30, pageRows: 30 }),
      },
      contract: contract('a.parquet', 'b.parquet'),
    })
    await expect(twice).rejects.toThrow(/b.parquet is named twice: it holds the same as a.parquet/)
    const { report } = await validated({
      files: { 'a.csv': csv(rows), 'b.parquet': parquet(rows, sizes) },
      contract: contract('a.csv', 'b.parquet'),
    }).catch((error) => ({ report: error.message }))
    expect(JSON.stringify(report)).toMatch(/named twice|files-overlap/)
  })

  it('are not read again where the file is the same, and are where it is not', async () => {
    const cacheFolder = await temporaryFolder()
    const read = async (sold: Sale[]) => {
      const progress: number[] = []
      const { report } = await validated({
        files: { 'sales.parquet': parquet(sold, sizes) },
        contract: contract('sales.parquet'),
        cacheFolder,
        onProgress: (done) => progress.push(done),
      })
      return { units: report.totals.unitsSold, steps: progress.length }
    }
    const first = await read(rows)
    expect(await read(rows)).toEqual({ units: first.units, steps: 1 })
    expect((await read(rows.slice(1))).units).toBe(first.units - 1)
  })

  it('are refused where bytes and hash are those of another file', async () => {
    const told = { ...resource('sales.parquet'), bytes: 5, hash: `sha256:${'0'.repeat(64)}` }
    const { report } = await validated({
      files: { 'sales.parquet': parquet(rows, sizes) },
      contract: { ...contract(), resources: [told] },
    })
    expect(report.findings.map(({ rule }) => rule)).toContain('file-changed')
  })
})

it('what is planned may be Parquet as well', async () => {
  const rows = [{ product: 'a', store: 1n, bought: FIRST, sold: FIRST, units: 2n, cents: 100 }]
  const plan = parquetTable(
    [
      { name: 'product', kind: 'text', values: ['a', null] },
      { name: 'first', kind: 'date', values: [FIRST + 10, FIRST + 12] },
      { name: 'price', kind: 'decimal', scale: 2, values: [90, 80] },
    ],
    { groupRows: 1, pageRows: 1 },
  )
  const { result, report } = await validated({
    files: { 'sales.csv': csv(rows), 'plan.parquet': plan },
    contract: {
      resources: [
        resource('sales.csv'),
        {
          name: 'plan',
          path: 'plan.parquet',
          schema: {
            fields: [
              { name: 'product' },
              { name: 'first', type: 'date' },
              { name: 'price', type: 'number' },
            ],
          },
        },
      ],
      cd4ml: {
        columns,
        maxQuarantinedShare: 1,
        plan: {
          columns: { product: 'product', from: 'first', price: 'price' },
          knownDaysBefore: 7,
        },
      },
    },
  })
  expect(report.plan).toMatchObject({ rowsRead: 2 })
  expect(result).toMatchObject({ plan: { rows: [{ from: FIRST + 10, price: 0.9 }] } })
  const [broken] = report.findings.filter(({ file }) => file === 'plan.parquet')
  expect(broken.examples[0].row).toBe(2)
})

describe('a contract that says that files are Parquet', () => {
  const error = (told: object) =>
    validated({
      files: {},
      contract: { ...contract(), resources: [{ ...resource('sales.parquet'), ...told }] },
    })

  it.each([
    [{ path: ['a.parquet', 'b.csv'] }, /"b.csv" is no Parquet file/],
    [{ format: 'csv' }, /is "csv", but "sales.parquet" is Parquet/],
    [{ format: 'parquet', path: 'sales.csv' }, /"sales.csv" is no Parquet file/],
    [{ path: 'sales.parquet.gz' }, /is packed twice/],
    [{ dialect: { delimiter: ';' } }, /is about text/],
    [{ encoding: 'iso-8859-1' }, /must be utf-8/],
  ])('holds together, or is refused: %j', async (told, says) => {
    await expect(error(told)).rejects.toThrow(says)
  })

  it('may say it by format alone, whatever they are called', async () => {
    const rows: Sale[] = [
      { product: 'a', store: 1n, bought: FIRST, sold: FIRST, units: 2n, cents: 100 },
    ]
    const { report } = await validated({
      files: { 'part-0001': parquet(rows, { groupRows: 1, pageRows: 1 }) },
      contract: { ...contract(), resources: [{ ...resource('part-*'), format: 'parquet' }] },
    })
    expect(report.totals.unitsSold).toBe(2)
  })

  it('is asked for where a file under the name of CSV is Parquet', async () => {
    const rows = [{ product: 'a', store: 1n, bought: FIRST, sold: FIRST, units: 2n, cents: 100 }]
    const { report } = await validated({
      files: { 'sales.csv': parquet(rows, { groupRows: 1, pageRows: 1 }) },
      contract: contract('sales.csv'),
    })
    expect(report.findings[0].examples[0].value).toMatch(
      /^it is Parquet: write "format": "parquet"/,
    )
  })

  it('has a time zone only where there may be instants', async () => {
    const own = { columns, timeZone: 'Europe/Lisbon' }
    const read = validated({ files: {}, contract: { resources: [resource('a.csv')], cd4ml: own } })
    await expect(read).rejects.toThrow(/cd4ml.timeZone: is for instants in Parquet/)
  })
})
