import { type Random, seededRandom } from '../base/random.ts'

/**
 * A stream of its own for each product and purpose, so that a change to the buyer, say, leaves the
 * demand as it was.
 */
export function streamFor(seed: number, productId: number, purpose: string): Random {
  let mixed = Math.imul(seed, 0x9e3779b1) ^ Math.imul(productId, 0x85ebca6b)
  for (const letter of purpose) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193)
  return seededRandom(mixed)
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random()
}

/** A whole number from `low` to `high`, both possible. */
export function wholeBetween(random: Random, low: number, high: number): number {
  return low + Math.floor((high - low + 1) * random())
}

/** Standard normal (Box and Muller, 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Count with variance mean + mean² / dispersion: a Poisson whose mean is drawn from a gamma. */
export function negativeBinomial(random: Random, mean: number, dispersion: number): number {
  return mean === 0 ? 0 : poisson(random, (mean * gamma(random, dispersion)) / dispersion)
}

/** Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000), shape ≥ 1. */
function gamma(random: Random, shape: number): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Knuth, The Art of Computer Programming, 3.4.1; means here stay far below its limit of 700. */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean)
  let count = -1
  for (let product = 1; product > limit; count++) product *= 1 - random()
  return count
}
