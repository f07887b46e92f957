import { weightedQuantile } from './weighted-quantile.ts'

/**
 * What the trees are to make small. For the log-linked ones, Poisson and Tweedie (variance of the
 * power 1 to 2 of the mean), the trees add up to the logarithm of the prediction.
 */
export type Loss = 'squared error' | 'poisson' | { tweedie: number } | { quantile: number }

/** What is known of the rows. `offset` is part of a row's score from the start. */
export type Sample = {
  target: Float64Array
  weight: Float64Array | undefined
  offset: Float64Array | undefined
}

export type LossFunction = {
  link: 'identity' | 'log'
  /** Whether the second derivative is 1 everywhere, or taken to be. */
  constantHessian: boolean
  /** The score that is best for all of these rows, on top of their offsets. */
  initial(sample: Sample, rows: Int32Array): number
  /**
   * Writes the first derivative by the score, times the weight, of the rows `rows[from … to − 1]`
   * into `gradient`, and the second one into `hessian` unless it is 1 for all.
   */
  differentiate(
    sample: Sample,
    rows: Int32Array,
    from: number,
    to: number,
    score: Float64Array,
    gradient: Float64Array,
    hessian: Float64Array | undefined,
  ): void
  /** Weighted mean over the rows, up to a constant. */
  mean(sample: Sample, rows: Int32Array, score: Float64Array): number
  /**
   * The quantile of the residuals that a leaf is to have instead of a Newton step, where the
   * second derivative says nothing of how far to go.
   */
  leafQuantile?: number
}

export function lossFunction(loss: Loss): LossFunction {
  if (loss === 'squared error') return squaredError
  if (loss === 'poisson') return logLinked(1)
  return 'tweedie' in loss ? logLinked(loss.tweedie) : pinball(loss.quantile)
}

const squaredError: LossFunction = {
  link: 'identity',
  constantHessian: true,
  initial({ target, weight, offset }, rows) {
    let sum = 0
    let weights = 0
    for (const row of rows) {
      const counts = weight?.[row] ?? 1
      sum += counts * (target[row] - (offset?.[row] ?? 0))
      weights += counts
    }
    return weights > 0 ? sum / weights : 0
  },
  differentiate({ target, weight }, rows, from, to, score, gradient, hessian) {
    for (let i = from; i < to; i++) {
      const row = rows[i]
      const counts = weight === undefined ? 1 : weight[row]
      gradient[row] = counts * (score[row] - target[row])
      if (hessian !== undefined) hessian[row] = counts
    }
  },
  mean: (sample, rows, score) =>
    weightedMean(sample, rows, (row) => (score[row] - sample.target[row]) ** 2),
}

/**
 * Half the Tweedie deviance (Jørgensen 1987) of variance power p, without what does not depend on
 * the score f: −y e^((1−p)f) / (1−p) + e^((2−p)f) / (2−p). For p = 1 it is Poisson's, e^f − y f.
 */
function logLinked(power: number): LossFunction {
  return {
    link: 'log',
    constantHessian: false,
    initial({ target, weight, offset }, rows) {
      let actual = 0
      let expected = 0
      for (const row of rows) {
        const score = offset?.[row] ?? 0
        const counts = (weight?.[row] ?? 1) * Math.exp((1 - power) * score)
        actual += counts * target[row]
        expected += counts * Math.exp(score)
      }
      return actual > 0 ? Math.log(actual / expected) : NOTHING
    },
    differentiate({ target, weight }, rows, from, to, score, gradient, hessian) {
      for (let i = from; i < to; i++) {
        const row = rows[i]
        let counts = weight === undefined ? 1 : weight[row]
        if (power !== 1) counts *= Math.exp((1 - power) * score[row])
        const actual = counts * target[row]
        const expected = counts * Math.exp(score[row])
        gradient[row] = expected - actual
        if (hessian !== undefined) hessian[row] = (2 - power) * expected + (power - 1) * actual
      }
    },
    mean: ({ target, ...sample }, rows, score) =>
      weightedMean({ target, ...sample }, rows, (row) => {
        const f = score[row]
        if (power === 1) return Math.exp(f) - target[row] * f
        const actual = (target[row] * Math.exp((1 - power) * f)) / (1 - power)
        return Math.exp((2 - power) * f) / (2 - power) - actual
      }),
  }
}

/** The logarithm of a prediction for rows that have nothing but zeros. */
const NOTHING = -20

/** The loss that the quantile minimises (Koenker & Bassett 1978). */
function pinball(level: number): LossFunction {
  return {
    link: 'identity',
    constantHessian: true,
    leafQuantile: level,
    initial({ target, weight, offset }, rows) {
      const residuals = Float64Array.from(rows, (row) => target[row] - (offset?.[row] ?? 0))
      const weights = weight && Float64Array.from(rows, (row) => weight[row])
      return weightedQuantile(residuals, weights, level)
    },
    differentiate({ target, weight }, rows, from, to, score, gradient, hessian) {
      for (let i = from; i < to; i++) {
        const row = rows[i]
        const counts = weight === undefined ? 1 : weight[row]
        gradient[row] = counts * (target[row] < score[row] ? 1 - level : -level)
        if (hessian !== undefined) hessian[row] = counts
      }
    },
    mean: (sample, rows, score) =>
      weightedMean(sample, rows, (row) => {
        const error = sample.target[row] - score[row]
        return error >= 0 ? level * error : (level - 1) * error
      }),
  }
}

function weightedMean({ weight }: Sample, rows: Int32Array, of: (row: number) => number): number {
  let sum = 0
  let weights = 0
  for (const row of rows) {
    const counts = weight?.[row] ?? 1
    sum += counts * of(row)
    weights += counts
  }
  return weights > 0 ? sum / weights : 0
}
