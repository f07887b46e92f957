import type { Day } from '../../base/day.ts'
import { type Field, fieldParser } from '../contract/field.ts'
import type { Resource } from '../contract/resource.ts'
import type { RuleId } from '../contract/rules.ts'
import type { DataFile } from '../sources/data-files.ts'
import { HashedFile } from '../sources/hashed-file.ts'
import { forEachRow } from './csv-rows.ts'
import {
  count,
  type DayCounts,
  dated,
  FindingLog,
  type LoggedFinding,
  undated,
} from './finding-log.ts'
import { QuarantineWriter } from './quarantine.ts'
import { FileRefused, utf8Chunks } from './text-checks.ts'

/** What is known of a file of rows after reading it, whatever they mean. */
export type TableReading = {
  /** Git's id of the file's bytes; undefined where they were not read to the end. */
  blobId: string | undefined
  header: string[]
  /** What tells where a row stands: its line in text, its number in Parquet, both from 1. */
  numbering: 'line' | 'row'
  /** Rows by the day on which they became visible, and on which it did that they are quarantined. */
  read: DayCounts
  quarantined: DayCounts
  findings: LoggedFinding[]
  /** What is wrong with the file as a whole; the rest then counts up to there. */
  refusal: Refusal | undefined
  /** The last day on which anything became visible. */
  lastDay: Day
  /** SHA-256 of the quarantined rows as they were written. */
  quarantineDigest: string
}

export type Refusal = {
  rule: RuleId
  line: number | undefined
  column: string | undefined
  value: string
}

export type TableOptions = {
  file: DataFile
  /** Names of the columns that are used, whatever else is asked of others. */
  withRole: ReadonlySet<string>
  /** Whose days count where a file holds instants. */
  timeZone: string | undefined
  /** A file that is larger, unpacked, is refused. */
  maxBytes: number
  /** Where quarantined rows go. */
  quarantinePath: string
  /** Gets the number of bytes read since it was last called. */
  onProgress: (bytes: number) => void
}

/** A rule that a row breaks, the column where it does, and the day on which that became known. */
export type BrokenRule = { rule: RuleId; position: number | undefined; day: Day }

export type RowSink = (cells: string[], line: number, mayHoldLineEnds: boolean) => void

/** Makes something of the rows of one file. */
export type TableReader<Result> = {
  /** Takes the header, or throws `FileRefused`; what it gives takes every row below. */
  start(header: string[], line: number | undefined): RowSink
  finish(): Result
}

/**
 * Reads a file as a stream. `newReader` makes something of its rows, and tells the log what it finds;
 * it is made again where quotation marks show that the file has to be read in another way. What the
 * file is to blame for is in the result; nothing is thrown for it.
 */
export async function readTable<Result>(
  options: TableOptions,
  newReader: (log: TableLog) => TableReader<Result>,
): Promise<TableReading & Result> {
  if (options.file.resource.format === 'parquet') return readParquet(options, newReader)
  const strict = await readOnce(options, newReader, { strayQuotes: 'wrong' })
  if (strict.refusal?.rule !== 'quote-wrong') return strict
  return readOnce(options, newReader, { strayQuotes: 'text', firstLine: strict.refusal.line ?? 1 })
}

type Quotes = { strayQuotes: 'wrong' } | { strayQuotes: 'text'; firstLine: number }

async function readOnce<Result>(
  { file, maxBytes, quarantinePath, onProgress }: TableOptions,
  newReader: (log: TableLog) => TableReader<Result>,
  quotes: Quotes,
): Promise<TableReading & Result> {
  const { encoding, dialect } = file.resource
  const bytes = new HashedFile(file, onProgress)
  const quarantine = new QuarantineWriter(quarantinePath)
  const log = new TableLog(file, quarantine)
  const reader = newReader(log)
  const refusal = await refusalIn(async () => {
    const text = utf8Chunks(bytes.chunks(), { encoding, maxBytes })
    await forEachRow(text, dialect, quotes.strayQuotes, log.rowsFor(reader))
    bytes.check()
    log.checkNotEmpty()
    if (!bytes.endsWithLine) log.warn('may-be-cut-off', log.lastLine)
  })
  if (quotes.strayQuotes === 'text') log.warn('stray-quote', quotes.firstLine)
  const quarantineDigest = quarantine.close()
  const blobId = refusal ? undefined : bytes.blobId()
  return { ...reader.finish(), ...log.finish(), refusal, blobId, quarantineDigest }
}

/** Hashed first, then read by its footer: all from one file, which must not change meanwhile. */
async function readParquet<Result>(
  { file, withRole, timeZone, maxBytes, quarantinePath, onProgress }: TableOptions,
  newReader: (log: TableLog) => TableReader<Result>,
): Promise<TableReading & Result> {
  const bytes = new HashedFile(file, () => {})
  const quarantine = new QuarantineWriter(quarantinePath)
  const log = new TableLog(file, quarantine)
  const reader = newReader(log)
  let reported = 0
  const refusal = await refusalIn(async () => {
    const { openParquet } = await import('./parquet-file.ts')
    const parquet = await openParquet(file.path)
    try {
      await bytes.readAll()
      bytes.check()
      const { forEachParquetRow } = await import('./parquet-rows.ts')
      const header = parquet.columns.map(({ name }) => name)
      const columns = readColumns(header, file.resource, withRole)
      const sink = log.rowsOf(reader, header, columns)
      await forEachParquetRow(
        parquet,
        {
          columns,
          timeZone,
          maxBytes,
          onProgress: (done, rows) => {
            const now = Math.floor((file.bytes * done) / rows)
            onProgress(now - reported)
            reported = now
          },
        },
        (cells, row) => sink(cells, row, false),
      )
      await parquet.checkUnchanged()
      log.checkNotEmpty()
    } finally {
      await parquet.close()
    }
  })
  onProgress(file.bytes - reported)
  const quarantineDigest = quarantine.close()
  const blobId = refusal ? undefined : bytes.blobId()
  return { ...reader.finish(), ...log.finish(), refusal, blobId, quarantineDigest }
}

