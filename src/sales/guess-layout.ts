import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { UserError } from '../errors.ts'
import { forEachRow } from './csv-rows.ts'
import { rules } from './rules.ts'
import { FileRefused, utf8Chunks } from './text-checks.ts'

/** A file of sales; `name` is what messages call it. A name that ends in `.gz` is unpacked. */
export type SalesFile = { name: string; path: string }

/** How files are written, with some of their rows: the first of each. */
export type FileLayout = {
  encoding: 'utf-8' | 'windows-1252'
  delimiter: string
  header: string[]
  /** As wide as the header; rows of another width are left out. */
  rows: string[][]
}

/**
 * Tells how files of one layout are written. The encoding is told from all bytes, since the first
 * accent may come late; the rest from the first rows. Throws a `UserError` where a file is no CSV
 * with a header, or has another header than the first one.
 */
export async function readLayout(files: SalesFile[]): Promise<FileLayout> {
  const bytesOfEach = Math.max(SAMPLE_BYTES / files.length, LEAST_BYTES)
  let encoding: FileLayout['encoding'] = 'utf-8'
  for (const file of files) if (!(await isUtf8(file))) encoding = 'windows-1252'
  const heads = []
  for (const file of files) heads.push({ file, text: await headOf(file, encoding, bytesOfEach) })

  const delimiter = await delimiterOf(heads[0].text, files[0])
  const [header, ...rows] = await rowsOf(heads[0].text, delimiter)
  checkHeader(header, files[0])
  for (const { file, text } of heads.slice(1)) {
    const [otherHeader, ...otherRows] = await rowsOf(text, delimiter)
    if (otherHeader?.join('\n') !== header.join('\n')) throw headersDiffer(file, files[0])
    rows.push(...otherRows)
  }
  return { encoding, delimiter, header, rows: rows.filter((row) => row.length === header.length) }
}

const SAMPLE_BYTES = 2 ** 20
const LEAST_BYTES = 2 ** 14

/** The commonest first: what fits equally well is taken to be the commoner one. */
const DELIMITERS = [',', ';', '\t', '|']

async function isUtf8(file: SalesFile): Promise<boolean> {
  try {
    const limits = { encoding: 'utf-8', maxBytes: Number.POSITIVE_INFINITY } as const
    for await (const _ of utf8Chunks(chunksOf(file), limits));
    return true
  } catch (error) {
    if (!(error instanceof FileRefused)) throw unreadable(file, error)
    if (error.rule === 'encoding-wrong') return false
    const { explanation, remedy } = rules[error.rule]
    throw new UserError(explanation, {
      file: file.name,
      ...(error.line && { line: error.line }),
      remedy,
    })
  }
}

/** Whole lines from the start of the file, as text. */
async function headOf(
  file: SalesFile,
  encoding: FileLayout['encoding'],
  bytes: number,
): Promise<string> {
  const read: Buffer[] = []
  let length = 0
  for await (const chunk of chunksOf(file)) {
    read.push(chunk)
    length += chunk.length
    if (length > bytes) break
  }
  const text = new TextDecoder(encoding).decode(Buffer.concat(read))
  return length > bytes ? text.slice(0, text.lastIndexOf('\n') + 1) : text
}

async function* chunksOf({ name, path }: SalesFile): AsyncGenerator<Buffer> {
  const raw = createReadStream(path)
  if (!name.endsWith('.gz')) return yield* raw
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

/** The one by which most rows are as wide as the header; among equals, the one of most columns. */
async function delimiterOf(text: string, file: SalesFile): Promise<string> {
  let best = { delimiter: '', fitting: 0, width: 1 }
  for (const delimiter of DELIMITERS) {
    const [header = [], ...rows] = await rowsOf(text, delimiter)
    const width = header.length
    const fitting = rows.filter((row) => row.length === width).length
    if (width < 2 || fitting === 0) continue
    if (fitting > best.fitting || (fitting === best.fitting && width > best.width)) {
      best = { delimiter, fitting, width }
    }
  }
  if (best.delimiter !== '') return best.delimiter
  throw new UserError('is no table: no delimiter gives its rows as many cells as its first line', {
    file: file.name,
    remedy: 'Save it as CSV with the names of the columns in the first line, and rows below it.',
  })
}

/** Up to the first row that cannot be read. */
async function rowsOf(text: string, delimiter: string): Promise<string[][]> {
  const dialect = { delimiter, quoteChar: '"', doubleQuote: true, header: true }
  const rows: string[][] = []
  try {
    await forEachRow(once(Buffer.from(text)), dialect, 'text', (cells) => void rows.push(cells))
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
  }
  return rows
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

function checkHeader(header: string[], file: SalesFile): void {
  const refuse = (what: string, remedy: string) => {
    throw new UserError(what, { file: file.name, line: 1, remedy })
  }
  const value = header.find((name) => /^[-+]?[\d.,/: -]*\d[\d.,/: -]*$/.test(name.trim()))
  if (value !== undefined) {
    refuse(
      `the first line must name the columns, but holds ${JSON.stringify(value)}`,
      'Write a line with names of the columns above the rows.',
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
