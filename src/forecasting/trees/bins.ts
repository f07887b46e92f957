import { seededRandom } from '../../base/random.ts'
import { shortestBetween } from './shortest-between.ts'
import { sortedFloats } from './sorted-floats.ts'

/** Features column by column, each `rows` long; NaN is missing, all other values are finite. */
export type Columns = {
  names: string[]
  rows: number
  columns: Float32Array[]
}

/** Features as numbers of bins. */
export type BinnedColumns = {
  names: string[]
  rows: number
  /**
   * Four columns to an element, the first in the lowest byte: one load then serves four
   * histograms, and a row that is far from the last one costs one miss instead of four.
   */
  words: Uint32Array[]
  /**
   * By column, ascending: bin 0 is missing, bin 1 holds the values up to the first bound, the
   * next one those up to the second, the last one what is above all bounds.
   */
  bounds: Float64Array[]
}

export const COLUMNS_PER_WORD = 4
/** How far apart the histograms of two columns are. */
export const BINS = 256

/**
 * Bins every column: one bin a value where there are few, bins of about equally many rows where
 * there are many. Bounds come from a sample of the rows and are short decimal numbers.
 */
export function binColumns({ names, rows, columns }: Columns): BinnedColumns {
  const sample = sampleOfRows(rows)
  const words: Uint32Array[] = []
  const bounds: Float64Array[] = []
  for (const [column, values] of columns.entries()) {
    const place = column % COLUMNS_PER_WORD
    if (place === 0) words.push(new Uint32Array(rows))
    const upper = boundsOf(sortedFinite(values, sample))
    bounds.push(upper)
    addColumn(words[words.length - 1], 8 * place, values, upper)
  }
  return { names, rows, words, bounds }
}

/** Of values that are not missing. */
const MOST_BINS = BINS - 1

/** To sort the values of more rows would cost more and tell hardly more. */
const SAMPLE = 20_000

function sampleOfRows(rows: number): Int32Array {
  if (rows <= SAMPLE) return Int32Array.from({ length: rows }, (_, row) => row)
  const step = rows / SAMPLE
  const random = seededRandom(1)
  return Int32Array.from({ length: SAMPLE }, (_, i) => Math.floor((i + random()) * step))
}

function sortedFinite(values: Float32Array, rows: Int32Array): Float32Array {
  const finite = new Float32Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]]
    if (Number.isFinite(value)) finite[count++] = value
  }
  return sortedFloats(finite.subarray(0, count))
}

/**
 * The bounds between the bins of the sorted values. A value as frequent as a bin should be has
 * one for itself, so that it does not take what the others could be told apart by.
 */
function boundsOf(sorted: Float32Array): Float64Array {
  const distinct: number[] = []
  const counts: number[] = []
  for (const value of sorted) {
    if (distinct.length > 0 && value === distinct[distinct.length - 1]) counts[counts.length - 1]++
    else {
      distinct.push(value)
      counts.push(1)
    }
  }
  const bounds: number[] = []
  const close = (index: number) =>
    bounds.push(shortestBetween(distinct[index], distinct[index + 1]))
  if (distinct.length <= MOST_BINS) {
    for (let index = 0; index < distinct.length - 1; index++) close(index)
    return Float64Array.from(bounds)
  }
  let left = sorted.length
  let filled = 0
  for (let index = 0; index < distinct.length - 1 && bounds.length < MOST_BINS - 1; index++) {
    const wanted = left / (MOST_BINS - bounds.length)
    filled += counts[index]
    if (filled < wanted && counts[index + 1] < wanted) continue
    close(index)
    left -= filled
    filled = 0
  }
  return Float64Array.from(bounds)
}

/**
 * Writes the bins of a column's values: 0 where it is missing, otherwise 1 + the number of bounds
 * below it. The range of the bounds is cut into equal cells, so that a value has to be compared
 * with the few bounds in its own.
 */
function addColumn(
  words: Uint32Array,
  shift: number,
  values: Float32Array,
  bounds: Float64Array,
): void {
  const first = bounds[0] ?? 0
  const range = (bounds[bounds.length - 1] ?? 0) - first
  const perCell = range > 0 ? CELLS / range : 0
  const cellOf = (value: number) => Math.min(CELLS - 1, Math.max(0, (value - first) * perCell)) | 0
  const ends = new Int32Array(CELLS)
  for (const bound of bounds) ends[cellOf(bound)]++
  for (let cell = 1; cell < CELLS; cell++) ends[cell] += ends[cell - 1]
  for (let row = 0; row < words.length; row++) {
    const value = values[row]
    if (Number.isNaN(value)) continue
    const cell = cellOf(value)
    let low = cell === 0 ? 0 : ends[cell - 1]
    let high = ends[cell]
    while (low < high) {
      const middle = (low + high) >> 1
      if (bounds[middle] < value) low = middle + 1
      else high = middle
    }
    words[row] |= (low + 1) << shift
  }
}

const CELLS = 2048
