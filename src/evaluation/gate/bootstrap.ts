import { sum } from '../../base/sum.ts'
import type { Interval } from './interval.ts'
import { studentQuantile } from './student-t.ts'

/**
 * What two models lost on the same C cells, a cell being one series at one origin. The difference
 * between the models is Σ change / Σ base.
 */
export type PairedCells = {
  /** C: index of the origin, 0 … origins − 1, in the order of time. */
  origin: Int32Array
  /** C: index of the series, 0 … series − 1. */
  series: Int32Array
  /** C: challenger's sum minus the other's: pairing makes cancel what both could not know. */
  change: Float64Array
  /** C: what the change is relative to. */
  base: Float64Array
}

/** An estimate, its standard error, and with how many degrees of freedom that is known. */
export type Difference = { estimate: number; standardError: number; degrees: number }

/**
 * The paired difference Σ change / Σ base with the standard error that a block bootstrap over
 * origins × series would find if it never ended: its formula, so that nothing is drawn. `overlap` is
 * how many consecutive origins forecast the same period: horizon ÷ step, rounded up. Undefined where
 * it cannot be computed: a sum that is not a finite number, nothing to be relative to, fewer than two
 * origins.
 *
 * Errors of one origin are alike (a holiday hits all series), and so are the errors of one series
 * (a model that is wrong about it stays wrong). Each direction is resampled by itself: origins in
 * circular blocks (Politis & Romano 1992), and series. Of the two variances, the part that both
 * count is taken off once, as for standard errors clustered in two ways (Cameron, Gelbach & Miller
 * 2011). Drawing both at once (Owen 2007) counts that part three times, and misses improvements.
 *
 * Origins are few. A circular block bootstrap of n origins in blocks of b finds 1 − b/n of the
 * variance, so it is divided by that. It has 1.5 n/b − 1 degrees of freedom (Priestley 1981, Bartlett
 * window), at most n − 1; the variance of the series has one less than there are series, and what
 * both count comes from all cells. Below `ENOUGH_ORIGINS`, the degrees of freedom of their sum are
 * Satterthwaite's (1946): those of the origins alone would miss nearly everything there. From then
 * on it is those of the origins, which also makes up for errors that last from origin to origin.
 */
export function pairedDifference(cells: PairedCells, overlap: number): Difference | undefined {
  const ratio = ratioOf(cells)
  if (!ratio) return
  const { estimate, influence } = ratio
  const origins = sumBy(influence, cells.origin)
  const series = sumBy(influence, cells.series)
  if (origins.length < 2) return
  const block = originBlock(origins.length, overlap)
  const byOrigin = blockVariance(origins, block) / (1 - block / origins.length)
  const bySeries = series.length < 2 ? 0 : blockVariance(series, 1) / (1 - 1 / series.length)
  const byCell = blockVariance(influence, 1)
  const variance = Math.max(byOrigin, bySeries, byOrigin + bySeries - byCell)
  const few = Math.min(origins.length - 1, (1.5 * origins.length) / block - 1)
  const degrees =
    origins.length < ENOUGH_ORIGINS && variance > 0
      ? satterthwaite(variance, [byOrigin, few], [bySeries, series.length - 1])
      : few
  return { estimate, standardError: Math.sqrt(variance), degrees }
}

const ENOUGH_ORIGINS = 12

/**
 * The same where every series is one observation, with one entry each. Undefined where it cannot be
 * computed, or there are fewer than two.
 */
export function differenceBySeries(
  series: Pick<PairedCells, 'change' | 'base'>,
): Difference | undefined {
  const ratio = ratioOf(series)
  if (!ratio || ratio.influence.length < 2) return
  const degrees = ratio.influence.length - 1
  const variance = blockVariance(ratio.influence, 1) * (1 + 1 / degrees)
  return { estimate: ratio.estimate, standardError: Math.sqrt(variance), degrees }
}

/** Σ change / Σ base, and by how much it grows when a cell weighs more: the ratio, made linear. */
function ratioOf({
  change,
  base,
}: Pick<PairedCells, 'change' | 'base'>):
  | { estimate: number; influence: Float64Array }
  | undefined {
  const total = sum(base)
  const estimate = sum(change) / total
  const influence = change.map((value, cell) => (value - estimate * base[cell]) / total)
  if (!Number.isFinite(sum(influence))) return
  return { estimate, influence }
}

/** Degrees of freedom of a variance whose parts have some each; never fewer than the first has. */
function satterthwaite(
  variance: number,
  first: [variance: number, degrees: number],
  ...others: [variance: number, degrees: number][]
): number {
  const parts = [first, ...others].filter(([part]) => part > 0)
  const uncertainty = parts.reduce((total, [part, degrees]) => total + part ** 2 / degrees, 0)
  return Math.max(first[1], variance ** 2 / uncertainty)
}

/** The two-sided interval of this confidence, such as 0.95. */
export function intervalOf(
  { estimate, standardError, degrees }: Difference,
  confidence: number,
): Interval {
  const half = studentQuantile((1 + confidence) / 2, degrees) * standardError
  return { estimate, low: estimate - half, high: estimate + half }
}

/**
 * How many consecutive origins are drawn together: those that overlap, or n^(1/3) of n (Hall,
 * Horowitz & Jing 1995) where that is more, since demand drifts; at most half of them.
 */
function originBlock(origins: number, overlap: number): number {
  const length = Math.max(overlap, Math.round(Math.cbrt(origins)))
  return Math.min(length, Math.floor(origins / 2))
}

/** Sums by unit, in the order of their numbers; units without a cell are left out. */
function sumBy(values: Float64Array, unitOf: Int32Array): Float64Array {
  const units = [...new Set(unitOf)].sort((a, b) => a - b)
  const position = new Map(units.map((unit, index) => [unit, index]))
  const sums = new Float64Array(units.length)
  unitOf.forEach((unit, cell) => {
    sums[position.get(unit)!] += values[cell]
  })
  return sums
}

/**
 * Variance of the sum of n values, which add up to 0, when n/b blocks of b neighbours are drawn from
 * their circle with replacement: Σ S² / b, S being the sum of each of the n blocks (Künsch 1989).
 */
function blockVariance(values: Float64Array, block: number): number {
  return values.reduce((total, _, start) => {
    let inBlock = 0
    for (let k = 0; k < block; k++) inBlock += values[(start + k) % values.length]
    return total + inBlock ** 2 / block
  }, 0)
}
