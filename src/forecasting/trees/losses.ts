import type { Loss } from './trees.ts'
import { weightedQuantile } from './weighted-quantile.ts'

/** What is known of the rows. */
export type Sample = { target: Float64Array; weight: Float64Array }

export type LossFunction = {
  link: 'identity' | 'log'
  /** The score that is best for all rows. */
  initial(sample: Sample): number
  /**
   * Writes the first and the second derivative by the score, times the weight, of the rows
   * `rows[from … to − 1]` into `gradient` and `hessian`.
   */
  differentiate(
    sample: Sample,
    rows: Int32Array,
    from: number,
    to: number,
    score: Float64Array,
    gradient: Float64Array,
    hessian: Float64Array,
  ): void
  /**
   * The quantile of the residuals that a leaf is to have instead of a Newton step, where the
   * second derivative says nothing of how far to go.
   */
  leafQuantile?: number
}

export function lossFunction(loss: Loss): LossFunction {
  return 'tweedie' in loss ? tweedie(loss.tweedie) : pinball(loss.quantile)
}

/**
 * Half the Tweedie deviance (Jørgensen 1987) of variance power p, without what does not depend on
 * the score f: −y e^((1−p)f) / (1−p) + e^((2−p)f) / (2−p).
 */
function tweedie(power: number): LossFunction {
  return {
    link: 'log',
    initial({ target, weight }) {
      let actual = 0
      let expected = 0
      for (let row = 0; row < target.length; row++) {
        actual += weight[row] * target[row]
        expected += weight[row]
      }
      return actual > 0 ? Math.log(actual / expected) : NOTHING
    },
    differentiate({ target, weight }, rows, from, to, score, gradient, hessian) {
      for (let i = from; i < to; i++) {
        const row = rows[i]
        const counts = weight[row] * Math.exp((1 - power) * score[row])
        const actual = counts * target[row]
        const expected = counts * Math.exp(score[row])
        gradient[row] = expected - actual
        hessian[row] = (2 - power) * expected + (power - 1) * actual
      }
    },
  }
}

/** The logarithm of a prediction for rows that have nothing but zeros. */
const NOTHING = -20

/** The loss that the quantile minimises (Koenker & Bassett 1978); its second derivative is taken for 1. */
function pinball(level: number): LossFunction {
  return {
    link: 'identity',
    leafQuantile: level,
    initial: ({ target, weight }) => weightedQuantile(target.slice(), weight.slice(), level),
    differentiate({ target, weight }, rows, from, to, score, gradient, hessian) {
      for (let i = from; i < to; i++) {
        const row = rows[i]
        gradient[row] = weight[row] * (target[row] < score[row] ? 1 - level : -level)
        hessian[row] = weight[row]
      }
    },
  }
}
