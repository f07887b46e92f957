import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { contractOf, smallContract } from '../unit/sales/contracts.ts'
import { csv, goodRow, header, validated } from './validate-fixture.ts'

test('quarantined rows come back from the CSV as they were, after reason and line', async () => {
  const name = 'a "b"; c\u2028d\nnext line'
  const row = goodRow.replace('Milk', `"${name.replaceAll('"', '""')}"`).replace('5,49', 'x')
  const { quarantine } = await validated({ files: { 'sales.csv': csv(goodRow, row) } })
  const rows: string[][] = parse((await quarantine()) ?? '', { delimiter: ';' })
  expect(rows[0]).toEqual(['reasons', 'line', ...header.split(';')])
  expect(rows[1]).toEqual([
    'number-unreadable (price), line-end-in-cell (name)',
    '3',
    '1',
    name,
    'Dairy',
    'x',
    '4,13',
    '01/10/2026',
    '03/10/2026',
    '07/10/2026',
  ])
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1'])(
  'a spreadsheet does not run the cell %j',
  async (text) => {
    const row = goodRow.replace('Milk', `"${text}"`).replace('5,49', 'x')
    const { quarantine } = await validated({ files: { 'sales.csv': csv(row) } })
    const [, cells]: string[][] = parse((await quarantine()) ?? '', { delimiter: ';' })
    expect(cells[3]).toBe(`'${text}`)
  },
)

test('a ragged row is kept with all its cells', async () => {
  const { quarantine } = await validated({ files: { 'sales.csv': csv(goodRow, `${goodRow};9;8`) } })
  expect((await quarantine())?.split('\n')[1]).toMatch(/^"ragged-row";"3";.*"9";"8"$/)
})

test('each file has its own quarantine, under its own path and delimiter', async () => {
  const contract = contractOf({ resource: { path: ['2026/a.csv', 'b.csv'] } })
  const bad = goodRow.replace('5,49', 'x')
  const files = { '2026/a.csv': csv(bad), 'b.csv': csv(goodRow, bad) }
  const { quarantine } = await validated({ files, contract })
  expect(await quarantine('2026/a.csv')).toContain('"reasons";"line";"id"')
  expect(await quarantine('b.csv')).toContain('";"3";"')
})

test('twenty thousand bad rows are all kept, and the report stays short', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `${i},x,1`)
  const files = { 'sales.csv': ['id,sold,quantity', ...rows, 'a,2026-10-01,1'].join('\n') }
  const { report, quarantine } = await validated({ files, contract: smallContract() })
  expect(report.findings[0]).toMatchObject({ rule: 'date-unreadable', count: 20_000 })
  expect(report.findings[0].examples).toHaveLength(10)
  expect((await quarantine())?.trimEnd().split('\n')).toHaveLength(20_001)
})
