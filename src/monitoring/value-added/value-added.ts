import { type Static, Type } from 'typebox'
import { type Day, isoFromDay } from '../../base/day.ts'
import { count, isoDay, object, union } from '../../base/schema-parts.ts'
import type { RecordedEvent } from '../../ledger/events/event.ts'
import { type DecisionReason, reasonsAboutDemand } from '../../ordering/decision-reasons.ts'
import type { Telling } from './compared-decisions.ts'
import { type DecidedCases, decidedCases } from './decided-cases.ts'
import type { JudgedOrNot } from './judged-cases.ts'
import { lossesOf } from './losses.ts'
import { Overrides, overridesOf } from './overrides.ts'
import { StepsAdded, stepsAdded } from './steps-added.ts'

/** Why decisions were not judged. */
const leftOutReasons = [
  'not over',
  'censored',
  'no longer sold',
  'not in the sales',
  'on an event that is not there',
  'nothing advised',
  'implausible quantity',
  'written down after the fact',
] as const

const seen = {
  /** ISO days: those that decisions have to begin on, and the last one whose sales are known. */
  from: isoDay,
  through: isoDay,
  adoption: object({ followed: count, changed: count, none: count }),
  judged: count,
  leftOut: Type.Array(object({ why: Type.Enum(leftOutReasons), decisions: count })),
  /** With fewer decisions nothing is said, of all or of a kind. */
  needed: count,
}

/**
 * What the buyers add to the model, and the model to seasonal naive, over the last year and all
 * versions. Of nobody by name: no person's key is in it.
 */
export const ValueAdded = union('outcome', [
  object({
    outcome: Type.Literal('told'),
    ...seen,
    wape: StepsAdded,
    quantileLoss: StepsAdded,
    /** A decision on an order, in the currency of the sales. */
    money: StepsAdded,
    overrides: Type.Array(Overrides, { maxItems: 250 }),
  }),
  object({
    outcome: Type.Literal('cannot tell'),
    ...seen,
    reason: Type.Enum(['no decisions are recorded', 'too few decisions can be judged']),
  }),
])
export type ValueAdded = Static<typeof ValueAdded>

/** Of the last year until the last day whose sales are known. */
export type DecidedLately = DecidedCases & { from: Day; through: Day }

export type ValueAddedInput = Telling & {
  decided: DecidedLately
  /** As `judgedCases` has them, in the order of the cases. */
  judged: readonly JudgedOrNot[]
}

/** @param reasons - of the chain: which of them say something of the demand */
export function decidedLately(
  events: readonly RecordedEvent[],
  { through, reasons }: { through: Day; reasons: readonly DecisionReason[] },
): DecidedLately {
  const from = through - DAYS + 1
  const aboutDemand = reasonsAboutDemand(reasons)
  return { ...decidedCases(events, { since: from, aboutDemand }), from, through }
}

/**
 * Forecast value added (Gilliland 2010, "The Business Forecasting Deal"), from seasonal naive over the
 * model to the buyer, on the same decisions: WAPE and weighted quantile loss of the days decided on,
 * and for orders money, all three orders replayed over what could have been sold.
 *
 * - Overridden cases are compared with what would have come of the advice in the same cases, never
 *   with the others: buyers override where they expect the model to be wrong (Fildes, Goodwin,
 *   Lawrence & Nikolopoulos 2009, "Effective forecasting and judgmental adjustments").
 * - By direction and size, since raises and small adjustments help less often than cuts and large ones
 *   (the same; Khosrowabadi, Hoberg & Imdahl 2022, "Evaluating human behaviour in response to AI
 *   recommendations for judgemental forecasting").
 * - An override of an order for another reason than demand, such as a shelf, a truck or handling (van
 *   Donselaar, Gaur, van Woensel, Broekmeulen & Fransoo 2010, "Ordering behavior in retail stores"),
 *   says nothing of the demand and is judged by money alone.
 * - The quantile loss needs a distribution where a number alone is said: `scaledTo`.
 * - What can be gained over seasonal naive is bounded by the noise of the sales (Goodwin, Petropoulos &
 *   Hyndman 2017, "A note on upper bounds for forecast-value-added relative to naïve forecasts"): a
 *   step is told in units of the loss, never as a share of a perfect one.
 * - A cut that causes the stock-out that confirms it is not right: compared is with what could have
 *   been sold, and where that is unknown the case is counted as censored and left out. That flatters
 *   cuts, as all that is left of them went well enough to be seen; so the number stands beside it.
 *
 * Loss a decision and loss a unit are means whose intervals `meanOverDecisions` gives.
 */
export function valueAdded(input: ValueAddedInput): ValueAdded {
  const { decided, judged: all, needed } = input
  const judged = all.filter((it) => it.outcome === 'judged')
  const seen = {
    from: isoFromDay(decided.from),
    through: isoFromDay(decided.through),
    adoption: decided.adoption,
    judged: judged.length,
    leftOut: leftOutOf(decided, all),
    needed,
  }
  const { followed, changed } = decided.adoption
  if (judged.length < needed) {
    const reason =
      followed + changed === 0 ? 'no decisions are recorded' : 'too few decisions can be judged'
    return { outcome: 'cannot tell', ...seen, reason }
  }
  const told = judged.map(lossesOf)
  return {
    outcome: 'told',
    ...seen,
    wape: stepsAdded(told, 'wape', input),
    quantileLoss: stepsAdded(told, 'quantileLoss', input),
    money: stepsAdded(told, 'money', input),
    overrides: overridesOf(all, told, input),
  }
}

/** A year: long enough for the rare, short enough for those who buy now. */
const DAYS = 364

function leftOutOf(
  { noEvent, noAdvice, implausible, afterTheFact }: DecidedCases,
  all: readonly JudgedOrNot[],
): ValueAdded['leftOut'] {
  const outcomes = all.map(({ outcome }) => outcome)
  const before = {
    'on an event that is not there': noEvent,
    'nothing advised': noAdvice,
    'implausible quantity': implausible,
    'written down after the fact': afterTheFact,
  }
  return leftOutReasons.flatMap((why) => {
    const decisions =
      why in before
        ? before[why as keyof typeof before]
        : outcomes.filter((outcome) => outcome === why).length
    return decisions > 0 ? [{ why, decisions }] : []
  })
}
