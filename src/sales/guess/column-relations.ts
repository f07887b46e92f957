import type { ColumnGuess } from './guess-columns.ts'

/** How the cells of columns go together, row by row. */
export class ColumnRelations {
  readonly #columns: ColumnGuess[]
  readonly #rows: string[][]

  constructor(columns: ColumnGuess[], rows: string[][]) {
    this.#columns = columns
    this.#rows = rows
  }

  /** What names a row, a receipt or a day names no product and no store. */
  repeats(column: ColumnGuess): boolean {
    const index = this.#columns.indexOf(column)
    const cells = this.#rows.map((row) => row[index]).filter((cell) => cell.trim() !== '')
    return cells.length < ENOUGH_ROWS || new Set(cells).size < cells.length
  }

  areEqual(a: ColumnGuess, b: ColumnGuess): boolean {
    const [i, j] = [this.#columns.indexOf(a), this.#columns.indexOf(b)]
    return this.#rows.every((row) => row[i] === row[j])
  }

  areOneToOne(a: ColumnGuess, b: ColumnGuess): boolean {
    const [i, j] = [this.#columns.indexOf(a), this.#columns.indexOf(b)]
    const pairs = new Set(this.#rows.map((row) => JSON.stringify([row[i], row[j]]))).size
    const distinct = (at: number) => new Set(this.#rows.map((row) => row[at])).size
    return pairs === distinct(i) && pairs === distinct(j)
  }

  /** Whether nearly every row of one key has the same cell: products keep their name. */
  isFunctionOf(key: string, column: ColumnGuess, share = MOST_ROWS): boolean {
    const [i, j] = [
      this.#columns.findIndex(({ name }) => name === key),
      this.#columns.indexOf(column),
    ]
    const counts = new Map<string, Map<string, number>>()
    for (const row of this.#rows) {
      const cells = counts.get(row[i]) ?? new Map<string, number>()
      counts.set(row[i], cells)
      cells.set(row[j], (cells.get(row[j]) ?? 0) + 1)
    }
    let usual = 0
    let repeated = 0
    for (const cells of counts.values()) {
      const rows = [...cells.values()].reduce((sum, count) => sum + count, 0)
      if (rows < 2) continue
      usual += Math.max(...cells.values())
      repeated += rows
    }
    return repeated === 0 ? this.#rows.length < ENOUGH_ROWS : usual >= share * repeated
  }
}

/** How many rows must be looked at before a column of ever new cells counts as numbers of rows. */
export const ENOUGH_ROWS = 20

const MOST_ROWS = 0.8
