import type { Static } from 'typebox'
import { count, number, object } from '../../base/schema-parts.ts'
import { studentQuantile } from '../../evaluation/gate/student-t.ts'

/**
 * What the backtest on which a version was promoted lets expect of it in production: of the log-ratio
 * ln(L_model / L_naive) of a block, whose seasons cancel.
 */
export const Expectation = object({
  /** ln ρ: the largest mean log-ratio that is not called worse than promised. */
  limit: number,
  /** b: log-ratios this far from the limit weigh fully; farther ones, which may be chance, no more. */
  scale: number,
  mean: number,
  /** Standard deviation of the log-ratio of a block. */
  spread: number,
  /** How many origins it rests on. */
  origins: count,
  /** With few origins the spread is drawn towards a prior, so that luck is not taken for certainty. */
  priorWeight: number,
})
export type Expectation = Static<typeof Expectation>

/**
 * From the log-ratios of the origins of the backtest, at the horizons of a block. Undefined where
 * there are fewer than two, or one is not finite: then nothing can be expected.
 *
 * ρ is the one-sided upper 90% limit (Student's t) of the mean log-ratio, × (1 + allowance): it absorbs
 * the winner's curse of the one that was chosen, and what few origins do not know. Below eight origins the
 * variance is the mean of the one found and of a prior's, weighted by degrees of freedom, of which the
 * prior has as many as are missing to eight origins. A spread of less than 1% is taken for 1%.
 *
 * @param allowance - how much worse is not yet called worse (0.05 is 5%)
 */
export function expectationFrom(
  logRatios: readonly number[],
  allowance: number,
): Expectation | undefined {
  const origins = logRatios.length
  if (origins < 2 || !logRatios.every(Number.isFinite)) return
  const mean = logRatios.reduce((sum, value) => sum + value, 0) / origins
  const squares = logRatios.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const priorWeight = Math.max(0, ENOUGH_ORIGINS - origins)
  const degrees = origins - 1 + priorWeight
  const variance = (squares + priorWeight * PRIOR_SPREAD ** 2) / degrees
  const spread = Math.max(LEAST_SPREAD, Math.sqrt(variance))
  const half = (studentQuantile(LIMIT, degrees) * spread) / Math.sqrt(origins)
  return {
    limit: mean + half + Math.log(1 + allowance),
    scale: SCALE * spread,
    mean,
    spread,
    origins,
    priorWeight,
  }
}

/** x_t = clip((ln(L_model / L_naive) − ln ρ) / b, −1, 1): above 0 speaks for "worse than promised". */
export function observationOf(
  { limit, scale }: Pick<Expectation, 'limit' | 'scale'>,
  logRatio: number,
): number {
  return Math.max(-1, Math.min(1, (logRatio - limit) / scale))
}

const ENOUGH_ORIGINS = 8
/** Of the log-ratio of a block: what chains of some hundred series have. */
const PRIOR_SPREAD = 0.12
const LEAST_SPREAD = 0.01
const LIMIT = 0.9
const SCALE = 1.5
