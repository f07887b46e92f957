import type { Outlook } from './families/family.ts'

/** What is known of some periods together, or parts of them. */
export type PeriodSum = {
  /** Units expected, and how many the medians are above these. */
  total: number
  gaps: number
  /** In periods. */
  length: number
  /** Of what is chance on each day. */
  variance: number
  /** Σ √(size² − ofDays²): what errors of levels come to. */
  drift: number
  /** Σ size. */
  deviation: number
}

export const noPeriods = (): PeriodSum => ({
  total: 0,
  gaps: 0,
  length: 0,
  variance: 0,
  drift: 0,
  deviation: 0,
})

/**
 * Adds the share `weight` of a period: `mean` units, of which `size` is the error to be expected, and
 * `ofDays` as much of it as is chance on each day; the median lies `gap` above them.
 */
export function addPeriod(
  sum: PeriodSum,
  mean: number,
  gap: number,
  ofDays: number,
  size: number,
  weight: number,
): void {
  sum.total += weight * mean
  sum.gaps += weight * gap
  sum.length += weight
  sum.variance += weight * ofDays ** 2
  sum.drift += weight * Math.sqrt(size ** 2 - ofDays ** 2)
  sum.deviation += weight * size
}

/**
 * The error to be expected of the sum, in units. What is chance on each day adds up as independent
 * errors do. All else is the error of a level, also by what errors are larger further ahead, where
 * levels have drifted: which is the same on all days of a period, and nearly so in the next ones. How
 * nearly is in the scores.
 */
export function sizeOf({ variance, drift }: PeriodSum): number {
  return Math.sqrt(variance + drift ** 2)
}

/** What comes to it, as errors do, where a series is `wider` than others: the error of its level. */
export function excessOf({ deviation }: PeriodSum, wider: number): number {
  return deviation * Math.sqrt(wider ** 2 - 1)
}

/**
 * About the median of the sum. One of n like and independent periods has √n times their deviation and
 * 1/√n of their skewness, and its median lies a sixth of the product of both from its mean (Cornish &
 * Fisher 1938): as far as that of one of them.
 */
export function centreOf({ total, gaps, length }: PeriodSum): number {
  return length > 0 ? Math.max(0, total + gaps / length) : 0
}

/** By how much the median is expected to be above the mean, in units. */
export function gapOf({ mean, shape }: Outlook, cell: number): number {
  return shape ? mean[cell] * (shape.median[cell] - 1) : 0
}
