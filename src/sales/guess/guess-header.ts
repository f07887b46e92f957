import { UserError } from '../../base/errors.ts'
import { monthNamed } from '../contract/month-names.ts'
import { rules } from '../contract/rules.ts'
import { forEachRow } from '../reading/csv-rows.ts'
import { FileRefused } from '../reading/text-checks.ts'
import type { SalesFile } from './sales-file.ts'

type Header = { delimiter: string; header: string[]; line: number }
type NumberedRow = { cells: string[]; line: number }

/** What the first rows of a file tell: throws a `UserError` where they are no table with a header. */
export async function headerOf(text: string, file: SalesFile): Promise<Header> {
  const { delimiter, rows, width } = await tableOf(text, file)
  const { cells: header, line } = headerAmong(rows, width)
  refuseWide(header, file)
  checkHeader(header, line, file)
  return { delimiter, header, line }
}

/** The commonest first: what fits equally well is taken to be the commoner one. */
const DELIMITERS = [',', ';', '\t', '|']

/**
 * The delimiter by which most rows have the same number of cells; among equals, the one of most
 * cells. A first line `sep=;`, for Excel, says it.
 */
async function tableOf(text: string, file: SalesFile) {
  const stated = /^\uFEFF?"?sep=(.)"?\r?[\n\r]/i.exec(text)?.[1]
  let best = { delimiter: '', rows: [] as NumberedRow[], fitting: 1, width: 0 }
  for (const delimiter of stated ? [stated] : DELIMITERS) {
    const rows: NumberedRow[] = []
    await readRows(once(text), delimiter, (cells, line) => void rows.push({ cells, line }))
    const { width, fitting } = commonestWidth(rows)
    if (fitting > best.fitting || (fitting === best.fitting && width > best.width)) {
      best = { delimiter, rows, fitting, width }
    }
  }
  if (best.width >= 2) return best
  throw new UserError('is no table: no delimiter gives its rows as many cells as its first line', {
    file: file.name,
    remedy: 'Save it as CSV with the names of the columns in the first line, and rows below it.',
  })
}

/** Of the rows of two cells or more. */
function commonestWidth(rows: NumberedRow[]): { width: number; fitting: number } {
  const counts = new Map<number, number>()
  for (const { cells } of rows) {
    if (cells.length >= 2) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  }
  let best = { width: 0, fitting: 0 }
  for (const [width, fitting] of counts) if (fitting > best.fitting) best = { width, fitting }
  return best
}

/** The first row of names that fills the table: titles above it are shorter, or leave cells empty. */
function headerAmong(rows: NumberedRow[], width: number): NumberedRow {
  const isWide = ({ cells }: NumberedRow) => cells.length === width
  const isNamed = ({ cells }: NumberedRow) => cells.every((name) => name.trim() !== '')
  const first = rows.slice(0, MOST_TITLES).filter(isWide)
  return (
    first.find((row) => isNamed(row) && !row.cells.some(isValue)) ??
    first.find(({ cells }) => cells.filter((name) => name.trim() !== '').length > width / 2) ??
    rows[0]
  )
}

const MOST_TITLES = 30

/** A number, a date or a time, which names no column. */
function isValue(cell: string): boolean {
  return /^[-+]?[\d.,/: -]*\d[\d.,/: -]*$/.test(cell.trim())
}

/** One column a day, as M5 and many spreadsheets have it. */
function refuseWide(header: string[], file: SalesFile): void {
  const series = new Map<string, string[]>()
  for (const name of header) {
    if (!/\d/.test(name)) continue
    const stem = name
      .trim()
      .replace(/\d+/g, '#')
      .replace(/\p{L}+/gu, (word) => (monthNamed(word) === undefined ? word : 'month'))
    series.set(stem, [...(series.get(stem) ?? []), name])
  }
  const [wide] = [...series.values()].filter(({ length }) => length >= LEAST_WIDE)
  if (wide === undefined || wide.length < header.length / 2) return
  const others = header.filter((name) => !wide.includes(name)).slice(0, 8)
  throw new UserError(
    `has one column a period (${wide[0]} … ${wide[wide.length - 1]}, ${wide.length} of them)`,
    {
      file: file.name,
      remedy: `Turn it into rows of one product and one date, such as with pandas: melt(id_vars=[${others.map((name) => JSON.stringify(name)).join(', ')}], var_name="date", value_name="units").`,
    },
  )
}

const LEAST_WIDE = 6

/** Calls `onRow` with each row up to the first that cannot be read. */
export async function readRows(
  utf8: AsyncIterable<Buffer>,
  delimiter: string,
  onRow: (cells: string[], line: number) => void,
): Promise<void> {
  const dialect = { delimiter, quoteChar: '"', doubleQuote: true, header: true, headerRow: 1 }
  try {
    await forEachRow(utf8, dialect, 'text', onRow)
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
  }
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}

function checkHeader(header: string[], line: number, file: SalesFile): void {
  const refuse = (what: string, remedy: string) => {
    throw new UserError(what, { file: file.name, line, remedy })
  }
  const value = header.find(isValue)
  if (value !== undefined) {
    refuse(
      `the first line must name the columns, but holds ${JSON.stringify(value)}`,
      'Write a line with names of the columns above the rows.',
    )
  }
  if (header[0].trim() === '') {
    refuse(
      'the first column has no name, like the index that pandas writes',
      'Write the file without it: to_csv(…, index=False).',
    )
  }
  if (header.some((name) => name.trim() === '')) {
    refuse(rules['header-blank'].explanation, rules['header-blank'].remedy)
  }
  const twice = header.find((name, index) => header.indexOf(name) < index)
  if (twice !== undefined) {
    refuse(`two columns are called ${JSON.stringify(twice)}`, rules['header-duplicate'].remedy)
  }
}
