import { createHash } from 'node:crypto'
import type { Day } from '../../base/day.ts'
import { type Row, rowChecker } from '../checks/row-checker.ts'
import type { UndatedSale } from '../checks/undated-sales.ts'
import type { Contract } from '../contract/contract.ts'
import type { DataFile } from '../sources/data-files.ts'
import { HashedFile } from '../sources/hashed-file.ts'
import type { DailyTotals } from '../totals/daily-totals.ts'
import { TotalsBuilder } from '../totals/totals-builder.ts'
import { forEachRow } from './csv-rows.ts'
import { columnsOf } from './header.ts'
import { addRow } from './row-events.ts'
import {
  type RowSink,
  readColumns,
  readTable,
  type TableLog,
  type TableOptions,
  type TableReader,
  type TableReading,
} from './table-reading.ts'
import { utf8Chunks } from './text-checks.ts'

/** All that is known of one file after reading it: a size that does not depend on its rows. */
export type FileReading = TableReading & RowsOfSales

type RowsOfSales = {
  /** Of what is to be believed. */
  totals: DailyTotals
  /** Units that were bought, and sold on a day that cannot be told. */
  undatedSales: UndatedSale[]
  /** The latest sale or purchase day that is believed: the reading holds from that day on. */
  latestDate: Day
  hasFutureRows: boolean
}

export type ReadOptions = Omit<TableOptions, 'maxBytes' | 'timeZone' | 'withRole'> & {
  contract: Contract
  today: Day
}

/**
 * Reads one file as a stream: what it sells by day, and what is wrong with it. Quarantined rows go
 * to `quarantinePath`. What the data is to blame for is in the result; nothing is thrown for it.
 * `onProgress` gets the number of bytes read since it was last called.
 */
export async function readDataFile(options: ReadOptions): Promise<FileReading> {
  return readTable(tableOptions(options), (log) => new SalesReader(options, log))
}

/** As `readDataFile`, of what is wrong with a file alone: nothing is added up. */
export async function checkDataFile(options: ReadOptions): Promise<TableReading> {
  return readTable(tableOptions(options), (log) => ({
    start: (header, line) => {
      const check = rowsChecked(options, header, line, () => 0)
      return (cells, at, mayHoldLineEnds) => {
        const { broken, visibleDay, quarantineDay } = check(cells, mayHoldLineEnds)
        log.row({ cells, line: at, broken, visibleDay, quarantineDay })
      }
    },
    finish: () => ({}),
  }))
}

function tableOptions(options: ReadOptions): TableOptions {
  const { maxBytes, timeZone, columns } = options.contract
  return { ...options, maxBytes, timeZone, withRole: new Set(columns.values()) }
}

/** Takes the header of the file, or throws `FileRefused`; what it gives reads every row below. */
function rowsChecked(
  { file, contract, today }: ReadOptions,
  header: string[],
  line: number | undefined,
  intern: (text: string) => number,
): ReturnType<typeof rowChecker> {
  const { resource } = file
  const columns = columnsOf(header, line, resource, contract.columns, ['product', 'saleDate'])
  return rowChecker({ contract, resource, columns, width: header.length, today, intern })
}

/**
 * Of the rows of a file that was read to its end: equal for equal rows, whether they are packed,
 * and however they are encoded and quoted and their lines ended.
 */
export async function rowsDigest(
  file: DataFile,
  { findings }: Pick<FileReading, 'findings'>,
  contract: Contract,
): Promise<string> {
  const { format, encoding, dialect } = file.resource
  const hash = createHash('sha256')
  if (format === 'parquet') {
    await eachParquetRow(file, contract, (cells) => hash.update(JSON.stringify(cells)))
    return hash.digest('hex')
  }
  const { maxBytes } = contract
  const text = utf8Chunks(new HashedFile(file, () => {}).chunks(), { encoding, maxBytes })
  const strayQuotes = findings.some(({ rule }) => rule === 'stray-quote') ? 'text' : 'wrong'
  let isBelowHeader = !dialect.header
  await forEachRow(text, dialect, strayQuotes, (cells, line) => {
    if (isBelowHeader) hash.update(JSON.stringify(cells))
    isBelowHeader ||= line >= dialect.headerRow
  })
  return hash.digest('hex')
}

async function eachParquetRow(
  { path, resource }: DataFile,
  { columns, timeZone, maxBytes }: Contract,
  onRow: (cells: string[]) => void,
): Promise<void> {
  const { openParquet } = await import('./parquet-file.ts')
  const { forEachParquetRow } = await import('./parquet-rows.ts')
  const parquet = await openParquet(path)
  try {
    const header = parquet.columns.map(({ name }) => name)
    const read = readColumns(header, resource, new Set(columns.values()))
    await forEachParquetRow(parquet, { columns: read, timeZone, maxBytes }, onRow)
  } finally {
    await parquet.close()
  }
}

/** What the optional columns of the contract say about all its totals. */
export function totalsColumns({ columns }: Contract): DailyTotals['columns'] {
  return {
    purchaseDate: columns.has('purchaseDate') || columns.has('delivered'),
    expiryDate: columns.has('expiryDate'),
    stock: columns.has('stock'),
    price: columns.has('price') || columns.has('value'),
    cost: columns.has('cost'),
    category: columns.has('category'),
  }
}

/** Turns the rows of one file into totals. */
class SalesReader implements TableReader<RowsOfSales> {
  readonly #options: ReadOptions
  readonly #log: TableLog
  readonly #totals: TotalsBuilder
  /** By series and dates, so that there are no more of them than entries of the totals. */
  readonly #undatedSales = new Map<string, UndatedSale>()
  #latestDate: Day = Number.NEGATIVE_INFINITY
  #hasFutureRows = false

  constructor(options: ReadOptions, log: TableLog) {
    this.#options = options
    this.#log = log
    this.#totals = new TotalsBuilder(totalsColumns(options.contract))
  }

  readonly start = (header: string[], line: number | undefined): RowSink => {
    const check = rowsChecked(this.#options, header, line, (text) => this.#totals.intern(text))
    return (cells, line, mayHoldLineEnds) => this.#row(check(cells, mayHoldLineEnds), cells, line)
  }

  finish(): RowsOfSales {
    return {
      totals: this.#totals.finish(),
      undatedSales: [...this.#undatedSales.values()],
      latestDate: this.#latestDate,
      hasFutureRows: this.#hasFutureRows,
    }
  }

  #row(row: Row, cells: string[], line: number): void {
    const { broken, visibleDay, quarantineDay } = row
    this.#log.row({ cells, line, broken, visibleDay, quarantineDay })
    if (broken.some(({ rule }) => rule === 'in-the-future')) this.#hasFutureRows = true
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
    this.#log.sees(day)
    if (day > this.#latestDate) this.#latestDate = day
  }
}
