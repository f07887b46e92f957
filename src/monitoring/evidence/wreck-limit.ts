import { type Random, seededRandom } from '../../base/random.ts'
import type { Expectation } from './expectation.ts'

/**
 * The log-ratio that two blocks in a row exceed once in so many years, by a bootstrap of those of the
 * backtest: what is beyond is no matter of patience.
 *
 * Drawn are neighbours from the circle of the n origins (Politis & Romano 1992), so that what lasts
 * from block to block stays. Few origins know neither the mean nor the spread, and no tail: each draw
 * has a mean and a spread of its own from what the origins leave open (normal theory: t and χ²), and is
 * smoothed by a kernel of Silverman's width (1986), with the tails of a t with four degrees of freedom.
 * The spread has six degrees of freedom, however many origins there are: losses of blocks have heavier
 * tails than normal ones, and their variance is known as badly as of so few (`npm run benchmark
 * monitoring` counts the false alarms).
 *
 * Given mean and spread, the probability is a formula, so that few of these have to be drawn.
 */
export function wreckLimit(
  logRatios: readonly number[],
  { mean, spread }: Pick<Expectation, 'mean' | 'spread'>,
  { blocksInYear, years }: { blocksInYear: number; years: number },
): number {
  const n = logRatios.length
  const width = 1.06 * n ** -0.2
  const found = Math.sqrt(logRatios.reduce((sum, y) => sum + (y - mean) ** 2, 0) / n)
  const centres = logRatios.map((y) => (found > 0 ? (y - mean) / found : 0))
  const draws = drawn(n)
  const shrink = 1 / Math.sqrt(1 + width ** 2)
  // Of a limit that lies so many spreads above the mean: all origins and draws alike.
  const probability = (limit: number) => {
    let sum = 0
    for (const { shift, stretch } of draws) {
      const at = (limit - shift) / (stretch * shrink)
      let before = heavyTail((at - centres[n - 1]) / width)
      for (const centre of centres) {
        const beyond = heavyTail((at - centre) / width)
        sum += before * beyond
        before = beyond
      }
    }
    return sum / (draws.length * n)
  }
  const wanted = 1 / (years * blocksInYear)
  let [low, high] = [0, FARTHEST]
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (probability(middle) > wanted) low = middle
    else high = middle
  }
  return mean + spread * high
}

const DRAWS = 1500
const SEED = 20_260_101
const SPREAD_DEGREES = 6
/** In spreads above the mean; what is rarer than that is not told apart. */
const FARTHEST = 64
const STEPS = 20

/** Means, in spreads from the one found, and spreads, as a multiple of it, that n origins leave open. */
function drawn(n: number): { shift: number; stretch: number }[] {
  const random = seededRandom(SEED)
  return Array.from({ length: DRAWS }, () => {
    const stretch = Math.sqrt(SPREAD_DEGREES / chiSquared(SPREAD_DEGREES, random))
    return { stretch, shift: (stretch / Math.sqrt(n)) * normal(random) }
  })
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Sum of so many squared normals; `degrees` is whole. */
function chiSquared(degrees: number, random: Random): number {
  let sum = 0
  for (let i = 0; i < degrees; i++) sum += normal(random) ** 2
  return sum
}

/** How often a t with four degrees of freedom, scaled to variance 1, lies above x (Shaw 2006). */
function heavyTail(x: number): number {
  const t = x * Math.SQRT2
  const part = t / Math.sqrt(4 + t * t)
  return 0.5 - 0.75 * part + 0.25 * part * part * part
}
