import { expect, test } from 'vitest'
import type { Dialect } from '../../../src/sales/contract/field.ts'
import { forEachRow } from '../../../src/sales/reading/csv-rows.ts'
import { dayOfWeeklyTotal } from '../../../src/sales/totals/weekly-totals.ts'

const quoted: Dialect = {
  delimiter: ';',
  quoteChar: '"',
  doubleQuote: true,
  header: true,
  headerRow: 1,
}

type Row = [cells: string[], line: number, mayHoldLineEnds: boolean]

async function rowsOf(text: string, dialect = quoted, strayQuotes: 'wrong' | 'text' = 'wrong') {
  const rows: Row[] = []
  await forEachRow(source(text), dialect, strayQuotes, (...row) => rows.push(row))
  return rows
}

async function* source(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}

test.each<[string, string, Row[]]>([
  [
    'whatever its lines end with',
    'a;b\r\nc;d\ne\rf;',
    [
      [['a', 'b'], 1, false],
      [['c', 'd'], 2, false],
      [['e'], 3, false],
      [['f', ''], 4, false],
    ],
  ],
  [
    'with a mark of its encoding and empty lines',
    '\ufeffa;b\n\n\nc;d\n',
    [
      [['a', 'b'], 1, false],
      [['c', 'd'], 4, false],
    ],
  ],
  [
    'with empty cells, which are no empty line',
    'a;b\n;\n',
    [
      [['a', 'b'], 1, false],
      [['', ''], 2, false],
    ],
  ],
  [
    'with line ends in quotes, and more after them',
    'a;"x\r\ny\nz"\n"\r\r";b\nc;d\n',
    [
      [['a', 'x\r\ny\nz'], 1, true],
      [['\r\r', 'b'], 4, true],
      [['c', 'd'], 7, false],
    ],
  ],
  [
    'with quotes in quotes',
    '"a ""b""";"c;d"\ne;f\n',
    [
      [['a "b"', 'c;d'], 1, false],
      [['e', 'f'], 2, false],
    ],
  ],
])('each row of a file comes with the line that it begins on, %s', async (_, text, rows) => {
  expect(await rowsOf(text)).toEqual(rows)
})

test('where cells are never quoted, or quotes not doubled, a mark is a letter', async () => {
  expect(await rowsOf('"a;b"\n', { ...quoted, quoteChar: undefined })).toEqual([
    [['"a', 'b"'], 1, false],
  ])
  await expect(rowsOf('"a ""b"""\n', { ...quoted, doubleQuote: false })).rejects.toMatchObject({
    rule: 'quote-wrong',
  })
})

test('a mark within a cell is wrong, with its line, or text where it is said to be', async () => {
  const text = 'a;b\nTV 42";c\n'
  await expect(rowsOf(text)).rejects.toMatchObject({ rule: 'quote-wrong', line: 2 })
  expect((await rowsOf(text, quoted, 'text'))[1]).toEqual([['TV 42"', 'c'], 2, false])
  await expect(rowsOf('a;b\n""c;d\n', quoted, 'text')).rejects.toMatchObject({
    rule: 'quote-wrong',
    line: 2,
  })
})

test('a row of more than a mebibyte is refused with its line, and one of less is not', async () => {
  const row = (bytes: number) => `a;b\n${'x'.repeat(bytes)}\nc;d\n`
  expect(await rowsOf(row(1024 ** 2 - 10))).toHaveLength(3)
  await expect(rowsOf(row(1024 ** 2 + 10))).rejects.toMatchObject({ rule: 'row-too-long', line: 2 })
})

test('what goes wrong with a row itself is not taken for a fault of the file', async () => {
  const rows = forEachRow(source('a\n'), quoted, 'wrong', () => {
    throw new TypeError('a bug')
  })
  await expect(rows).rejects.toThrow(TypeError)
})

test('a total of a week counts within the week of Monday to Sunday that holds most of it', () => {
  // 2026-01-05 is a Monday.
  const MONDAY = 20_458
  const shown = (label: 'first day' | 'last day') =>
    Array.from({ length: 7 }, (_, day) => dayOfWeeklyTotal(MONDAY + day, label) - MONDAY)
  expect(shown('first day')).toEqual([0, 1, 2, 3, 7, 7, 7])
  expect(shown('last day')).toEqual([-1, -1, -1, 3, 4, 5, 6])
})
