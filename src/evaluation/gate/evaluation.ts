import { type Static, Type } from 'typebox'
import { checker, parseJson } from '../../base/schema.ts'
import {
  count,
  isoDay,
  number,
  object,
  partialRecord,
  share,
  union,
} from '../../base/schema-parts.ts'
import { Frequency } from '../../demand/calendar.ts'
import { MetricName, Metrics, metricNames } from '../scoring/metrics.ts'
import { Campaign } from './campaign.ts'
import { Caution } from './caution.ts'
import { Challenge } from './challenge.ts'
import { Check, DueReason } from './check.ts'
import { Coming } from './coming.ts'
import { Interval } from './interval.ts'
import { OriginLosses } from './origin-losses.ts'
import { ProductChanges } from './product-changes.ts'
import { SmallerQuestion } from './question.ts'
import { TriedShadow } from './tried-shadow.ts'

/** The content of an `evaluation.json`. Throws a `UserError` where it is not one. */
export function evaluationFrom(bytes: Uint8Array, file: string): Evaluation {
  return checkEvaluation(parseJson(Buffer.from(bytes).toString(), file), file)
}

// Comments of a job that may write are made of all this, whatever code has made it.
const text = Type.String()
const texts = Type.Array(text)

const Contender = object({
  /** Such as `ridge (penalty 10)` or `seasonal-naive`. */
  model: text,
  metrics: Metrics,
  /** Which candidate the search chose at each scored origin, or `as deployed` (champion only). */
  chosen: texts,
})
export type Contender = Static<typeof Contender>

const Segment = object({
  /** `part`: of a model in parts, each with a model of its own. */
  by: Type.Enum(['part', 'category', 'volume class', 'horizon']),
  name: text,
  rows: count,
  challenger: Metrics,
  champion: Type.Optional(Metrics),
  baseline: Metrics,
  /** As `Evaluation.differences`, of the metric that decides. */
  difference: Type.Optional(Interval),
})
export type Segment = Static<typeof Segment>

const OrderingResult = object({
  /** Units that customers asked for, that they did not get, and that expired unsold. */
  demand: number,
  short: number,
  expired: number,
  /** Share of the demand that was met (fill rate); absent where there was none. */
  serviceLevel: Type.Optional(number),
  /** Money, in the currency of the sales: what `cost` is the sum of. */
  lostMargin: number,
  urgentReorders: number,
  waste: number,
  holding: number,
  cost: number,
})
export type OrderingResult = Static<typeof OrderingResult>

/** Everybody orders the same series on the same days, for the same demand. */
const OrderingComparison = union('outcome', [
  object({
    outcome: Type.Literal('simulated'),
    /** ISO days: the first and the last one simulated. */
    from: isoDay,
    through: isoDay,
    series: count,
    challenger: OrderingResult,
    champion: Type.Optional(OrderingResult),
    baseline: OrderingResult,
    /** Ordering again what could have been sold in the last lead time and review period. */
    lastPeriod: OrderingResult,
    /** What the buyer did order, where the sales have purchases. */
    buyer: Type.Optional(OrderingResult),
    /** Of the challenger's cost, relative to that of the champion (or the baseline). */
    difference: Type.Optional(Interval),
  }),
  object({
    outcome: Type.Literal('not simulated'),
    reason: Type.Enum(['no origin', 'no prices and costs', 'no series with price and cost']),
  }),
])
export type OrderingComparison = Static<typeof OrderingComparison>

export const Verdict = Type.Enum(['better', 'worse', 'not distinguishable'])
export type Verdict = Static<typeof Verdict>

/** Why the metric that decides does not say "better". */
const Doubt = union('doubt', [
  /** The same recipe, code and data. */
  object({ doubt: Type.Literal('the champion itself') }),
  object({ doubt: Type.Literal('too few origins'), origins: count, required: count }),
  object({ doubt: Type.Literal('no metric'), of: Type.Enum(['challenger', 'reference']) }),
  object({ doubt: Type.Literal('no interval') }),
  object({ doubt: Type.Literal('surely higher') }),
  /** For every series at every origin. */
  object({ doubt: Type.Literal('the same everywhere') }),
  /** The interval of a single try lies below 0, but not the one of so many. */
  object({
    doubt: Type.Literal('looked at often'),
    tries: count,
    confidence: share,
    interval: Interval,
  }),
  object({ doubt: Type.Literal('chance') }),
])
export type Doubt = Static<typeof Doubt>

