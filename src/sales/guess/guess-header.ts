import { UserError } from '../../base/errors.ts'
import { counted } from '../../base/wording.ts'
import { monthNamed } from '../contract/month-names.ts'
import { rules } from '../contract/rules.ts'
import { forEachRow } from '../reading/csv-rows.ts'
import { FileRefused } from '../reading/text-checks.ts'
import type { SalesFile } from './sales-file.ts'

type Header = { delimiter: string; header: string[]; line: number }
type NumberedRow = { cells: string[]; line: number }

/** What the first rows of a file tell: throws a `UserError` where they are no table with a header. */
export async function headerOf(text: string, file: SalesFile): Promise<Header> {
  const { delimiter, rows, width, brokenAt } = await tableOf(text, file)
  const { cells: header, line } = headerAmong(rows, width)
  refuseWide(header, file)
  if (brokenAt !== undefined && header.some(isValue)) throw quoteWrong(file, brokenAt)
  const [first] = rows
  if (header.some(isValue) && first !== undefined && first.cells.length !== width) {
    throw new UserError(
      `has rows of ${counted(width, 'cell')} separated by ${JSON.stringify(delimiter)}, but ${first.cells.length} in line ${first.line}`,
      {
        file: file.name,
        line,
        remedy:
          'Write above the rows a name for each of their cells; a delimiter at their end makes one more.',
      },
    )
  }
  checkHeader(header, line, file)
  return { delimiter, header, line }
}

/** The commonest first: what fits equally well is taken to be the commoner one. */
const DELIMITERS = [',', ';', '\t', '|']

/**
 * The delimiter by which some row names the columns, and by which the largest share of the rows has
 * the same number of cells; among equals, the one of most cells. A first line `sep=;`, for Excel,
 * says it. `brokenAt` is a line with a quotation mark that is wrong by another one.
 */
async function tableOf(text: string, file: SalesFile) {
  if (/^[\uFEFF\s]*$/.test(text)) {
    throw new UserError('is empty', { file: file.name, remedy: 'Export it again.' })
  }
  let brokenAt: number | undefined
  const stated = /^\uFEFF?"?sep=(.)"?\r?[\n\r]/i.exec(text)?.[1]
  let best = { delimiter: '', rows: [] as NumberedRow[], fit: 0, width: 0 }
  for (const delimiter of stated ? [stated] : DELIMITERS) {
    const rows: NumberedRow[] = []
    const refused = await readRows(once(text), delimiter, (cells, line) => {
      rows.push({ cells, line })
    })
    if (refused?.rule === 'quote-wrong') brokenAt ??= refused.line
    const { width, fitting } = commonestWidth(rows)
    if (refused || fitting === 0) continue
    const { cells } = headerAmong(rows, width)
    const isNamed = !cells.some((cell) => isValue(cell) || /[;\t|]/.test(cell))
    const fit = fitting / rows.length + (isNamed ? 1 : 0)
    if (fit > best.fit || (fit === best.fit && width > best.width)) {
      best = { delimiter, rows, fit, width }
    }
  }
  if (best.width >= 2) return { ...best, brokenAt }
  if (brokenAt !== undefined) throw quoteWrong(file, brokenAt)
  throw new UserError('is no table: no delimiter gives its rows as many cells as its first line', {
    file: file.name,
    remedy: 'Save it as CSV with the names of the columns in the first line, and rows below it.',
  })
}

function quoteWrong({ name }: SalesFile, line: number): UserError {
  const { explanation, remedy } = rules['quote-wrong']
  return new UserError(explanation, { file: name, line, remedy })
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

/** Calls `onRow` with each row up to the first that cannot be read, and says why that cannot. */
export async function readRows(
  utf8: AsyncIterable<Buffer>,
  delimiter: string,
  onRow: (cells: string[], line: number) => void,
): Promise<FileRefused | undefined> {
  const dialect = { delimiter, quoteChar: '"', doubleQuote: true, header: true, headerRow: 1 }
  try {
    await forEachRow(utf8, dialect, 'text', onRow)
    return undefined
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    return error
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
      'Write a line with names of the columns above the rows; if it is one, give that column a name with a letter.',
    )
  }
  if (header[0].trim() === '' && header.slice(1).every((name) => name.trim() !== '')) {
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
