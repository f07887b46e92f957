import { type Static, Type } from 'typebox'
import { isoFromDay } from '../../base/day.ts'
import { count, isoDay, object, union } from '../../base/schema-parts.ts'
import { Interval } from '../../evaluation/gate/interval.ts'
import { type MetricName, metricNames, score } from '../../evaluation/scoring/metrics.ts'
import { type DecisionReason, reasonsAboutDemand } from '../../ordering/decision-reasons.ts'
import { quantileAt } from '../../ordering/demand-quantiles.ts'
import type { Demand } from '../../ordering/order-decision.ts'
import { lastSaleDay } from '../../sales/totals/daily-totals.ts'
import { meanOverDecisions } from './compared-decisions.ts'
import { type DecidedCase, type DecidedCases, decidedCases } from './decided-cases.ts'
import {
  type JudgedCase,
  type JudgedOrNot,
  type JudgingInput,
  judgedCases,
} from './judged-cases.ts'

/** By what each step, and each kind of override, is judged. */
export const addedMeasures = ['wape', 'quantileLoss', 'money'] as const
export type AddedMeasure = (typeof addedMeasures)[number]

/** The same loss of all three on the same decisions, each with its interval. */
const StepsAdded = union('outcome', [
  object({
    outcome: Type.Literal('told'),
    decisions: count,
    naive: Interval,
    model: Interval,
    buyer: Interval,
    /** How much less the model loses than seasonal naive, and the buyer than the model. */
    modelAdds: Interval,
    buyerAdds: Interval,
  }),
  object({
    outcome: Type.Literal('cannot tell'),
    decisions: count,
    reason: Type.Enum([
      'too few decisions',
      'no prices or costs',
      'no forecast to compare with',
      'all of the same days',
    ]),
  }),
])
export type StepsAdded = Static<typeof StepsAdded>

/** What was gained, or lost, by deciding otherwise than advised. */
const Gain = object({ decisions: count, adds: Interval })

