import type { Campaign } from './campaign.ts'
import type { Challenge } from './challenge.ts'
import type { SmallerQuestion } from './question.ts'

/** The metrics, by the names that recipe, policy, reports and files use. */
export type MetricName =
  | 'weightedQuantileLoss'
  | 'wape'
  | 'mase'
  | 'rmsse'
  | 'bias'
  | 'coverage80'
  | 'coverage95'

/** A metric that cannot be computed is absent. */
export type Metrics = { [name in MetricName]?: number }

/** An estimate with its confidence interval. */
export type Interval = { estimate: number; low: number; high: number }

/** All that a comparison found: what `evaluation.json` holds and every report shows. */
export type Evaluation = {
  format: 'cd4ml-evaluation/1'
  frequency: 'day' | 'week' | 'month'
  horizon: number
  /** The quantile levels of the forecasts, ascending. */
  levels: number[]
  /** The last known day of each scored origin, ISO, ascending. */
  origins: string[]
  /** How many series × horizons × origins were scored. */
  rows: number
  decidedBy: MetricName
  /** Confidence of the intervals, such as 0.95. */
  confidence: number
  /** What in the policy leaves the verdict blind, as whole sentences; absent where nothing does. */
  cautions?: string[]
  /**
   * Which try against the champion this was, and the confidence of the interval that "better" needed
   * for it. Absent in evaluations of before tries were counted, and where none is counted.
   */
  campaign?: Campaign & {
    confidence: number
    /** Number of the champion; absent where seasonal naive stands in. */
    version?: number
  }
  challenger: Contender
  /** Absent where nothing is in production yet. */
  champion?: Contender
  /** The seasonal naive model, which every model has to beat. */
  baseline: Contender
  /**
   * Challenger minus the model that it is judged against (the champion; the baseline where there is
   * no champion), relative to the latter: -0.05 is 5% lower. For bias and coverage, whose zero is
   * not "none", the plain difference.
   */
  differences: { [name in MetricName]?: Interval }
  segments: Segment[]
  /** What ordering by each model would have come to; absent in evaluations of before it was simulated. */
  ordering?: OrderingComparison
  /** Absent in evaluations of before it was told apart. */
  challenge?: Challenge
  /** What the champion forecasts and the challenger does not; absent where that is nothing. */
  smaller?: SmallerQuestion[]
  decision: Decision
}

export type Contender = {
  /** Such as `ridge (penalty 10)` or `seasonal-naive`. */
  model: string
  metrics: Metrics
  /** Which candidate the search chose at each scored origin, or `as deployed` (champion only). */
  chosen: string[]
}

export type Segment = {
  by: 'category' | 'volume class' | 'horizon'
  name: string
  rows: number
  challenger: Metrics
  champion?: Metrics
  baseline: Metrics
  /** As `Evaluation.differences`, of the metric that decides. */
  difference?: Interval
}

/** Everybody orders the same series on the same days, for the same demand. */
export type OrderingComparison =
  | {
      outcome: 'simulated'
      /** ISO days: the first and the last one simulated. */
      from: string
      through: string
      series: number
      challenger: OrderingResult
      champion?: OrderingResult
      baseline: OrderingResult
      /** Ordering again what could have been sold in the last lead time and review period. */
      lastPeriod: OrderingResult
      /** What the buyer did order, where the sales have purchases. */
      buyer?: OrderingResult
      /** Of the challenger's cost, relative to that of the champion (or the baseline). */
      difference?: Interval
    }
  | { outcome: 'not simulated'; reason: string }

export type OrderingResult = {
  /** Units that customers asked for, that they did not get, and that expired unsold. */
  demand: number
  short: number
  expired: number
  /** Share of the demand that was met (fill rate); absent where there was none. */
  serviceLevel?: number
  /** Money, in the currency of the sales: what `cost` is the sum of. */
  lostMargin: number
  urgentReorders: number
  waste: number
  holding: number
  cost: number
}

/** One sentence that the policy asked to hold, and whether it does. */
export type Check = {
  name: string
  passed: boolean
  /** A whole sentence with the number and the limit. */
  detail: string
}

/**
 * The verdict is what the metric that decides says; the decision also needs every check. What
 * cannot be judged is not distinguishable, with the reason.
 */
export type Decision =
  | { decision: 'promote'; verdict: 'better'; summary: string; checks: Check[] }
  /** A refresh that is no worse than production, and due. */
  | {
      decision: 'promote'
      verdict: 'better' | 'not distinguishable'
      summary: string
      /** What calls for it, one sentence each; never empty. */
      because: string[]
      checks: Check[]
    }
  | {
      decision: 'keep'
      verdict: 'better' | 'worse' | 'not distinguishable'
      summary: string
      /** Why not, one sentence each; never empty. */
      reasons: string[]
      checks: Check[]
    }
