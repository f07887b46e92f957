import { type Random, seededRandom } from '../random.ts'
import type { Interval } from './evaluation.ts'
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

export type BootstrapOptions = {
  /** Such as 0.95, of a two-sided interval. */
  confidence: number
  /** How many consecutive origins forecast the same period: horizon ÷ step, rounded up. */
  overlap: number
  seed: number
}

/**
 * The paired difference Σ change / Σ base with its confidence interval, from a block bootstrap over
 * origins × series. Undefined where it cannot be computed: a sum that is not a finite number,
 * nothing to be relative to, fewer than two origins.
 *
 * Errors of one origin are alike (a holiday hits all series), and so are the errors of one series
 * (a model that is wrong about it stays wrong). Each direction is resampled by itself: origins in
 * circular blocks (Politis & Romano 1992), and series. Of the two variances, the part that both
 * count is taken off once, as for standard errors clustered in two ways (Cameron, Gelbach & Miller
 * 2011). Drawing both at once (Owen 2007) counts that part three times, and misses improvements.
 *
 * Origins are few. A circular block bootstrap of n origins in blocks of b finds 1 − b/n of the
 * variance, so it is divided by that; and the limits come from Student's t with the degrees of
 * freedom of that variance, 1.5 n/b − 1 (Priestley 1981, Bartlett window) and at most n − 1.
 */
export function bootstrapDifference(
  cells: PairedCells,
  { confidence, overlap, seed }: BootstrapOptions,
): Interval | undefined {
  const estimate = sum(cells.change) / sum(cells.base)
  const origins = sumBy(cells, cells.origin)
  const series = sumBy(cells, cells.series)
  const count = origins.base.length
  if (count < 2 || !(sum(cells.base) > 0) || !Number.isFinite(estimate)) return
  const blockLength = originBlock(count, overlap)
  const random = seededRandom(seed)
  const byOrigin = resampledVariance(origins, blockLength, random) / (1 - blockLength / count)
  const bySeries =
    series.base.length < 2 ? 0 : resampledVariance(series, 1, random) / (1 - 1 / series.base.length)
  const variance = Math.max(byOrigin, bySeries, byOrigin + bySeries - cellVariance(cells, estimate))
  const degrees = Math.min(count - 1, (1.5 * count) / blockLength - 1)
  const half = studentQuantile((1 + confidence) / 2, degrees) * Math.sqrt(variance)
  if (!Number.isFinite(half)) return
  return { estimate, low: estimate - half, high: estimate + half }
}

const REPLICATES = 1000

/**
 * How many consecutive origins are drawn together: those that overlap, or n^(1/3) of n (Hall,
 * Horowitz & Jing 1995) where that is more, since demand drifts; at most half of them.
 */
function originBlock(origins: number, overlap: number): number {
  const length = Math.max(overlap, Math.round(Math.cbrt(origins)))
  return Math.min(length, Math.floor(origins / 2))
}

type Sums = { change: Float64Array; base: Float64Array }

/** Sums of the cells by unit; units without a cell are left out. */
function sumBy({ change, base }: PairedCells, unitOf: Int32Array): Sums {
  const units = [...new Set(unitOf)].sort((a, b) => a - b)
  const position = new Map(units.map((unit, index) => [unit, index]))
  const sums = { change: new Float64Array(units.length), base: new Float64Array(units.length) }
  unitOf.forEach((unit, cell) => {
    const at = position.get(unit)!
    sums.change[at] += change[cell]
    sums.base[at] += base[cell]
  })
  return sums
}

/** Variance of Σ change / Σ base when as many units are drawn with replacement, in blocks. */
function resampledVariance({ change, base }: Sums, blockLength: number, random: Random): number {
  const count = base.length
  const ratios = new Float64Array(REPLICATES)
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    let changeSum = 0
    let baseSum = 0
    let unit = 0
    for (let drawn = 0; drawn < count; drawn++) {
      unit = drawn % blockLength === 0 ? Math.floor(random() * count) : (unit + 1) % count
      changeSum += change[unit]
      baseSum += base[unit]
    }
    ratios[replicate] = changeSum / baseSum
  }
  const mean = sum(ratios) / REPLICATES
  return ratios.reduce((total, ratio) => total + (ratio - mean) ** 2, 0) / (REPLICATES - 1)
}

/**
 * The same for single cells, which are too many and too small to need drawing: the infinitesimal
 * jackknife (Efron 1982) is the limit of that bootstrap.
 */
function cellVariance({ change, base }: PairedCells, estimate: number): number {
  const total = sum(base)
  return change.reduce(
    (all, value, cell) => all + ((value - estimate * base[cell]) / total) ** 2,
    0,
  )
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
