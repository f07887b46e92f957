import { CsvError, parse } from 'csv-parse/sync'
import { type CsvStyle, unguarded } from '../../base/csv-text.ts'
import { quoted } from '../../base/errors.ts'
import type { FieldProblem } from '../../base/schema.ts'
import { shortened } from '../../base/wording.ts'
import { HttpError } from '../http/problem.ts'

/** The columns that records can have, and what their cells are. */
export type CsvColumns = Record<string, CellKind>
type CellKind = 'text' | 'number' | 'boolean'

export type CsvRecords = {
  values: unknown[]
  /** What was wrong already before anything was checked, by the index of the record. */
  refused: ReadonlyMap<number, FieldProblem[]>
  /** On which each stands. */
  lines: number[]
  /** How it was written, so that the answer is, too. */
  style: CsvStyle
}

/** The columns of records by the JSON Schema of one of them, which has no objects within. */
export function columnsOf({ properties }: { properties: Record<string, object> }): CsvColumns {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      ('type' in schema && cellKinds.get(schema.type)) || 'text',
    ]),
  )
}

const cellKinds = new Map<unknown, CellKind>([
  ['number', 'number'],
  ['integer', 'number'],
  ['boolean', 'boolean'],
])

/**
 * The records in CSV, whose first row names the columns: parted by commas, semicolons or tabs, with a
 * decimal point or comma. An empty cell is a value that is left out, and a
 * row of them, which spreadsheets write below the last one, is none. A cell that is no number stays
 * the text that it is, for the check of the record to say so; one that can be two numbers is refused
 * with its record, unless the other numbers tell. Throws an `HttpError` where there is no such CSV.
 */
export function csvRecords(text: string, columns: CsvColumns): CsvRecords {
  const delimiter = delimiterOf(text, columns)
  const [header, ...rows] = rowsOf(text, delimiter)
  if (!header) throw new HttpError(400, 'The CSV is empty: its first row names the columns.')
  const names = header.cells.map((cell) => cell.trim())
  refuseNames(names, columns)
  const isNumber = names.map((name) => columns[name] === 'number')
  const decimal = decimalOf(rows, isNumber)
  const refused = new Map<number, FieldProblem[]>()
  const values = rows.map(({ cells }, index) => {
    const record: Record<string, unknown> = {}
    const problems: FieldProblem[] = []
    for (const [i, cell] of cells.entries()) {
      if (cell.trim() === '') continue
      const problem = cellProblem(cell, {
        name: names[i],
        isNumber: isNumber[i],
        decimal,
        delimiter,
      })
      if (problem) problems.push(problem)
      else record[names[i]] = cellValue(cell, columns[names[i]], decimal)
    }
    if (problems.length > 0) refused.set(index, problems)
    return record
  })
  const style = { delimiter, decimal: decimal ?? (delimiter === ';' ? ',' : '.') } as const
  return { values, refused, lines: rows.map(({ line }) => line), style }
}

type Row = { cells: string[]; line: number }
type Decimal = '.' | ','

/** The one by which the header falls into names of columns. */
function delimiterOf(text: string, columns: CsvColumns): string {
  const [header] = text.trimStart().split(/[\r\n]/, 1)
  const known = (delimiter: string) =>
    header.split(delimiter).filter((name) => Object.hasOwn(columns, unquoted(name))).length
  const [best] = [',', ';', '\t'].toSorted((a, b) => known(b) - known(a))
  return best
}

function unquoted(name: string): string {
  return name
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()
}

function rowsOf(text: string, delimiter: string): Row[] {
  try {
    const rows: Row[] = []
    parse(text, {
      delimiter,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      max_record_size: MOST_CHARACTERS,
      record_delimiter: ['\r\n', '\n', '\r'],
      on_record: (cells: string[], { lines }) => {
        rows.push({ cells, line: lines - lineEndsIn(cells) })
        return null
      },
    })
    return rows
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new HttpError(400, `The body is no CSV that can be read: ${error.message}`)
  }
}

const MOST_CHARACTERS = 20_000

function lineEndsIn(cells: string[]): number {
  let lines = 0
  // The parser counts a CR LF within quotes twice.
  for (const cell of cells) lines += cell.match(/\r|\n/g)?.length ?? 0
  return lines
}

function refuseNames(names: string[], columns: CsvColumns): void {
  const known = Object.keys(columns).join(', ')
  const other = names.find((name) => !Object.hasOwn(columns, name))
  if (other !== undefined) {
    throw new HttpError(400, `The CSV has a column that is not known here.`, {
      errors: [
        {
          field: '',
          came: shortened(quoted(other), 80),
          expected: `must be one of ${known}`,
        },
      ],
    })
  }
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw new HttpError(400, `The CSV has the column ${twice} twice.`)
}

/** The sign that parts decimals, as all the numbers together tell it; undefined where they do not. */
function decimalOf(rows: Row[], isNumber: boolean[]): Decimal | undefined {
  const told = new Set<Decimal>()
  for (const { cells } of rows) {
    for (const [i, cell] of cells.entries()) {
      if (!isNumber[i]) continue
      for (const sign of ['.', ','] as const) if (tells(cell.trim(), sign)) told.add(sign)
    }
  }
  const [sign] = told
  return told.size === 1 ? sign : undefined
}

/** What is wrong with a cell before it is known what it should be. */
function cellProblem(
  cell: string,
  of: {
    name: string | undefined
    isNumber: boolean
    decimal: Decimal | undefined
    delimiter: string
  },
): FieldProblem | undefined {
  const came = shortened(quoted(cell), 80)
  const { name, isNumber, decimal, delimiter } = of
  if (name === undefined) return { field: '', came, expected: 'must stand below a column name' }
  const text = cell.trim()
  if (!isNumber || decimal !== undefined || !AS_GROUPS.test(text)) return undefined
  // Where commas part the cells, a point parts decimals.
  if (delimiter === ',' && text.includes('.')) return undefined
  const whole = text.replace(/[.,]/, '')
  const expected = `must not be two numbers: write ${whole}, or ${text}0`
  return { field: `/${name}`, came, expected }
}

/** Whether a number can only be read with this sign before its decimals. */
function tells(text: string, sign: Decimal): boolean {
  const other = sign === '.' ? ',' : '.'
  const plain = new RegExp(`^[+-]?\\d*\\${sign}\\d+$`)
  const grouped = new RegExp(`^[+-]?\\d{1,3}(\\${other}\\d{3})+\\${sign}\\d+$`)
  const groups = new RegExp(`^[+-]?[1-9]\\d{0,2}(\\${other}\\d{3}){2,}$`)
  return grouped.test(text) || groups.test(text) || (plain.test(text) && !AS_GROUPS.test(text))
}

/** One sign with three digits behind it: thousands, or decimals. */
const AS_GROUPS = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/

function cellValue(cell: string, kind: CellKind, decimal: Decimal | undefined): unknown {
  const text = cell.trim()
  if (kind === 'text') return unguarded(cell)
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  const sign = decimal ?? (tells(text, ',') ? ',' : '.')
  const group = sign === '.' ? ',' : '.'
  const isGrouped = new RegExp(`^[+-]?\\d{1,3}(\\${group}\\d{3})+(\\${sign}\\d+)?$`).test(text)
  const plain = (isGrouped ? text.replaceAll(group, '') : text).replace(sign, '.')
  return NUMBER.test(plain) ? Number(plain) : text
}

const NUMBER = /^[+-]?(\d+(\.\d+)?|\.\d+)$/
