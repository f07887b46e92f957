import { type Static, Type } from 'typebox'
import { count, object } from '../../base/schema-parts.ts'
import { Interval } from '../../evaluation/gate/interval.ts'
import { meanOfCases, type Telling } from './compared-decisions.ts'
import type { DecidedCase } from './decided-cases.ts'
import type { JudgedOrNot } from './judged-cases.ts'
import type { AddedMeasure, Losses } from './losses.ts'

/** What was gained, or lost, by deciding otherwise than advised. */
const Gain = object({ decisions: count, adds: Interval })

/** Overrides of one kind, against what would have come of the advice in the same cases. */
export const Overrides = object({
  by: Type.Enum(['all', 'direction', 'size', 'product', 'reason']),
  /** Such as `raised`, `up to 10%`, `new`, or the id of a reason; empty for all. */
  name: Type.String({ maxLength: 40 }),
  /** Those that were judged, and those of which nobody knows what was asked for. */
  judged: count,
  censored: count,
  /** Absent with fewer decisions than are asked for, and where none can be compared so. */
  wape: Type.Optional(Gain),
  quantileLoss: Type.Optional(Gain),
  /** A decision, in the currency of the sales. */
  money: Type.Optional(Gain),
})
export type Overrides = Static<typeof Overrides>

/** As many reasons as a chain can have: a ledger may hold more. */
const MOST_NAMES = 50

/** All overrides, then by each of their kinds, those with most cases first. */
export function overridesOf(
  all: readonly JudgedOrNot[],
  told: readonly Losses[],
  telling: Telling,
): Overrides[] {
  const kinds: { by: Overrides['by']; nameOf: (decided: DecidedCase) => string }[] = [
    { by: 'all', nameOf: () => '' },
    { by: 'direction', nameOf: directionOf },
    { by: 'size', nameOf: sizeOf },
    { by: 'product', nameOf: ({ isNew }) => (isNew ? 'new' : 'known') },
    { by: 'reason', nameOf: ({ reason }) => reason ?? '' },
  ]
  const overrides = told.filter((it) => it.case.decided.isOverride)
  const censored = all.filter((it) => it.outcome === 'censored' && it.decided.isOverride)
  return kinds.flatMap(({ by, nameOf }) => {
    const judged = Map.groupBy(overrides, (it) => nameOf(it.case.decided))
    const hidden = Map.groupBy(censored, ({ decided }) => nameOf(decided))
    return [...new Set([...judged.keys(), ...hidden.keys()])]
      .map((name) => {
        const own = judged.get(name) ?? []
        return {
          by,
          name,
          judged: own.length,
          censored: hidden.get(name)?.length ?? 0,
          ...gainsOf(own, telling),
        }
      })
      .sort((a, b) => b.judged - a.judged || (a.name < b.name ? -1 : 1))
      .slice(0, MOST_NAMES)
  })
}

function gainsOf(
  own: readonly Losses[],
  { needed, confidence }: Telling,
): Pick<Overrides, AddedMeasure> {
  const gain = (measure: AddedMeasure) => {
    const compared = own.flatMap(({ case: { decided }, [measure]: loss }) =>
      loss?.buyer === undefined
        ? []
        : [{ decided, base: loss.base, adds: loss.model - loss.buyer }],
    )
    if (compared.length < needed) return
    const adds = meanOfCases(compared, confidence)((it) => it.adds)
    return adds && { [measure]: { decisions: compared.length, adds } }
  }
  return { ...gain('wape'), ...gain('quantileLoss'), ...gain('money') }
}

function directionOf({ advised, decided }: DecidedCase): string {
  return decided > advised ? 'raised' : 'cut'
}

function sizeOf({ advised, decided }: DecidedCase): string {
  const change = Math.abs(decided - advised)
  if (change <= 0.1 * advised) return 'up to 10%'
  return change <= 0.3 * advised ? '10% to 30%' : 'more than 30%'
}
