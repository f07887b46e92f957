/**
 * Evidence that a sequence of bounded observations x_1, x_2, … in [−1, 1] has a mean above 0, given
 * all before them, from some moment on. It may be looked at after every one of them: the promises hold
 * over the whole time (Shin, Ramdas & Rinaldo 2024, "E-detectors"; Ramdas, Grünwald, Vovk & Shafer
 * 2023, "Game-theoretic statistics and safe anytime-valid inference").
 */
export type BettingEvidence = {
  /** N: the number of observations over which the rate of false alarms is promised. */
  span: number
  /** How many observations it rests on since it was begun, or began again after N. */
  seen: number
  /**
   * E: where no mean was ever above 0, the probability that it reaches 1 / α at any of the N
   * observations is at most α (Ville's inequality).
   */
  e: number
  /**
   * R, of Shiryaev and Roberts: where no mean was ever above 0, it takes c observations on average,
   * at least, until it reaches c.
   */
  r: number
  /** One for each bet: the wealth of those who began to bet at any observation so far, of E and of R. */
  wealth: { e: number; r: number }[]
}

/** What is staked of the wealth at each observation; every one bets by itself, and they are averaged. */
export const STAKES = [0.2, 0.4, 0.6, 0.8, 0.95]

/** Nothing has been seen. `span` is the number of observations in a year. */
export function noEvidence(span: number): BettingEvidence {
  return { span, seen: 0, e: 1, r: 0, wealth: STAKES.map(() => ({ e: 0, r: 0 })) }
}

/**
 * With one more observation in [−1, 1]. Throws a `RangeError` for any other: nothing would be promised.
 *
 * For each stake λ: S_t = (S_{t−1} + 1/N)(1 + λ x_t), E_t = S_t + (N − t)/N, a mixture over the
 * observation at which the trouble starts; R_t = (R_{t−1} + 1)(1 + λ x_t). After N observations E
 * begins again; R goes on. Wealth beyond 10¹² is not counted, which makes both smaller at most.
 */
export function withObservation(before: BettingEvidence, x: number): BettingEvidence {
  if (!(x >= -1 && x <= 1)) throw new RangeError(`must be from -1 to 1, but is ${x}`)
  const { span } = before
  const starts = before.seen === span
  const seen = starts ? 1 : before.seen + 1
  const wealth = before.wealth.map((held, bet) => {
    const factor = 1 + STAKES[bet] * x
    return {
      e: Math.min(MOST_WEALTH, ((starts ? 0 : held.e) + 1 / span) * factor),
      r: Math.min(MOST_WEALTH, (held.r + 1) * factor),
    }
  })
  return {
    span,
    seen,
    e: mean(wealth, ({ e }) => e) + (span - seen) / span,
    r: mean(wealth, ({ r }) => r),
    wealth,
  }
}

const MOST_WEALTH = 1e12

function mean<T>(all: readonly T[], measure: (one: T) => number): number {
  return all.reduce((sum, one) => sum + measure(one), 0) / all.length
}
