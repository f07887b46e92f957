import type { Day } from '../base/day.ts'
import type { Random } from '../base/random.ts'
import type { Shift } from './demand.ts'

/** What becomes of demand that nobody expects; shares are fractions: 0.5 is half. */
export type Unforeseen =
  /** Demand rises (or falls, below 0) by so much on a day, for good. */
  | { kind: 'level'; share: number; from: Day }
  /** Every week, demand is higher or lower by so much, by chance, each product by itself. */
  | { kind: 'restless'; share: number; from: Day }
  /** Every week, demand rises (or falls) by so much more. */
  | { kind: 'drift'; share: number; from: Day }

/** What becomes of the demand for one product; `random` is its own. */
export function shiftFrom(unforeseen: readonly Unforeseen[], random: Random): Shift {
  const shifts = unforeseen.map((one) => shiftOf(one, random))
  return (day) => shifts.reduce((factor, shift) => factor * shift(day), 1)
}

function shiftOf({ kind, share, from }: Unforeseen, random: Random): Shift {
  const signs: number[] = []
  return (day) => {
    if (day < from) return 1
    const weeks = Math.floor((day - from) / 7)
    if (kind === 'drift') return (1 + share) ** (weeks + 1)
    if (kind === 'level') return 1 + share
    while (signs.length <= weeks) signs.push(random() < 0.5 ? -1 : 1)
    return 1 + signs[weeks] * share
  }
}
