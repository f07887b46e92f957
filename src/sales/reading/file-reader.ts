import { createHash } from 'node:crypto'
import type { Day } from '../../base/day.ts'
import { type Broken, type Row, rowChecker } from '../checks/row-checker.ts'
import type { UndatedSale } from '../checks/undated-sales.ts'
import type { Contract } from '../contract/contract.ts'
import type { RuleId } from '../contract/rules.ts'
import type { DataFile } from '../sources/data-files.ts'
import { HashedFile } from '../sources/hashed-file.ts'
import type { DailyTotals } from '../totals/daily-totals.ts'
import { TotalsBuilder } from '../totals/totals-builder.ts'
import { forEachRow } from './csv-rows.ts'
import {
  count,
  type DayCounts,
  dated,
  FindingLog,
  type LoggedFinding,
  undated,
} from './finding-log.ts'
import { columnsOf } from './header.ts'
import { QuarantineWriter } from './quarantine.ts'
import { addRow } from './row-events.ts'
import { FileRefused, utf8Chunks } from './text-checks.ts'

/** All that is known of one file after reading it: a size that does not depend on its rows. */
export type FileReading = {
  /** Git's id of the file's bytes; undefined where they were not read to the end. */
  blobId: string | undefined
  header: string[]
  /** Rows by the day on which they became visible, and on which it did that they are quarantined. */
  read: DayCounts
  quarantined: DayCounts
  findings: LoggedFinding[]
  /** What is wrong with the file as a whole; the rest then counts up to there. */
  refusal: Refusal | undefined
  /** Of what is to be believed. */
  totals: DailyTotals
  /** Units that were bought, and sold on a day that cannot be told. */
  undatedSales: UndatedSale[]
  /** The last day on which anything became visible. */
  lastDay: Day
  /** The latest sale or purchase day that is believed: the reading holds from that day on. */
  latestDate: Day
  hasFutureRows: boolean
  /** SHA-256 of the quarantined rows as they were written. */
  quarantineDigest: string
}

export type Refusal = {
  rule: RuleId
  line: number | undefined
  column: string | undefined
  value: string
}

export type ReadOptions = {
  file: DataFile
  contract: Contract
  today: Day
  quarantinePath: string
  onProgress: (bytes: number) => void
}

/**
 * Reads one file as a stream: what it sells by day, and what is wrong with it. Quarantined rows go
 * to `quarantinePath`. What the data is to blame for is in the result; nothing is thrown for it.
 * `onProgress` gets the number of bytes read since it was last called.
 */
export async function readDataFile(options: ReadOptions): Promise<FileReading> {
  const strict = await readOnce(options, { strayQuotes: 'wrong' })
  if (strict.refusal?.rule !== 'quote-wrong') return strict
  return readOnce(options, { strayQuotes: 'text', firstLine: strict.refusal.line ?? 1 })
}

/**
 * Of the rows of a file that was read to its end: equal for equal rows, whether they are packed,
 * and however they are encoded and quoted and their lines ended.
 */
export async function rowsDigest(
  file: DataFile,
  { findings }: FileReading,
  { maxBytes }: Contract,
): Promise<string> {
  const { encoding, dialect } = file.resource
  const hash = createHash('sha256')
  const text = utf8Chunks(new HashedFile(file, () => {}).chunks(), { encoding, maxBytes })
  const strayQuotes = findings.some(({ rule }) => rule === 'stray-quote') ? 'text' : 'wrong'
  let isBelowHeader = !dialect.header
  await forEachRow(text, dialect, strayQuotes, (cells, line) => {
    if (isBelowHeader) hash.update(JSON.stringify(cells))
    isBelowHeader ||= line >= dialect.headerRow
  })
  return hash.digest('hex')
}

type Quotes = { strayQuotes: 'wrong' } | { strayQuotes: 'text'; firstLine: number }

async function readOnce(options: ReadOptions, quotes: Quotes): Promise<FileReading> {
  const { file, contract } = options
  const { encoding, dialect } = file.resource
  const bytes = new HashedFile(file, options.onProgress)
  const quarantine = new QuarantineWriter(options.quarantinePath)
  const reader = new RowReader(options, quarantine)
  const refusal = await refusalIn(async () => {
    const text = utf8Chunks(bytes.chunks(), { encoding, maxBytes: contract.maxBytes })
    await forEachRow(text, dialect, quotes.strayQuotes, reader.read)
    bytes.check()
    reader.checkNotEmpty()
    if (!bytes.endsWithLine) reader.warn('may-be-cut-off', reader.lastLine)
  })
  if (quotes.strayQuotes === 'text') reader.warn('stray-quote', quotes.firstLine)
  const quarantineDigest = quarantine.close()
  const blobId = refusal ? undefined : bytes.blobId()
  return { ...reader.finish(), refusal, blobId, quarantineDigest }
}

