import { UserError } from '../../base/errors.ts'
import { utf8Chunks } from '../reading/text-checks.ts'
import { KIND_BYTES, refuseOtherKinds } from '../sources/file-kind.ts'
import { commonEncoding, type Encoding, encodingOf, type FoundEncoding } from './guess-encoding.ts'
import { headerOf, readRows } from './guess-header.ts'
import { eachRowOfParquet, isParquet, type ParquetKinds, parquetLayout } from './guess-parquet.ts'
import { refusePlan } from './refuse-plan.ts'
import { chunksOf, headOf, type SalesFile } from './sales-file.ts'

/** How files are written. */
export type FileLayout = {
  encoding: Encoding
  delimiter: string
  /** The line that names the columns; what stands above it are titles. */
  headerRow: number
  header: string[]
  /** Of Parquet: what each column holds. Rows are numbered then, and no line says their names. */
  kinds?: ParquetKinds
}

/**
 * Tells how files of one layout are written. The encoding is told from all bytes, since the first
 * accent may come late; the rest from the first rows. Throws a `UserError` where a file is no CSV
 * with a header, is written in two encodings, or has another header than the first one.
 */
export async function readLayout(files: SalesFile[]): Promise<FileLayout> {
  const [one, ...rest] = await Promise.all(files.map(isParquet))
  if (one && rest.every(Boolean)) return parquetLayout(files)
  const encodings: FoundEncoding[] = []
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
    if (same && found.header.join('\n') === header.join('\n')) continue
    // Whoever names all files of a folder may have named a plan.
    refusePlan(header, first)
    refusePlan(found.header, file)
    throw headersDiffer(file, first)
  }
  return { encoding, delimiter, headerRow: line, header }
}

/**
 * Calls `onRow` with the rows below the header that are as wide as it, and the index of their file,
 * each up to the first row that cannot be read.
 */
export async function eachRow(
  files: SalesFile[],
  { encoding, delimiter, headerRow, header, kinds }: FileLayout,
  timeZone: string | undefined,
  onRow: (cells: string[], line: number, file: number) => void,
): Promise<void> {
  if (kinds) return eachRowOfParquet(files, kinds, timeZone, onRow)
  for (const [index, file] of files.entries()) {
    const text = utf8Chunks(chunksOf(file), { encoding, maxBytes: Number.POSITIVE_INFINITY })
    await readRows(text, delimiter, (cells, line) => {
      if (line > headerRow && cells.length === header.length) onRow(cells, line, index)
    })
  }
}

/** Of which delimiter and header are told. */
const SAMPLE_BYTES = 2 ** 18

/** The content of the first rows; what a delimiter makes of it is for `headerOf` to say. */
async function firstRows(file: SalesFile, encoding: Encoding): Promise<string> {
  const bytes = await headOf(file, SAMPLE_BYTES)
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)
  const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
  return bytes.length >= SAMPLE_BYTES ? text.slice(0, end + 1) : text
}

function headersDiffer(file: SalesFile, first: SalesFile): UserError {
  return new UserError(`has other columns than ${first.name}`, {
    file: file.name,
    line: 1,
    remedy: 'Give files of one layout; add a resource to the contract for the others later.',
  })
}
