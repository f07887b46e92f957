import { probit, quantileSorted, quickselect } from 'simple-statistics'
import { DEVIATION_OVER_ERROR } from '../base/normal.ts'
import { sum } from '../base/sum.ts'

/** Scores of the totals of one length, by class and by the origin that they come from. */
export class Scores {
  readonly ofClass: number[][]
  /** By origin: the scores, and what they add up to. */
  readonly #ofOrigin: number[][]
  readonly #sums: number[]
  /** By class: sums of the squares of what was expected, in the unit of the scores, and of these. */
  readonly #expected: number[]
  readonly #made: number[]
  #absolute = 0
  #squares = 0

  constructor(classes: number, origins: number) {
    this.ofClass = Array.from({ length: classes }, () => [])
    this.#ofOrigin = Array.from({ length: origins }, () => [])
    this.#sums = new Array(origins).fill(0)
    this.#expected = new Array(classes).fill(0)
    this.#made = new Array(classes).fill(0)
  }

  add(score: number, expected: number, index: number, origin: number): void {
    this.ofClass[index].push(score)
    this.#expected[index] += expected * expected
    this.#made[index] += score * score
    this.#ofOrigin[origin].push(score)
    this.#sums[origin] += score
    this.#absolute += Math.abs(score)
    this.#squares += score * score
  }

  /** How much wider the scores of a class are with a shock, relative to what is expected, of any sign. */
  widening(index: number, shock: number): number {
    if (this.#made[index] === 0) return 1
    return Math.sqrt(1 + (shock ** 2 * this.#expected[index]) / this.#made[index])
  }

  /** Mean absolute score of all, drawn towards what it is known to be of shorter totals. */
  spread(shorter: number): number {
    const count = sum(this.#counts)
    return (this.#absolute + PRIOR_SCORES.length * shorter) / (count + PRIOR_SCORES.length)
  }

  /**
   * ρ, 0 to 1: how alike the scores of one origin are, which one month hit together; by the variance
   * between and within the origins (Kish 1965, "Survey Sampling", § 5.4).
   */
  alikeness(): number {
    const counts = this.#counts
    const count = sum(counts)
    const origins = counts.filter((ofOrigin) => ofOrigin > 0).length
    if (origins < 2 || count <= origins) return 0
    const mean = sum(this.#sums) / count
    const within = this.#squares - count * mean ** 2
    if (within <= 0) return 0
    let between = 0
    this.#sums.forEach((sum, origin) => {
      between += (sum - counts[origin] * mean) ** 2
    })
    const effect = ((origins / (origins - 1)) * between) / within
    return Math.min(1, Math.max(0, (effect - 1) / (count / origins - 1)))
  }

  /** The median of each origin that has any scores. */
  medians(): number[] {
    return this.#ofOrigin
      .filter(({ length }) => length > 0)
      .map((scores) => {
        const middle = scores.length >> 1
        quickselect(scores, middle, 0, scores.length - 1)
        return scores[middle]
      })
  }

  get origins(): number {
    return this.#ofOrigin.length
  }

  get #counts(): number[] {
    return this.#ofOrigin.map(({ length }) => length)
  }
}

/**
 * The quantiles of the scores of each class. They are empirical, and of a rank among N + 1, away from
 * the middle, as in conformal prediction. Few scores are drawn towards a normal
 * distribution that is as wide as the scores of all classes, which is all there is where nothing could
 * be learnt. That few scores look narrower than what comes is made good as in a prediction by
 * Student's t distribution, where scores of one origin count as so many as there are independent ones.
 *
 * @param spread - mean absolute score of all classes
 * @param shock - relative to what is expected: what was taken out of the scores, and may come again
 * @param bias - which share of their median is believed; the rest of it is taken to be 0
 */
export function scoreTables(
  scores: Scores,
  levels: number[],
  spread: number,
  shock: number,
  bias: number,
): number[][] {
  const alikeness = scores.alikeness()
  return scores.ofClass.map((ofClass, index) => {
    const withShock = scores.widening(index, shock)
    const all = new Float64Array(ofClass.length + PRIOR_SCORES.length)
    for (const [index, prior] of PRIOR_SCORES.entries()) all[index] = spread * prior
    all.set(ofClass, PRIOR_SCORES.length)
    const sorted = Array.from(all.sort())
    const ofOrigin = ofClass.length / Math.max(1, scores.origins)
    const independent = all.length / (1 + Math.max(0, ofOrigin - 1) * alikeness)
    const middle = quantileSorted(sorted, 0.5)
    return levels.map((level) => {
      const outward = level + (level - 0.5) / sorted.length
      const score = quantileSorted(sorted, Math.min(1, Math.max(0, outward)))
      return bias * middle + (score - middle) * withShock * widened(level, independent)
    })
  })
}

/** What the scores would be if errors were normal: evenly spread over its quantiles. */
const PRIOR_SCORES = Array.from(
  { length: 20 },
  (_, index) => DEVIATION_OVER_ERROR * probit((index + 0.5) / 20),
)

/**
 * By how much a quantile that so many independent values were seen of lies further out than it seems:
 * that of Student's t distribution over the normal one's (Abramowitz & Stegun 1964, 26.7.5).
 */
function widened(level: number, independent: number): number {
  const z2 = probit(level) ** 2
  const freedom = Math.max(3, independent)
  return 1 + (z2 + 1) / (4 * freedom) + (5 * z2 ** 2 + 16 * z2 + 3) / (96 * freedom ** 2)
}
