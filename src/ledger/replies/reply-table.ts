import { isAscii, isUtf8 } from 'node:buffer'
import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { Language } from '../../base/language.ts'
import { daysWritten } from '../../base/written-day.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import type { Dialect } from '../../sales/contract/field.ts'
import { numberParser } from '../../sales/contract/number-format.ts'
import { forEachRow } from '../../sales/reading/csv-rows.ts'
import { FileRefused } from '../../sales/reading/text-checks.ts'
import { refuseOtherKinds } from '../../sales/sources/file-kind.ts'
import { type ReplyKind, type ReplyLine, TableRefused } from './reply.ts'
import { columnNamed, type ReplyColumn, type ReplyHeader, replyHeader } from './reply-header.ts'
import { meantCell, type RowReading, readReplyRow } from './reply-row.ts'

export type ReplyTable = {
  kind: ReplyKind
  lines: ReplyLine[]
  /** How the table calls each column. */
  columns: ReadonlyMap<ReplyColumn, string>
}

/** Larger tables are parted: each line of one has to be answered, and others wait meanwhile. */
export const LARGEST_TABLE = 4 * 1024 ** 2

/**
 * Reads a table as spreadsheets and stock systems write it: UTF-8 or Windows-1252, cells parted by
 * `;`, `,`, tab or `|`, decimals after a comma or a point, days with the day first where Portuguese is
 * spoken. What could be read in two ways is refused, and not guessed. Throws `TableRefused` where the
 * table as a whole cannot be trusted.
 */
export async function readReplyTable(
  bytes: Buffer,
  options: { language: Language; reasons: readonly DecisionReason[]; today: Day },
): Promise<ReplyTable> {
  if (bytes.length > LARGEST_TABLE) {
    throw new TableRefused('too-large', {
      came: String(bytes.length),
      about: String(LARGEST_TABLE),
    })
  }
  refuseOthers(bytes)
  const text = decoded(bytes)
  const first = firstLine(text)
  const separator = /^sep=(.)$/i.exec(first)?.[1]
  const dialect = {
    delimiter: separator ?? delimiterOf(first),
    quoteChar: '"',
    doubleQuote: true,
    header: true,
    headerRow: separator === undefined ? 1 : 2,
  }
  return readReplyRows(Buffer.from(text), dialect, {
    ...options,
    days: (cell) => daysWritten(cell, options.language),
    units: unitsWritten,
  })
}

/**
 * Reads rows of CSV in UTF-8, the cells as `reading` says. `onHeader` may refuse the names of the
 * columns. Throws as `readReplyTable`.
 */
export async function readReplyRows(
  utf8: Buffer,
  dialect: Dialect,
  reading: Omit<RowReading, 'header' | 'names'>,
  onHeader?: (names: string[], line: number) => void,
): Promise<ReplyTable> {
  let names: string[] = []
  let header: ReplyHeader | undefined
  const lines: ReplyLine[] = []
  const onRow = (cells: string[], line: number) => {
    if (header === undefined) {
      if (line < dialect.headerRow) return
      // A spreadsheet leaves delimiters behind the last column.
      names = cells.slice(0, cells.findLastIndex((name) => name.trim() !== '') + 1)
      onHeader?.(names, line)
      header = replyHeader(names, line)
      return
    }
    const about = aboutOf(cells, header)
    lines.push({ line, about, ...readReplyRow(cells, { ...reading, header, names }) })
  }
  try {
    await forEachRow(chunksOf(utf8), dialect, 'wrong', onRow)
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    throw new TableRefused('quotes', error.line === undefined ? {} : { line: error.line })
  }
  if (header === undefined) throw new TableRefused('empty')
  const { kind, at } = header
  return { kind, lines, columns: new Map([...at].map(([column, i]) => [column, names[i]])) }
}

/** All that a number can be: `1.234` is 1234 where the point parts thousands. */
export function unitsWritten(text: string): number[] {
  return [pointDecimals(text), commaDecimals(text)].filter((value) => value !== undefined)
}

const pointDecimals = numberParser({ decimalChar: '.', groupChar: ',', integer: false })
const commaDecimals = numberParser({ decimalChar: ',', groupChar: '.', integer: false })

/** Throws where these are the bytes of a workbook, a page or anything else that is no CSV. */
export function refuseOthers(bytes: Buffer): void {
  try {
    refuseOtherKinds(bytes, 'table')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new TableRefused('no-csv', { came: error.what })
  }
  if (bytes.includes(0)) throw new TableRefused('no-csv', { came: 'NUL' })
}

/** Throws where some lines are in one encoding and some in the other: one of them would be garbled. */
function decoded(bytes: Buffer): string {
  const whole = isUtf8(bytes)
  const text = whole ? bytes.toString('utf8') : windows1252.decode(bytes)
  if (!whole) {
    let line = 1
    for (let from = 0; from < bytes.length; line++) {
      const end = bytes.indexOf(10, from)
      const part = bytes.subarray(from, end < 0 ? bytes.length : end)
      if (!isAscii(part) && isUtf8(part)) throw new TableRefused('encoding', { line })
      from = end < 0 ? bytes.length : end + 1
    }
  }
  return text.replace(/^\uFEFF/, '')
}

const windows1252 = new TextDecoder('windows-1252')

function firstLine(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? ''
}

/** The one by which most columns of the header mean something. */
function delimiterOf(header: string): string {
  const known = [';', ',', '\t', '|'].map((delimiter) => ({
    delimiter,
    columns: header.split(delimiter).filter((name) => columnNamed(name) !== undefined).length,
  }))
  return known.reduce((best, it) => (it.columns > best.columns ? it : best)).delimiter
}

function aboutOf(cells: readonly string[], { at }: ReplyHeader): ReplyLine['about'] {
  const about: ReplyLine['about'] = {}
  for (const column of ['event', 'product', 'store'] as const) {
    const index = at.get(column)
    const text = index === undefined ? '' : meantCell(cells[index] ?? '')
    if (text !== '') about[column] = text
  }
  return about
}

/** Between two of them, whoever else waits has a turn. */
const CHUNK = 64 * 1024

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += CHUNK) yield bytes.subarray(from, from + CHUNK)
}
