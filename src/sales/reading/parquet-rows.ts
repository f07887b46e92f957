import type { Field } from '../contract/field.ts'
import type { ParquetFile } from './parquet-file.ts'
import { type ColumnOptions, columnPages, OpenPages } from './parquet-pages.ts'
import { damaged, unsupported } from './parquet-refusals.ts'
import { cellText } from './parquet-values.ts'
import { FileRefused } from './text-checks.ts'

/** A column that is read: its field, or none where no contract says how its cells are written. */
export type ReadColumn = {
  position: number
  field: Pick<Field, 'type' | 'format' | 'decimalChar'> | undefined
}

/**
 * Calls `onRow` with the cells of each row, as wide as the table, and its number from 1. Cells of
 * columns that are not in `columns` are empty: these are neither read nor decoded. Rows come as the
 * pages do, so that memory holds one page of each column.
 *
 * Throws `FileRefused` where a column is not what its field says, where the file is damaged, and where
 * its cells, as text, would be more than `maxBytes`: a file of some bytes may repeat a row for ever.
 * Also where its pages, of all columns, are too large to be held at once.
 */
export async function forEachParquetRow(
  { columns, rowGroups, bytes }: ParquetFile,
  options: {
    columns: ReadColumn[]
    timeZone: string | undefined
    maxBytes: number
    /** Gets the rows done of all. */
    onProgress?: (done: number, rows: number) => void
  },
  onRow: (cells: string[], row: number) => void,
): Promise<void> {
  const { maxBytes, onProgress } = options
  const read = options.columns.map(({ position, field }) => {
    const column = columns[position]
    return { position, column, toText: cellText(column, field, options.timeZone) }
  })
  const rows = rowGroups.reduce((sum, group) => sum + group.rows, 0)
  const blank = columns.map(() => '')
  let size = 0
  let row = 0
  for (const group of rowGroups) {
    if (group.rows === 0) continue
    const open = new OpenPages()
    const cursors = read.map(({ position, column, toText }) => {
      const chunk = group.chunk(column)
      if (chunk === undefined || column.element === undefined) {
        throw unsupported('its values are encrypted, or not there', column.name)
      }
      const of = { bytes, chunk, element: column.element, rows: group.rows, toText, open }
      return new Cursor(position, of)
    })
    for (let left = group.rows; left > 0; ) {
      for (const cursor of cursors) await cursor.fill()
      const count = Math.min(left, ...cursors.map((cursor) => cursor.left))
      for (let index = 0; index < count; index++) {
        const cells = blank.slice()
        for (const cursor of cursors) size += cursor.take(cells).length + 1
        if (size > maxBytes) throw new FileRefused('file-too-large', `more than ${maxBytes} bytes`)
        onRow(cells, ++row)
      }
      left -= count
    }
    onProgress?.(row, rows)
  }
}

/** Goes down the cells of a column. */
class Cursor {
  readonly #position: number
  readonly #pages: AsyncGenerator<string[]>
  #page: string[] = []
  #next = 0

  constructor(position: number, options: ColumnOptions) {
    this.#position = position
    this.#pages = columnPages(options)
  }

  /** Of the page. */
  get left(): number {
    return this.#page.length - this.#next
  }

  async fill(): Promise<void> {
    if (this.left > 0) return
    const { value, done } = await this.#pages.next()
    if (done) throw damaged('a column has fewer values than there are rows')
    this.#page = value
    this.#next = 0
  }

  take(cells: string[]): string {
    const cell = this.#page[this.#next++]
    cells[this.#position] = cell
    return cell
  }
}