/** What the optional columns of the contract say about all its totals. */
export function totalsColumns({ columns }: Contract): DailyTotals['columns'] {
  return {
    purchaseDate: columns.has('purchaseDate'),
    expiryDate: columns.has('expiryDate'),
    stock: columns.has('stock'),
    price: columns.has('price'),
    cost: columns.has('cost'),
    category: columns.has('category'),
  }
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

/** Turns the rows of one file into totals, findings and quarantined rows. */
class RowReader {
  readonly #options: ReadOptions
  readonly #quarantine: QuarantineWriter
  readonly #totals: TotalsBuilder
  readonly #log = new FindingLog()
  readonly #read: DayCounts = new Map()
  readonly #quarantined: DayCounts = new Map()
  /** By series and dates, so that there are no more of them than entries of the totals. */
  readonly #undatedSales = new Map<string, UndatedSale>()
  #header: string[] | undefined
  #check: ReturnType<typeof rowChecker> | undefined
  #lastLine = 1
  #lastDay: Day = Number.NEGATIVE_INFINITY
  #latestDate: Day = Number.NEGATIVE_INFINITY
  #hasFutureRows = false

  constructor(options: ReadOptions, quarantine: QuarantineWriter) {
    this.#options = options
    this.#quarantine = quarantine
    this.#totals = new TotalsBuilder(totalsColumns(options.contract))
  }

  /** To be handed on as it is. */
  readonly read = (cells: string[], line: number, mayHoldLineEnds: boolean): void => {
    const { resource } = this.#options.file
    this.#lastLine = line
    if (line < resource.dialect.headerRow) return
    if (this.#check === undefined) {
      const { header } = resource.dialect
      this.#check = this.#start(header ? cells : resource.fields.map(({ name }) => name), line)
      if (header) return
    }
    this.#row(this.#check(cells, mayHoldLineEnds), cells, line)
  }

  get lastLine(): number {
    return this.#lastLine
  }

  checkNotEmpty(): void {
    if (this.#header === undefined) throw new FileRefused('file-empty')
    if (this.#read.size === 0) this.warn('no-rows', 1)
  }

  /** About the file as a whole, or about more rows than are counted. */
  warn(rule: RuleId, line: number): void {
    this.#log.add(rule, undefined, line, '', undated)
  }

  finish() {
    const lastDay = this.#lastDay
    return {
      header: this.#header ?? [],
      read: dated(this.#read, lastDay),
      quarantined: dated(this.#quarantined, lastDay),
      findings: this.#log.finish(lastDay),
      totals: this.#totals.finish(),
      undatedSales: [...this.#undatedSales.values()],
      lastDay,
      latestDate: this.#latestDate,
      hasFutureRows: this.#hasFutureRows,
    }
  }

  #start(header: string[], line: number): ReturnType<typeof rowChecker> {
    const { file, contract, today } = this.#options
    this.#header = header
    return rowChecker({
      contract,
      resource: file.resource,
      columns: columnsOf(header, line, file.resource, contract),
      width: header.length,
      today,
      intern: (text) => this.#totals.intern(text),
    })
  }

  #row(row: Row, cells: string[], line: number): void {
    count(this.#read, row.visibleDay)
    this.#sees(row.visibleDay)
    if (row.broken.length > 0) this.#logBroken(row, cells, line)
    if (!row.isSaleSound) {
      count(this.#quarantined, row.quarantineDay)
      this.#sees(row.quarantineDay)
      const reasons = row.broken.map((broken) => this.#reason(broken))
      this.#quarantine.add({ day: row.quarantineDay, line, reasons, cells })
    }
    addRow(this.#totals, row)
    if (row.isSaleUndated) this.#addUndated(row)
    if (row.isSaleSound && !Number.isNaN(row.saleDay)) this.#believes(row.saleDay)
    if (row.isPurchaseSound && !Number.isNaN(row.purchaseDay)) this.#believes(row.purchaseDay)
  }

  #addUndated({ product, store, quantity, purchaseDay, expiryDay }: Row): void {
    const id = `${product} ${store} ${purchaseDay} ${expiryDay}`
    const units = quantity + (this.#undatedSales.get(id)?.units ?? 0)
    const series = this.#totals.key(product, store)
    this.#undatedSales.set(id, { ...series, units, purchaseDay, expiryDay })
  }

  #believes(day: Day): void {
    this.#sees(day)
    if (day > this.#latestDate) this.#latestDate = day
  }

  #sees(day: Day): void {
    if (day !== undated && day > this.#lastDay) this.#lastDay = day
  }

  #logBroken({ broken }: Row, cells: string[], line: number): void {
    const { delimiter } = this.#options.file.resource.dialect
    for (const { rule, position, day } of broken) {
      const value = position === undefined ? cells.join(delimiter) : cells[position]
      this.#log.add(rule, this.#columnAt(position), line, value, day)
      if (rule === 'in-the-future') this.#hasFutureRows = true
    }
  }

  #reason({ rule, position }: Broken): string {
    const column = this.#columnAt(position)
    return column === undefined ? rule : `${rule} (${column})`
  }

  #columnAt(position: number | undefined): string | undefined {
    return position === undefined ? undefined : this.#header?.[position]
  }
}
