import { BINS, COLUMNS_PER_WORD } from './bins.ts'

/** The elements of a histogram of four columns. */
export const HISTOGRAM = BINS * COLUMNS_PER_WORD

/**
 * Sums `packed[i]` over the rows `order[from + i]`, by bin, for four columns at once, into
 * `histogram` from `at` on.
 */
export function addRows(
  histogram: Float64Array,
  words: Uint32Array,
  order: Int32Array,
  from: number,
  rows: number,
  packed: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    const bins = words[order[from + i]]
    const value = packed[i]
    histogram[bins & 255] += value
    histogram[256 + ((bins >>> 8) & 255)] += value
    histogram[512 + ((bins >>> 16) & 255)] += value
    histogram[768 + (bins >>> 24)] += value
  }
}

/** What is left of a leaf's histogram when one child's is taken away: the other child's. */
export function subtract(histogram: Float64Array, child: Float64Array): void {
  for (let bin = 0; bin < histogram.length; bin++) histogram[bin] -= child[bin]
}