const promoted = { decision: Type.Literal('promote'), checks: Type.Array(Check) }
const because = Type.Array(DueReason, { minItems: 1 })

/**
 * The verdict is what the metric that decides says; the decision also needs every check. What
 * cannot be judged is not distinguishable, with the doubts that say why.
 */
const Decision = union('decision', [
  union(
    'verdict',
    [
      object({
        ...promoted,
        verdict: Type.Literal('better'),
        /** What calls for it where it is a refresh. */
        because: Type.Optional(because),
      }),
      /** A refresh that is no worse than production, and due. */
      object({ ...promoted, verdict: Type.Literal('not distinguishable'), because }),
    ],
    { decision: promoted.decision },
  ),
  object({
    decision: Type.Literal('keep'),
    verdict: Verdict,
    /** Empty where it is better, and fails a check. */
    doubts: Type.Array(Doubt),
    checks: Type.Array(Check),
  }),
])
export type Decision = Static<typeof Decision>

const SalesRows = object({ read: count, quarantined: count })
export type SalesRows = Static<typeof SalesRows>

/** All that a comparison found: what `evaluation.json` holds and every report shows. */
export const Evaluation = object({
  format: Type.Literal('cd4ml-evaluation/2'),
  frequency: Frequency,
  horizon: count,
  /** The quantile levels of the forecasts, ascending. */
  levels: Type.Array(number),
  /** The last known day of each scored origin, ISO, ascending. */
  origins: Type.Array(isoDay),
  /** How many series × horizons × origins were scored. */
  rows: count,
  decidedBy: MetricName,
  /** Confidence of the intervals, such as 0.95. */
  confidence: share,
  /** What in the policy leaves the verdict blind; absent where nothing does. */
  cautions: Type.Optional(Type.Array(Caution)),
  /**
   * Which try against the champion this was, and the confidence of the interval that "better" needed
   * for it. Absent in evaluations of before tries were counted, and where none is counted.
   */
  campaign: Type.Optional(
    object({
      ...Campaign.properties,
      confidence: share,
      /** Number of the champion; absent where seasonal naive stands in. */
      version: Type.Optional(count),
    }),
  ),
  challenger: Contender,
  /** Absent where nothing is in production yet. */
  champion: Type.Optional(Contender),
  /** The seasonal naive model, which every model has to beat. */
  baseline: Contender,
  /**
   * Challenger minus the model that it is judged against (the champion; the baseline where there is
   * no champion), relative to the latter: -0.05 is 5% lower. For bias and coverage, whose zero is
   * not "none", the plain difference.
   */
  differences: partialRecord(metricNames, () => Interval),
  segments: Type.Array(Segment),
  /**
   * Of the metric that decides, by origin: what the version may be held to once it is in production.
   * Absent in evaluations of before it was told.
   */
  losses: Type.Optional(Type.Array(OriginLosses)),
  /** What ordering by each model would have come to; absent in evaluations of before it was simulated. */
  ordering: Type.Optional(OrderingComparison),
  /** Absent in evaluations of before it was told apart. */
  challenge: Type.Optional(Challenge),
  /** What the champion forecasts and the challenger does not; absent where that is nothing. */
  smaller: Type.Optional(Type.Array(SmallerQuestion, { minItems: 1 })),
  /** Which products fare worse and better; absent in evaluations of before they were told. */
  products: Type.Optional(ProductChanges),
  /** What changes for the buyer; absent where nothing is in production, or it cannot be compared. */
  coming: Type.Optional(Coming),
  /** What was tried beside production until then; absent where nothing can be told of any. */
  shadow: Type.Optional(TriedShadow),
  /** The rows of the sales files; absent in evaluations of before they were told. */
  sales: Type.Optional(SalesRows),
  /** Set where prices as they came were taken for planned ones, after the origins as well. */
  plannedPrices: Type.Optional(Type.Literal('actual')),
  decision: Decision,
})
export type Evaluation = Static<typeof Evaluation>

/**
 * How a challenger stands against another that waits to go into production. It depends on what
 * happens to be proposed, so that it is no part of the evaluation, which anybody can make again.
 */
export const PendingStanding = object({
  verdict: Verdict,
  decidedBy: MetricName,
  /** Challenger minus the other one, as `Evaluation.differences`; absent where it is not known. */
  difference: Type.Optional(Interval),
})
export type PendingStanding = Static<typeof PendingStanding>

const checkEvaluation = checker(Evaluation)
