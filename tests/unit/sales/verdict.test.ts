import { describe, expect, test } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { salesOfAll, salesOfFile } from '../../../src/sales/checks/sales-sums.ts'
import { reportFrom } from '../../../src/sales/checks/validation-report.ts'
import { verdictOn } from '../../../src/sales/checks/verdict.ts'
import { readContract } from '../../../src/sales/contract/contract.ts'
import { roles } from '../../../src/sales/contract/roles.ts'
import { rules } from '../../../src/sales/contract/rules.ts'
import type { FileReading } from '../../../src/sales/reading/file-reader.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { dayOf, type Entry, totalsOf } from '../demand/totals.ts'
import { contractOf } from './contracts.ts'

const DAY = dayOf('2026-03-01')
const folder = await temporaryFolder()
await put(folder, {
  'datapackage.json': JSON.stringify(contractOf({ own: { maxQuarantinedShare: 0.25 } })),
})
const contract = await readContract(`${folder}/datapackage.json`)
const none = totalsOf([])

/** Of rows by how many days after the first they came. */
const counts = (...rows: number[]) => new Map(rows.map((count, days) => [DAY + days, count]))

function verdict(
  files: Partial<FileReading>[],
  {
    totals = none,
    ...changes
  }: Partial<Parameters<typeof verdictOn>[0]> & { totals?: DailyTotals } = {},
) {
  const rows = { read: new Map(), quarantined: new Map(), numbering: 'line' }
  const empty = { ...rows, findings: [], totals: none }
  const lastDay = changes.asOf ?? Number.POSITIVE_INFINITY
  const readings = files.map((reading, index) => ({
    name: `${index + 1}.csv`,
    reading: { ...empty, ...reading } as unknown as FileReading,
    sold: salesOfFile(reading.totals ?? none, lastDay),
  }))
  const sales = { contract, readings, chain: salesOfAll([totals]) }
  return verdictOn({ ...sales, plan: undefined, batch: [], asOf: undefined, ...changes })
}

const finding = (
  rule: 'price-missing' | 'sentinel' | 'left-out',
  days: Map<number, number>,
  column?: string,
) => ({
  rule,
  column,
  days,
  examples: [...days.keys()].map((day, index) => ({ line: index + 2, value: `${index}`, day })),
})

describe('what the files hold', () => {
  const entries: Entry[] = [
    { product: 'a', day: DAY, sold: 0.1, returned: 0.25 },
    { product: 'a', day: DAY + 2, sold: 0.2 },
    { product: 'b', day: DAY + 1, sold: 4 },
    { product: 'b', day: DAY - 5, bought: 9 },
    { product: 'b', day: DAY + 9, bought: 9 },
  ]
  const totals = totalsOf(entries, { purchaseDate: true })
  const files = [
    { read: counts(5, 3, 2), quarantined: counts(1, 0, 1), totals },
    { read: counts(4), quarantined: counts(0) },
  ]

  test('is added up, of each file and of all, until the last day', () => {
    expect(verdict(files, { totals })).toMatchObject({
      outcome: 'valid',
      totals: {
        files: 2,
        ...{ rowsRead: 14, rowsAccepted: 12, rowsQuarantined: 2 },
        ...{ unitsSold: 4.3, unitsReturned: 0.25, products: 2, stores: 0, days: 3 },
        ...{ firstSaleDay: '2026-03-01', lastSaleDay: '2026-03-03' },
      },
      files: [
        {
          file: '1.csv',
          ...{ rowsRead: 10, rowsAccepted: 8, rowsQuarantined: 2, unitsSold: 4.3 },
          ...{ firstSaleDay: '2026-03-01', lastSaleDay: '2026-03-03' },
        },
        { file: '2.csv', rowsRead: 4, rowsAccepted: 4, rowsQuarantined: 0, unitsSold: 0 },
      ],
      findings: [],
    })
    expect(verdict(files)).not.toHaveProperty('asOf')
    expect(verdict(files).files[1]).not.toHaveProperty('firstSaleDay')
    expect(verdict(files).files[0]).not.toHaveProperty('unitsReturned')
  })

  test('is added up until a day where one is asked for', () => {
    const found = verdict(files, { totals, asOf: DAY + 1 })
    expect(found.asOf).toBe('2026-03-02')
    expect(found.files[0]).toMatchObject({
      ...{ rowsRead: 8, rowsAccepted: 7, rowsQuarantined: 1, unitsSold: 4.1 },
      ...{ firstSaleDay: '2026-03-01', lastSaleDay: '2026-03-02' },
    })
    const one = totalsOf([{ product: 'a', day: DAY, sold: 1 }])
    const day = isoFromDay(DAY)
    expect(verdict([], { totals: one }).totals).toMatchObject({
      firstSaleDay: day,
      lastSaleDay: day,
    })
  })

  test('counts stores where there are any, and products once', () => {
    const series = ['s1', 's2'].map((storeId) => ({ productId: 'a', storeId }))
    const inStores: DailyTotals = { ...totals, series }
    expect(verdict([], { totals: inStores }).totals).toMatchObject({ products: 1, stores: 2 })
  })
})

