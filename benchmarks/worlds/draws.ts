import { seededRandom } from '../../src/base/random.ts'

/** Random draws of one seed, in the order in which they are asked for. */
export function draws(seed: number): {
  uniform: () => number
  normal: () => number
  poisson: (mean: number) => number
} {
  const uniform = seededRandom(seed)
  /** Box & Muller (1958). */
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  /** Knuth's for small means, rounded normal ones for others. */
  const poisson = (mean: number) => {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
    const limit = Math.exp(-mean)
    let drawn = 0
    for (let product = uniform(); product > limit; product *= uniform()) drawn++
    return drawn
  }
  return { uniform, normal, poisson }
}