/** Overrides of one kind, against what would have come of the advice in the same cases. */
const Overrides = object({
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

export type ValueAddedInput = JudgingInput & {
  /** Of the chain: which of them say something of the demand. */
  reasons: readonly DecisionReason[]
  /** With fewer decisions nothing is said. */
  needed: number
  /** Of the intervals. */
  confidence: number
}

/**
 * Forecast value added (Gilliland 2010, "The Business Forecasting Deal"), from seasonal naive over the
 * model to the buyer, on the same decisions: WAPE and weighted quantile loss of the days decided on, and for orders money, all three
 * orders replayed over what could have been sold.
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
  const { reasons, totals, events, needed } = input
  const through = lastSaleDay(totals)
  if (through === undefined) throw new RangeError('a chain in production has sales')
  const from = through - DAYS + 1
  const aboutDemand = reasonsAboutDemand(reasons)
  const decided = decidedCases(events, { since: from, aboutDemand })
  const all = decided.cases.length === 0 ? [] : judgedCases(decided.cases, input)
  const judged = all.filter((it) => it.outcome === 'judged')
  const seen = {
    from: isoFromDay(from),
    through: isoFromDay(through),
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
    wape: steps(told, 'wape', input),
    quantileLoss: steps(told, 'quantileLoss', input),
    money: steps(told, 'money', input),
    overrides: overridesOf(all, told, input),
  }
}

/** A year: long enough for the rare, short enough for those who buy now. */
const DAYS = 364

/** A loss of each who has one, as a sum over what it is relative to. */
type Loss = { base: number; naive?: number; model: number; buyer?: number }
type Losses = { case: JudgedCase } & { [measure in AddedMeasure]?: Loss }

const EMPTY: Record<AddedMeasure, Extract<StepsAdded, { outcome: 'cannot tell' }>['reason']> = {
  wape: 'no forecast to compare with',
  quantileLoss: 'no forecast to compare with',
  money: 'no prices or costs',
}

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

function lossesOf(judged: JudgedCase): Losses {
  const { demand, expected, cost } = judged
  return {
    case: judged,
    ...(expected && {
      wape: lossBy('wape', demand, expected),
      quantileLoss: lossBy('weightedQuantileLoss', demand, expected),
    }),
    ...(cost && { money: { base: 1, ...cost } }),
  }
}

function lossBy(
  metric: MetricName,
  demand: number,
  { naive, model, buyer }: NonNullable<JudgedCase['expected']>,
): Loss {
  const lossOf = (one: Demand) => {
    const quantiles = SCORED.map((level) => quantileAt(one, level))
    const { numerators } = score({
      cell: Int32Array.of(0),
      actual: Float64Array.of(demand),
      mean: Float64Array.of(one.mean),
      quantiles: Float64Array.from(quantiles),
      levels: SCORED,
      naiveAbsoluteError: Float64Array.of(Number.NaN),
      naiveSquaredError: Float64Array.of(Number.NaN),
    })
    return numerators[metricNames.indexOf(metric)]
  }
  return {
    base: demand,
    ...(naive && { naive: lossOf(naive) }),
    model: lossOf(model),
    ...(buyer && { buyer: lossOf(buyer) }),
  }
}

const SCORED = [0.1, 0.5, 0.9]

function steps(
  all: readonly Losses[],
  measure: AddedMeasure,
  { needed, confidence }: ValueAddedInput,
): StepsAdded {
  const whole = all.flatMap(({ case: { decided }, [measure]: loss }) =>
    loss?.naive !== undefined && loss.buyer !== undefined
      ? [{ decided, base: loss.base, naive: loss.naive, model: loss.model, buyer: loss.buyer }]
      : [],
  )
  const decisions = whole.length
  const cannotTell = (reason: Extract<StepsAdded, { outcome: 'cannot tell' }>['reason']) => ({
    outcome: 'cannot tell' as const,
    decisions,
    reason,
  })
  if (decisions === 0) {
    const isKnown = all.some((it) => it[measure] !== undefined)
    return cannotTell(isKnown ? 'no forecast to compare with' : EMPTY[measure])
  }
  if (decisions < needed) return cannotTell('too few decisions')
  const mean = meanOf(whole, confidence)
  const [naive, model, buyer] = [
    mean((it) => it.naive),
    mean((it) => it.model),
    mean((it) => it.buyer),
  ]
  const modelAdds = mean((it) => it.naive - it.model)
  const buyerAdds = mean((it) => it.model - it.buyer)
  if (!naive || !model || !buyer || !modelAdds || !buyerAdds) {
    return cannotTell('all of the same days')
  }
  return { outcome: 'told', decisions, naive, model, buyer, modelAdds, buyerAdds }
}

function meanOf<Case extends { decided: DecidedCase; base: number }>(
  cases: readonly Case[],
  confidence: number,
): (amountOf: (one: Case) => number) => Interval | undefined {
  const mean = meanOverDecisions(
    {
      subject: cases.map(({ decided }) => decided.on.subject),
      from: cases.map(({ decided }) => decided.from),
      to: cases.map(({ decided }) => decided.to),
      base: Float64Array.from(cases, ({ base }) => base),
    },
    confidence,
  )
  return (amountOf) => mean(Float64Array.from(cases, amountOf))
}

/** As many reasons as a chain can have: a ledger may hold more. */
const MOST_NAMES = 50

/** All overrides, then by each of their kinds, those with most cases first. */
function overridesOf(
  all: readonly JudgedOrNot[],
  told: readonly Losses[],
  input: ValueAddedInput,
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
          ...gainsOf(own, input),
        }
      })
      .sort((a, b) => b.judged - a.judged || (a.name < b.name ? -1 : 1))
      .slice(0, MOST_NAMES)
  })
}

function gainsOf(
  own: readonly Losses[],
  { needed, confidence }: ValueAddedInput,
): Pick<Overrides, AddedMeasure> {
  const gain = (measure: AddedMeasure) => {
    const compared = own.flatMap(({ case: { decided }, [measure]: loss }) =>
      loss?.buyer === undefined
        ? []
        : [{ decided, base: loss.base, adds: loss.model - loss.buyer }],
    )
    if (compared.length < needed) return
    const adds = meanOf(compared, confidence)((it) => it.adds)
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