describe('what is wrong', () => {
  test('is named by rule and column, with its rows and examples until the last day', () => {
    const findings = [
      finding('price-missing', counts(2, 3), 'price'),
      finding('sentinel', counts(0, 0, 7)),
      finding('left-out', counts(1), 'id'),
    ]
    const found = verdict([{ read: counts(90), findings }], { asOf: DAY })
    expect(found.findings).toEqual(
      [
        {
          rule: 'left-out',
          ...rules['left-out'],
          ...{ file: '1.csv', column: 'id', count: 1, examples: [{ line: 2, value: '0' }] },
        },
        {
          rule: 'price-missing',
          ...rules['price-missing'],
          ...{ file: '1.csv', column: 'price', count: 2, examples: [{ line: 2, value: '0' }] },
        },
      ].sort(
        (a, b) =>
          ['file', 'row', 'warning'].indexOf(a.level) - ['file', 'row', 'warning'].indexOf(b.level),
      ),
    )
    const later = verdict([{ read: counts(90), findings }]).findings
    expect(later.map(({ rule, count }) => `${rule} ${count}`).sort()).toEqual([
      'left-out 1',
      'price-missing 5',
      'sentinel 7',
    ])
    expect(later.find(({ rule }) => rule === 'sentinel')).not.toHaveProperty('column')
    expect(later.find(({ rule }) => rule === 'price-missing')?.examples).toHaveLength(2)
  })

  test('is told by weight: what refuses a file first, then rows, then warnings', () => {
    const findings = [finding('price-missing', counts(1)), finding('sentinel', counts(1))]
    const refusal = { rule: 'file-empty' as const, line: undefined, column: undefined, value: '' }
    const found = verdict([{ read: counts(9), findings }, { refusal }])
    expect(found.findings.map(({ level }) => level)).toEqual(['file', 'row', 'warning'])
    expect(found.outcome).toBe('invalid')
    expect(verdict([{ read: counts(9), findings }]).outcome).toBe('valid')
  })

  test('with a whole file is told with the place, as far as there is one, in signs that can be seen', () => {
    const refused = (line?: number, column?: string, value = 'a\u202eb') =>
      verdict([{ refusal: { rule: 'header-missing', line, column, value } }]).findings
    const shown = { rule: 'header-missing', ...rules['header-missing'], file: '1.csv', count: 1 }
    const [{ examples }] = refused(3, 'sold\n')
    expect(refused(3, 'sold')).toEqual([{ ...shown, column: 'sold', examples }])
    expect(examples).toEqual([{ line: 3, value: expect.not.stringContaining('\u202e') }])
    expect(refused(3, 'sold\n')[0].column).not.toContain('\n')
    expect(refused()).toStrictEqual([{ ...shown, examples: [{ value: examples[0].value }] }])
    expect(refused(1, undefined, 'x'.repeat(300))[0].examples[0].value.length).toBeLessThanOrEqual(
      80,
    )
  })

  test('with all the data is told of the column that it is about, with ten examples, or with all that the contract is to list', () => {
    const values = Array.from({ length: 12 }, (_, index) => `${index} ${'x'.repeat(100)}`)
    const batch = [
      { rule: 'total-counted' as const, role: 'product' as const, values },
      { rule: 'files-overlap' as const, role: undefined, values: ['a and b'] },
      { rule: 'price-jump' as const, role: 'product' as const, values },
    ]
    const { findings } = verdict([], { batch })
    const overlap = { rule: 'files-overlap', ...rules['files-overlap'] }
    const total = { rule: 'total-counted', ...rules['total-counted'], column: 'id', count: 12 }
    const jump = { rule: 'price-jump', ...rules['price-jump'], column: 'id', count: 12 }
    expect(findings).toStrictEqual([
      { ...total, examples: values.map((value) => ({ value })) },
      { ...overlap, count: 1, examples: [{ value: 'a and b' }] },
      { ...jump, examples: values.slice(0, 10).map((value) => ({ value })) },
    ])
  })
})

