import { STAKES } from './betting-evidence.ts'

/**
 * Evidence that a shadow, which forecasts whatever production forecasts at the same moments, loses
 * less than production. It may be looked at after every block.
 */
export type ShadowEvidence = {
  /** How many blocks both forecast. */
  blocks: number
  /**
   * Where the shadow was never better on average, the probability that this reaches 1 / α at any
   * block is at most α (Ville's inequality).
   */
  e: number
  /**
   * ln(L_production / L_shadow), cut to ±`MOST_COUNTED`: the mean of the blocks so far, weighted by what
   * is staked on each, and where the mean of what was to be expected of them surely lies.
   */
  gain: { mean: number; low: number; high: number }
}

/**
 * From ln(L_production / L_shadow) of each block, in the order of time; undefined without a block.
 *
 * Bets on x_t = clip(r_t / MOST_COUNTED, −1, 1): wealth Π(1 + λ x_t) for each stake λ, averaged. The
 * size is told by the predictable plug-in empirical-Bernstein confidence sequence (Waudby-Smith & Ramdas
 * 2024, "Estimating means of bounded random variables by betting", theorem 2): it holds over all
 * blocks at once. Production ages and the shadow is fitted again, so the gain changes from block to
 * block: the interval is of its mean so far (Choe & Ramdas 2023, "Comparing sequential forecasters"),
 * and those before, which were of fewer blocks, do not narrow it.
 */
export function shadowEvidence(logRatios: readonly number[]): ShadowEvidence | undefined {
  if (logRatios.length === 0) return
  const observed = logRatios.map((r) => Math.max(-1, Math.min(1, r / MOST_COUNTED)))
  const wealth = STAKES.map((stake) => observed.reduce((held, x) => held * (1 + stake * x), 1))
  const { mean, low, high } = boundedMean(observed.map((x) => (1 + x) / 2))
  const inLogRatios = (share: number) => MOST_COUNTED * (2 * share - 1)
  return {
    blocks: observed.length,
    e: wealth.reduce((sum, held) => sum + held, 0) / STAKES.length,
    gain: { mean: inLogRatios(mean), low: inLogRatios(low), high: inLogRatios(high) },
  }
}

/** Speaks for the shadow: what is no better reaches it in 5% of all cases, at most. */
export const SPEAKS_FOR_SHADOW = 20

/**
 * The log-ratio from which on a block counts no more. It has to be known before the first block, and is
 * the same for all: 3 standard deviations where two models of a chain of some hundred series differ by
 * 5% from block to block.
 */
export const MOST_COUNTED = 0.15

/** The weighted mean of values in [0, 1], with its confidence sequence. */
function boundedMean(values: readonly number[]): { mean: number; low: number; high: number } {
  const alpha = 1 / SPEAKS_FOR_SHADOW
  let [sum, squares, weights, weighted, spent] = [0, 0, 0, 0, Math.log(2 / alpha)]
  for (const [index, value] of values.entries()) {
    const seen = index + 1
    // What is staked and expected follows from the values before this one alone.
    const before = (0.5 + sum) / seen
    const variance = (0.25 + squares) / seen
    const stake = Math.min(
      MOST_STAKED,
      Math.sqrt((2 * Math.log(2 / alpha)) / (variance * seen * Math.log(1 + seen))),
    )
    sum += value
    squares += (value - (0.5 + sum) / (seen + 1)) ** 2
    weights += stake
    weighted += stake * value
    spent += 4 * (value - before) ** 2 * ((-Math.log(1 - stake) - stake) / 4)
  }
  const [mean, half] = [weighted / weights, spent / weights]
  return { mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) }
}

const MOST_STAKED = 0.5
