import { type Random, seededRandom } from '../../src/base/random.ts'

/** A chain whose blocks have log-ratios around 0, in the backtest and in production. */
export type Chain = {
  blocksInYear: number
  /** Of the backtest. */
  origins: number
  /** Correlation of each log-ratio with the one before; for 0.4 nothing is promised. */
  lasting: number
  /** How much more is lost in production than in the backtest, as a log-ratio: the winner's curse. */
  flattered?: number
}

/** Weekly orders and monthly ones, from long to short histories, without and with what lasts. */
export const chains: Chain[] = [52, 13].flatMap((blocksInYear) =>
  [12, 8, 6, 4].flatMap((origins) =>
    [0, 0.4].map((lasting) => ({ blocksInYear, origins, lasting })),
  ),
)

/** Weekly orders, and a backtest of twelve origins that is like production. */
export const WEEKLY: Chain = { blocksInYear: 52, origins: 12, lasting: 0 }

export const chainHeaders = ['Blocks a year', 'Origins', 'Lasting']

export function chainCells({ blocksInYear, origins, lasting }: Chain): string[] {
  return [`${blocksInYear}`, `${origins}`, `${lasting}`]
}

/** The log-ratios of a backtest, and one after the other those of production. */
export function simulate({ origins, lasting, flattered = 0 }: Chain, seed: number) {
  const next = logRatios(seed, SPREAD, lasting)
  const backtest = Array.from({ length: origins }, next)
  return { backtest, next: () => flattered + next() }
}

/** The block from which on something breaks: in the 20th week, of a year of 52. */
export function breakIn({ blocksInYear }: Chain): number {
  return Math.round((20 / 52) * blocksInYear)
}

/** Of blocks: t with four degrees of freedom of this standard deviation. */
export const SPREAD = 0.12

/** Student's t with four degrees of freedom, each correlated with the one before. */
export function logRatios(seed: number, spread: number, lasting: number): () => number {
  const random = seededRandom(seed)
  let last = heavyTailed(random)
  return () => {
    last = lasting * last + Math.sqrt(1 - lasting ** 2) * heavyTailed(random)
    return spread * last
  }
}

/** Of variance 1. */
function heavyTailed(random: Random): number {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const squares = normal() ** 2 + normal() ** 2 + normal() ** 2 + normal() ** 2
  return normal() / Math.sqrt(squares / 2)
}
