import type { Candidate } from '../../forecasting/recipe.ts'

/**
 * Successive halving (Karnin, Koren & Somekh 2013; Jamieson & Talwalkar 2016), with origins for
 * rounds: all candidates are judged on few origins, and the better half of each family on more.
 */

/** A family with no more candidates than this is not halved, and never to fewer. */
const FEWEST = 3

/** How many of a family's candidates a round leaves. */
export function survivors(count: number): number {
  return count <= FEWEST ? count : Math.max(FEWEST, Math.ceil(count / 2))
}

/** Whether which candidates a later round looks at depends on what an earlier one found. */
export function isHalved(family: Candidate[], rounds: number): boolean {
  return rounds > 1 && survivors(family.length) < family.length
}

/** The `count` with the lowest loss, in the order in which they came; the first among equals. */
export function best<T extends { loss: number | undefined }>(judged: T[], count: number): T[] {
  const loss = (it: T) => it.loss ?? Number.MAX_VALUE
  const kept = new Set(judged.toSorted((a, b) => loss(a) - loss(b)).slice(0, count))
  return judged.filter((it) => kept.has(it))
}

/**
 * The origins of each round, as indices into `periods`, which are the origins' last periods,
 * ascending: every fourth where there are eight or more, then every other one, then the rest; all at
 * once where there are fewer than four. A round on one origin alone would judge nothing: its errors
 * would have to calibrate themselves.
 *
 * Which origins come first depends on their periods alone, and not on what comes after: so the
 * searches of one backtest begin with the same origins, and share their fits.
 */
export function rounds(periods: number[]): number[][] {
  const gaps = periods.slice(1).map((period, k) => period - periods[k])
  const apart = Math.min(...gaps, Number.MAX_SAFE_INTEGER)
  const numbers = periods.map((period) => Math.floor(period / apart))
  const first = periods.length >= 8 ? 4 : periods.length >= 4 ? 2 : 1
  const left = new Set(periods.keys())
  const found: number[][] = []
  for (let every = first; every >= 1; every /= 2) {
    const round = [...left].filter((k) => numbers[k] % every === 0)
    for (const k of round) left.delete(k)
    if (round.length > 0) found.push(round)
  }
  return found
}

/** The candidates of each family, families and candidates in their order. */
export function byFamily(candidates: Candidate[]): Candidate[][] {
  return [...Map.groupBy(candidates, ({ family }) => family).values()]
}
