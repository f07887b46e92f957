import type { Static } from 'typebox'
import { number, object } from '../../base/schema-parts.ts'

/** How much a distribution has moved, and how much that would have been by chance. */
export const Stability = object({
  /** Population stability index: Σ (p − q) ln(p / q) over the bins; 0 is no change. */
  index: number,
  /** What it is expected to be where nothing has moved. */
  chance: number,
  /** Beyond it, more has moved than chance explains and than is worth no word. */
  limit: number,
})
export type Stability = Static<typeof Stability>

/** R rows: which bin each is in, and which series it is of. */
export type BinnedRows = { bin: ArrayLike<number>; series: ArrayLike<number> }

/**
 * The population stability index of rows now against rows before, in `bins` bins of `series` series;
 * undefined where one of them has no rows, or all are in one bin.
 *
 * Where both are drawn from one population, PSI / (1/n + 1/m) is χ² with B − 1 degrees of freedom
 * (Yurdakul 2018, "Statistical properties of population stability index"): (B − 1)(1/n + 1/m) is
 * expected. Rows of a series are alike, though, and the same series are in both: as for X² of samples
 * in clusters (Rao & Scott 1981), the expectation is Σ var(p − q) / p̄, with the variance found between
 * the series; taken is the larger of the two. Their ratio is how many rows say as much as one that is
 * independent: half of such a one is added to each bin (Jeffreys), so that an empty one is no infinity.
 * The limit lets the usual 0.1 pass (Siddiqi 2006, "Credit Risk Scorecards") beyond what 1% of such
 * draws exceed.
 */
export function populationStability(
  now: BinnedRows,
  before: BinnedRows,
  { bins, series }: { bins: number; series: number },
): Stability | undefined {
  const [x, y] = [countsOf(now, bins, series), countsOf(before, bins, series)]
  const used = [...x.ofBin.keys()].filter((bin) => x.ofBin[bin] + y.ofBin[bin] > 0)
  if (x.rows === 0 || y.rows === 0 || used.length < 2) return undefined
  const degrees = used.length - 1
  const independent = degrees * (1 / x.rows + 1 / y.rows)
  const between = used.reduce((sum, bin) => {
    const pooled = (x.ofBin[bin] + y.ofBin[bin]) / (x.rows + y.rows)
    return sum + varianceOfDifference(x, y, bin, bins) / pooled
  }, 0)
  const chance = Math.max(independent, between)
  const added = (0.5 * chance) / independent
  const shareOf = ({ ofBin, rows }: Counts, bin: number) =>
    (ofBin[bin] + added) / (rows + added * used.length)
  const index = used.reduce((sum, bin) => {
    const [p, q] = [shareOf(x, bin), shareOf(y, bin)]
    return sum + (p - q) * Math.log(p / q)
  }, 0)
  return { index, chance, limit: WORTH_A_WORD + chance * upperChiSquared(degrees) }
}

const WORTH_A_WORD = 0.1

type Counts = {
  rows: number
  /** B: rows in each bin. */
  ofBin: Float64Array
  /** C: rows of each series; C × B: those in each bin. */
  ofSeries: Float64Array
  ofCell: Float64Array
}

function countsOf(rows: BinnedRows, bins: number, series: number): Counts {
  const ofBin = new Float64Array(bins)
  const ofSeries = new Float64Array(series)
  const ofCell = new Float64Array(series * bins)
  for (let row = 0; row < rows.bin.length; row++) {
    ofBin[rows.bin[row]]++
    ofSeries[rows.series[row]]++
    ofCell[rows.series[row] * bins + rows.bin[row]]++
  }
  return { rows: rows.bin.length, ofBin, ofSeries, ofCell }
}

/** Of p − q in one bin, linearised, between the series that have rows. */
function varianceOfDifference(x: Counts, y: Counts, bin: number, bins: number): number {
  const [p, q] = [x.ofBin[bin] / x.rows, y.ofBin[bin] / y.rows]
  let squares = 0
  let clusters = 0
  for (let series = 0; series < x.ofSeries.length; series++) {
    if (x.ofSeries[series] + y.ofSeries[series] === 0) continue
    const now = (x.ofCell[series * bins + bin] - p * x.ofSeries[series]) / x.rows
    const before = (y.ofCell[series * bins + bin] - q * y.ofSeries[series]) / y.rows
    squares += (now - before) ** 2
    clusters++
  }
  return clusters < 2 ? 0 : (squares * clusters) / (clusters - 1)
}

/** The 99% quantile of χ² by its mean (Wilson & Hilferty 1931). */
function upperChiSquared(degrees: number): number {
  const ninth = 2 / (9 * degrees)
  return (1 - ninth + NORMAL_99 * Math.sqrt(ninth)) ** 3
}

/** What 1% of standard normal draws exceed. */
export const NORMAL_99 = 2.326
