import { isAscii, isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { UserError } from '../../base/errors.ts'
import { monthNamed } from '../contract/month-names.ts'
import { rules } from '../contract/rules.ts'
import { forEachRow } from '../reading/csv-rows.ts'
import { FileRefused, utf8Chunks } from '../reading/text-checks.ts'
import { KIND_BYTES, refuseOtherKinds } from '../sources/file-kind.ts'

/** A file of sales; `name` is what messages call it. A name that ends in `.gz` is unpacked. */
export type SalesFile = { name: string; path: string }

/** How files are written. */
export type FileLayout = {
  encoding: 'utf-8' | 'windows-1252'
  delimiter: string
  /** The line that names the columns; what stands above it are titles. */
  headerRow: number
  header: string[]
}

/**
 * Tells how files of one layout are written. The encoding is told from all bytes, since the first
 * accent may come late; the rest from the first rows. Throws a `UserError` where a file is no CSV
 * with a header, is written in two encodings, or has another header than the first one.
 */
export async function readLayout(files: SalesFile[]): Promise<FileLayout> {
  const encodings: Encoding[] = []
  for (const file of files) {
    refuseOtherKinds(await headOf(file, KIND_BYTES), file.name)
    encodings.push(await encodingOf(file))
  }
  const encoding = commonEncoding(files, encodings)
  const [first, ...others] = files
  const { delimiter, header, line } = await headerOf(await firstRows(first, encoding), first)
  for (const file of others) {
    const found = await headerOf(await firstRows(file, encoding), file)
    const same = found.delimiter === delimiter && found.line === line
    if (!same || found.header.join('\n') !== header.join('\n')) throw headersDiffer(file, first)
  }
  return { encoding, delimiter, headerRow: line, header }
}

/**
 * Calls `onRow` with the rows below the header that are as wide as it, of one file after the other,
 * each up to the first row that cannot be read.
 */
export async function eachRow(
  files: SalesFile[],
  { encoding, delimiter, headerRow, header }: FileLayout,
  onRow: (cells: string[], line: number) => void,
): Promise<void> {
  for (const file of files) {
    const text = utf8Chunks(chunksOf(file), { encoding, maxBytes: Number.POSITIVE_INFINITY })
    await readRows(text, delimiter, (cells, line) => {
      if (line > headerRow && cells.length === header.length) onRow(cells, line)
    })
  }
}

/** Of which delimiter and header are told. */
const SAMPLE_BYTES = 2 ** 18

/** The commonest first: what fits equally well is taken to be the commoner one. */
const DELIMITERS = [',', ';', '\t', '|']

/** What a file is written in as far as its bytes tell; ASCII is part of both encodings. */
type Encoding = FileLayout['encoding'] | 'ascii'

async function encodingOf(file: SalesFile): Promise<Encoding> {
  let isPlain = true
  try {
    const limits = { encoding: 'utf-8', maxBytes: Number.POSITIVE_INFINITY } as const
    for await (const chunk of utf8Chunks(chunksOf(file), limits)) isPlain &&= isAscii(chunk)
    return isPlain ? 'ascii' : 'utf-8'
  } catch (error) {
    if (!(error instanceof FileRefused)) throw unreadable(file, error)
    if (error.rule !== 'encoding-wrong') throw refused(file, error)
  }
  await refuseTwoEncodings(file)
  return 'windows-1252'
}

function refused({ name }: SalesFile, { rule, line }: FileRefused): UserError {
  const { explanation, remedy } = rules[rule]
  return new UserError(explanation, { file: name, ...(line && { line }), remedy })
}

/** Read as Latin-1, the lines in UTF-8 would make other products of the same ones. */
async function refuseTwoEncodings(file: SalesFile): Promise<void> {
  const lineOf = { utf8: 0, latin1: 0 }
  let line = 0
  let rest: Buffer = Buffer.alloc(0)
  const look = (bytes: Buffer) => {
    line++
    if (!isAscii(bytes)) lineOf[isUtf8(bytes) ? 'utf8' : 'latin1'] ||= line
  }
  for await (const chunk of chunksOf(file)) {
    const bytes = Buffer.concat([rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      look(bytes.subarray(from, end))
      from = end + 1
    }
    rest = bytes.subarray(from)
    if (lineOf.utf8 > 0 && lineOf.latin1 > 0) {
      throw new UserError(
        `is written in two encodings: line ${lineOf.utf8} in UTF-8, line ${lineOf.latin1} in Latin-1`,
        { file: file.name, remedy: 'Export it again, or convert the part that is not UTF-8.' },
      )
    }
  }
  look(rest)
}

function commonEncoding(files: SalesFile[], encodings: Encoding[]): FileLayout['encoding'] {
  const utf8 = encodings.indexOf('utf-8')
  const latin1 = encodings.indexOf('windows-1252')
  if (utf8 >= 0 && latin1 >= 0) {
    throw new UserError(`is in Latin-1, but ${files[utf8].name} in UTF-8`, {
      file: files[latin1].name,
      remedy: 'Save all files in UTF-8.',
    })
  }
  return latin1 >= 0 ? 'windows-1252' : 'utf-8'
}

/** The content of the first rows; what a delimiter makes of it is for `headerOf` to say. */
async function firstRows(file: SalesFile, encoding: FileLayout['encoding']): Promise<string> {
  const bytes = await headOf(file, SAMPLE_BYTES)
  const text = new TextDecoder(encoding).decode(bytes)
  const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
  return bytes.length >= SAMPLE_BYTES ? text.slice(0, end + 1) : text
}

/** Not much more than so many bytes from the start of the file. */
async function headOf(file: SalesFile, bytes: number): Promise<Buffer> {
  const read: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of chunksOf(file)) {
      read.push(chunk)
      length += chunk.length
      if (length >= bytes) break
    }
  } catch (error) {
    throw unreadable(file, error)
  }
  return Buffer.concat(read)
}

async function* chunksOf({ name, path }: SalesFile): AsyncGenerator<Buffer> {
  const raw = createReadStream(path)
  if (!/\.gz$/i.test(name)) return yield* raw
  const gunzip = createGunzip()
  const done = pipeline(raw, gunzip)
  done.catch(() => {})
  yield* gunzip
  await done
}

function unreadable({ name }: SalesFile, cause: unknown): UserError {
  return new UserError(`cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
    file: name,
    remedy: 'Name CSV files that exist, and that you may read.',
    cause,
  })
}

type Header = { delimiter: string; header: string[]; line: number }
type NumberedRow = { cells: string[]; line: number }

async function headerOf(text: string, file: SalesFile): Promise<Header> {
  const { delimiter, rows, width } = await tableOf(text, file)
  const { cells: header, line } = headerAmong(rows, width)
  refuseWide(header, file)
  checkHeader(header, line, file)
  return { delimiter, header, line }
}

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

async function readRows(
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

function headersDiffer(file: SalesFile, first: SalesFile): UserError {
  return new UserError(`has other columns than ${first.name}`, {
    file: file.name,
    line: 1,
    remedy: 'Give files of one layout; add a resource to the contract for the others later.',
  })
}