describe('a file with too many bad rows is refused', () => {
  const outcome = (quarantined: number, leftOut = 0, asOf?: number) =>
    verdict(
      [
        {
          read: counts(8, 92),
          quarantined: counts(quarantined),
          findings:
            leftOut > 0
              ? [finding('left-out', counts(leftOut)), finding('sentinel', counts(5))]
              : [],
        },
      ],
      { asOf },
    )

  test('as the contract says, and not for what the contract leaves out', () => {
    expect(outcome(25).outcome).toBe('valid')
    const [refused] = outcome(26).findings
    expect(outcome(26).outcome).toBe('invalid')
    expect(refused).toMatchObject({
      rule: 'too-many-bad-rows',
      count: 1,
      examples: [{ value: '26 of 100 rows (26.0%), allowed are 25.0%' }],
    })
    expect(refused).not.toHaveProperty('column')
    expect(outcome(26, 1).outcome).toBe('valid')
    expect(outcome(27, 1).outcome).toBe('invalid')
  })

  test('by what was known on the day, which later rows do not change', () => {
    expect(outcome(2, 0, DAY).outcome).toBe('valid')
    expect(outcome(3, 0, DAY).outcome).toBe('invalid')
    expect(outcome(3).outcome).toBe('valid')
  })

  test('with the reason of the file itself, where it has one', () => {
    const refusal = { rule: 'nul-byte' as const, line: 3, column: undefined, value: '' }
    const found = verdict([{ read: counts(4), quarantined: counts(4), refusal }])
    expect(found.findings.map(({ rule }) => rule)).toEqual(['nul-byte'])
  })
})

test.each([
  [['product', 'saleDate'], []],
  [['product', 'saleDate', 'stock'], ['purchaseDate']],
  [['product', 'saleDate', 'purchaseDate'], []],
  [
    ['product', 'saleDate', 'value', 'delivered'],
    ['price', 'purchaseDate'],
  ],
] as const)(
  'what %j cannot do is said of each column that is missing, of what says the same once',
  (mapped, unsaid) => {
    const columns = new Map(mapped.map((role) => [role, role]))
    const { switchedOff } = verdict([], { contract: { ...contract, columns } })
    const unnamed = ['stock', 'value', 'delivered', ...mapped, ...unsaid]
    const expected = roles.filter((role) => !unnamed.includes(role))
    expect(switchedOff.map(({ column }) => column)).toEqual(expected)
    expect(switchedOff.every(({ consequence }) => consequence.length > 0)).toBe(true)
  },
)

test('a report is read back as it was written, and what is none is refused', () => {
  const refusal = { rule: 'nul-byte' as const, line: 3, column: 'id', value: 'x' }
  const report = verdict(
    [{ read: counts(4), totals: totalsOf([{ product: 'a', day: DAY, sold: 1 }]) }, { refusal }],
    { asOf: DAY },
  )
  expect(reportFrom(JSON.stringify(report), 'report.json')).toEqual(report)
  const [found] = report.findings
  const changed = (changes: object) => () =>
    reportFrom(JSON.stringify({ ...report, ...changes }), 'report.json')
  for (const changes of [
    { outcome: 'perhaps' },
    { asOf: 'today' },
    { totals: { ...report.totals, rowsRead: -1 } },
    { totals: { ...report.totals, firstSaleDay: 'then' } },
    { totals: { ...report.totals, other: 1 } },
    { files: [{ file: 'x' }] },
    { files: [{ ...report.files[0], rowsAccepted: 0.5 }] },
    { files: [{ ...report.files[0], lastSaleDay: 'then' }] },
    { switchedOff: [{ column: 'x' }] },
    { findings: [{ ...found, level: 'hint' }] },
    { findings: [{ ...found, rule: 'other' }] },
    { findings: [{ ...found, examples: [{ line: 1 }] }] },
    { findings: [{ ...found, examples: ['x'] }] },
    { findings: [{}] },
    { other: 1 },
  ]) {
    expect(changed(changes), JSON.stringify(changes)).toThrow()
  }
  for (const level of ['file', 'row', 'warning']) {
    expect(changed({ findings: [{ ...found, level }] })).not.toThrow()
  }
  for (const outcome of ['valid', 'invalid']) expect(changed({ outcome })).not.toThrow()
})
