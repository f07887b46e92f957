import { type Random, seededRandom } from '../../base/random.ts'
import type { Expectation } from './expectation.ts'

/**
 * The log-ratio that two blocks in a row exceed once in so many years, by a bootstrap of those of
 * the backtest: what is beyond is no matter of patience.
 *
 * Drawn are neighbours from the circle of the n origins (Politis & Romano 1992), so that what lasts
 * from block to block stays. Few origins know neither the mean nor the spread, and no tail: each draw
 * has a mean and a spread of its own from what the origins leave open (normal theory: t and χ² with
 * n − 1 + `priorWeight` degrees of freedom), and is smoothed by a kernel of Silverman's width (1986),
 * with the tails of a t with four degrees of freedom.
 */
export function wreckLimit(
  logRatios: readonly number[],
  { mean, spread, priorWeight }: Expectation,
  { blocksInYear, years }: { blocksInYear: number; years: number },
): number {
  const random = seededRandom(SEED)
  const n = logRatios.length
  const degrees = n - 1 + priorWeight
  const width = 1.06 * n ** -0.2
  const found = Math.sqrt(logRatios.reduce((sum, y) => sum + (y - mean) ** 2, 0) / n)
  const standard = logRatios.map((y) => (found > 0 ? (y - mean) / found : 0))
  const lesser = Float64Array.from({ length: DRAWS }, () => {
    const drawn = spread * Math.sqrt(degrees / chiSquared(degrees, random))
    const centre = mean + (drawn / Math.sqrt(n)) * normal(random)
    const first = Math.floor(n * random())
    const shrink = 1 / Math.sqrt(1 + width ** 2)
    const one = (index: number) =>
      centre + drawn * shrink * (standard[index % n] + width * heavyTailed(random))
    return Math.min(one(first), one(first + 1))
  }).sort()
  return lesser[Math.ceil(DRAWS * (1 - 1 / (years * blocksInYear))) - 1]
}

const DRAWS = 100_000
const SEED = 20_260_101

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Student's t with four degrees of freedom, of variance 1. */
function heavyTailed(random: Random): number {
  return normal(random) / Math.sqrt(chiSquared(4, random) / 2)
}

/** Sum of so many squared normals; `degrees` is whole. */
function chiSquared(degrees: number, random: Random): number {
  let sum = 0
  for (let i = 0; i < degrees; i++) sum += normal(random) ** 2
  return sum
}