/** Those of which something is asked; the others are not decoded. */
export function readColumns(
  header: string[],
  { fields }: Resource,
  withRole: ReadonlySet<string>,
): { position: number; field: Field }[] {
  return fields.flatMap((field) => {
    const position = header.indexOf(field.name)
    const isAsked =
      withRole.has(field.name) || fieldParser(field) || Object.keys(field.constraints).length > 0
    return isAsked && position >= 0 ? [{ position, field }] : []
  })
}

async function refusalIn(read: () => Promise<void>): Promise<Refusal | undefined> {
  try {
    await read()
    return undefined
  } catch (error) {
    if (error instanceof FileRefused) {
      const { rule, line, column, value } = error
      return { rule, line, column, value }
    }
    if (!isUnreadable(error)) throw error
    return { rule: 'file-unreadable', line: undefined, column: undefined, value: error.message }
  }
}

/** The disk fails under the file, or zlib finds it damaged. */
function isUnreadable(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('code' in error)) return false
  return String(error.code).startsWith('Z_') || ('syscall' in error && error.syscall === 'read')
}

/** Counts the rows of one file, and keeps what is wrong with them. */
export class TableLog {
  readonly #file: DataFile
  readonly #quarantine: QuarantineWriter
  readonly #log = new FindingLog()
  readonly #read: DayCounts = new Map()
  readonly #quarantined: DayCounts = new Map()
  #header: string[] | undefined
  /** Positions of the columns whose cells are known; undefined where all are. */
  #known: number[] | undefined
  #lastLine = 1
  #lastDay: Day = Number.NEGATIVE_INFINITY

  constructor(file: DataFile, quarantine: QuarantineWriter) {
    this.#file = file
    this.#quarantine = quarantine
  }

  /** Hands on what stands below the header. */
  rowsFor({ start }: Pick<TableReader<unknown>, 'start'>): RowSink {
    const { dialect, fields } = this.#file.resource
    let sink: RowSink | undefined
    return (cells, line, mayHoldLineEnds) => {
      this.#lastLine = line
      if (line < dialect.headerRow) return
      if (sink === undefined) {
        this.#header = dialect.header ? cells : fields.map(({ name }) => name)
        sink = start(this.#header, line)
        if (dialect.header) return
      }
      sink(cells, line, mayHoldLineEnds)
    }
  }

  /** Hands on the rows of a table whose header is known, and of whose columns only some are read. */
  rowsOf(
    { start }: Pick<TableReader<unknown>, 'start'>,
    header: string[],
    columns: { position: number }[],
  ): RowSink {
    this.#header = header
    this.#known = columns.map(({ position }) => position).sort((a, b) => a - b)
    return start(header, undefined)
  }

  get lastLine(): number {
    return this.#lastLine
  }

  checkNotEmpty(): void {
    if (this.#header === undefined) throw new FileRefused('file-empty')
    if (this.#read.size === 0) this.warn('no-rows', this.#known ? undefined : 1)
  }

  /** About the file as a whole, or about more rows than are counted. */
  warn(rule: RuleId, line: number | undefined): void {
    this.#log.add(rule, undefined, line, '', undated)
  }

  /**
   * A row that became visible on a day, with the rules that it breaks, and the day on which it became
   * known that it is quarantined; NaN where it is not.
   */
  row(row: {
    cells: string[]
    line: number
    broken: readonly BrokenRule[]
    visibleDay: Day
    quarantineDay: Day
  }): void {
    const { cells, line, broken, visibleDay, quarantineDay } = row
    count(this.#read, visibleDay)
    this.sees(visibleDay)
    if (broken.length > 0) this.#logBroken(broken, cells, line)
    if (Number.isNaN(quarantineDay)) return
    count(this.#quarantined, quarantineDay)
    this.sees(quarantineDay)
    const reasons = broken.map((rule) => this.#reason(rule))
    this.#quarantine.add({ day: quarantineDay, line, reasons, cells: this.#ofKnown(cells) })
  }

  /** That something became visible on a day. */
  sees(day: Day): void {
    if (day !== undated && day > this.#lastDay) this.#lastDay = day
  }

  finish() {
    const lastDay = this.#lastDay
    return {
      header: this.#ofKnown(this.#header ?? []),
      numbering: this.#file.resource.format === 'parquet' ? ('row' as const) : ('line' as const),
      read: dated(this.#read, lastDay),
      quarantined: dated(this.#quarantined, lastDay),
      findings: this.#log.finish(lastDay),
      lastDay,
    }
  }

  #ofKnown(cells: string[]): string[] {
    return this.#known ? this.#known.map((position) => cells[position]) : cells
  }

  #logBroken(broken: readonly BrokenRule[], cells: string[], line: number): void {
    const { delimiter } = this.#file.resource.dialect
    for (const { rule, position, day } of broken) {
      const value = position === undefined ? cells.join(delimiter) : cells[position]
      this.#log.add(rule, this.#columnAt(position), line, value, day)
    }
  }

  #reason({ rule, position }: BrokenRule): string {
    const column = this.#columnAt(position)
    return column === undefined ? rule : `${rule} (${column})`
  }

  #columnAt(position: number | undefined): string | undefined {
    return position === undefined ? undefined : this.#header?.[position]
  }
}
