import { type Static, Type } from 'typebox'
import type { MonitoringLimits } from '../../evaluation/gate/policy.ts'
import type { BacktestPromise } from './backtest-promise.ts'
import { type BettingEvidence, noEvidence, withObservation } from './betting-evidence.ts'
import { observationOf } from './expectation.ts'

/**
 * How a model in production does against what its backtest promised, from cheap to loud. `watch`:
 * worth a retraining, which protects itself by its gate. `degraded`: worse than promised, whatever
 * day is looked at. `wreck`: two blocks in a row so bad that nobody waits for evidence.
 */
export const Degradation = Type.Enum(['as promised', 'watch', 'degraded', 'wreck'])
export type Degradation = Static<typeof Degradation>

/** After one block. */
export type BlockStanding = {
  level: Degradation
  /** What the block says, from -1 to 1: above 0 speaks for "worse than promised". */
  x: number
  evidence: BettingEvidence
}

/**
 * The standing after each block since the promotion that counts. Those of which nothing can be told are
 * left out: they change no evidence, and what counts on both sides of them is in a row.
 *
 * `degraded` and `wreck` stay until another version is in production: a test that may be looked at every
 * day is one that stops. `watch` lasts as long as R is that high. R does not begin again with a
 * retraining that changed nothing: it is about the version that is still in production, and the next
 * block may let the next retraining find what this one could not.
 *
 * @param logRatios - ln(L_model / L_naive), in the order of time
 * @param blocksInYear - as many blocks as there are in a year
 */
export function blockStandings(
  logRatios: readonly number[],
  promise: Pick<BacktestPromise, 'limit' | 'scale' | 'wreck'>,
  blocksInYear: number,
  limits: Pick<MonitoringLimits, 'watch' | 'degraded'>,
): BlockStanding[] {
  const { watch, degraded } = thresholds(blocksInYear, limits)
  let evidence = noEvidence(spanOf(blocksInYear))
  let lasting: Degradation = 'as promised'
  return logRatios.map((logRatio, block) => {
    const x = observationOf(promise, logRatio)
    evidence = withObservation(evidence, x)
    if (lasting === 'wreck' || isWreck(logRatios, block, promise.wreck)) lasting = 'wreck'
    else if (evidence.e >= degraded) lasting = 'degraded'
    const isWatched = lasting === 'as promised' && evidence.r >= watch
    return { level: isWatched ? 'watch' : lasting, x, evidence }
  })
}

/** R from which on a model is watched, and E from which on it is called degraded. */
export function thresholds(
  blocksInYear: number,
  { watch, degraded }: Pick<MonitoringLimits, 'watch' | 'degraded'>,
): { watch: number; degraded: number } {
  return { watch: watch * spanOf(blocksInYear), degraded }
}

/** N: chains that order rarely are looked at over longer than a year. */
function spanOf(blocksInYear: number): number {
  return Math.max(FEWEST_BLOCKS, blocksInYear)
}

const FEWEST_BLOCKS = 26

/** Whether a block and the one before it are both beyond the limit. */
function isWreck(logRatios: readonly number[], block: number, limit: number): boolean {
  return [block - 1, block].every((it) => logRatios[it] > limit)
}
