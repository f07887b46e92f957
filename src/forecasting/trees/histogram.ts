import { BINS, COLUMNS_PER_WORD } from './bins.ts'

/** The elements of a histogram of the four columns of a word. */
export const HISTOGRAM = BINS * COLUMNS_PER_WORD

/** Adds `packed` of the rows `order[from … to − 1]` by bin, for four columns at once. */
export function addRows(
  histogram: Float64Array,
  words: Uint32Array,
  order: Int32Array,
  from: number,
  to: number,
  packed: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const row = order[i]
    const bins = words[row]
    const value = packed[row]
    histogram[bins & 255] += value
    histogram[256 + ((bins >>> 8) & 255)] += value
    histogram[512 + ((bins >>> 16) & 255)] += value
    histogram[768 + (bins >>> 24)] += value
  }
}

/** The same for eight columns: most of the time goes into fetching rows that are far apart. */
export function addRowsToTwo(
  histogramA: Float64Array,
  histogramB: Float64Array,
  wordsA: Uint32Array,
  wordsB: Uint32Array,
  order: Int32Array,
  from: number,
  to: number,
  packed: Float64Array,
): void {
  for (let i = from; i < to; i++) {
    const row = order[i]
    const binsA = wordsA[row]
    const binsB = wordsB[row]
    const value = packed[row]
    histogramA[binsA & 255] += value
    histogramA[256 + ((binsA >>> 8) & 255)] += value
    histogramA[512 + ((binsA >>> 16) & 255)] += value
    histogramA[768 + (binsA >>> 24)] += value
    histogramB[binsB & 255] += value
    histogramB[256 + ((binsB >>> 8) & 255)] += value
    histogramB[512 + ((binsB >>> 16) & 255)] += value
    histogramB[768 + (binsB >>> 24)] += value
  }
}

/** What is left of a leaf's histogram when one child's is taken away: the other child's. */
export function subtract(histogram: Float64Array, child: Float64Array): void {
  for (let bin = 0; bin < histogram.length; bin++) histogram[bin] -= child[bin]
}
