import { type Static, Type } from 'typebox'
import { type BettingEvidence, noEvidence, withObservation } from './betting-evidence.ts'
import { type Expectation, observationOf } from './expectation.ts'

/**
 * How a model in production does against what its backtest promised, from cheap to loud. `watch`:
 * worth a retraining, which protects itself by its gate. `degraded`: worse than promised, whatever
 * day is looked at. `wreck`: two blocks in a row so bad that nobody waits for evidence.
 */
export const Degradation = Type.Enum(['as promised', 'watch', 'degraded', 'wreck'])
export type Degradation = Static<typeof Degradation>

/** After one block. */
export type BlockStanding = { level: Degradation; evidence: BettingEvidence }

/**
 * The standing after each block since the promotion.
 *
 * @param logRatios - ln(L_model / L_naive) of every complete block, in the order of time
 * @param limits - what the backtest promised, and the log-ratio of a wreck (`wreckLimit`)
 * @param blocksInYear - as many blocks as there are in a year
 */
export function standings(
  logRatios: readonly number[],
  { expected, wreck }: { expected: Expectation; wreck: number },
  blocksInYear: number,
): BlockStanding[] {
  const span = Math.max(FEWEST_BLOCKS, blocksInYear)
  let evidence = noEvidence(span)
  return logRatios.map((logRatio, block) => {
    evidence = withObservation(evidence, observationOf(expected, logRatio))
    return { level: isWreck(logRatios, block, wreck) ? 'wreck' : levelOf(evidence), evidence }
  })
}

/** Whether a block and the one before it are both beyond the limit. */
export function isWreck(logRatios: readonly number[], block: number, limit: number): boolean {
  return block > 0 && logRatios[block - 1] > limit && logRatios[block] > limit
}

function levelOf({ e, r, span }: BettingEvidence): Degradation {
  if (e >= DEGRADED) return 'degraded'
  return r >= span ? 'watch' : 'as promised'
}

/** Chains that order rarely are looked at over longer than a year. */
const FEWEST_BLOCKS = 26

/** E from which on a model is called degraded: one that keeps its promise, in 5% of the years at most. */
export const DEGRADED = 20
