import type { Metrics } from '../scoring/metrics.ts'
import type { Challenge } from './challenge.ts'
import type { OrderingComparison, Segment } from './evaluation.ts'
import type { Interval } from './interval.ts'
import type { Policy } from './policy.ts'
import type { SmallerQuestion } from './question.ts'

/** All that a decision rests on. */
export type Evidence = {
  policy: Policy
  /** Whether the challenger is the champion: the same recipe, code and data. */
  sameModel: boolean
  /** How many origins have scored rows. */
  origins: number
  challenger: Metrics
  /** Absent where nothing is in production; then the reference is the baseline. */
  champion?: Metrics
  /** Of the seasonal naive model. */
  baseline: Metrics
  /** Of the metric that decides, relative to the reference; absent where it cannot be computed. */
  difference?: Interval
  /** The same at the confidence at which the `tries`-th challenger may be called better. */
  claim: { tries: number; confidence: number; difference?: Interval }
  /** Of a refresh: what production's own metrics are, by `metricByPeriod`. */
  deployed?: { bias?: Interval; coverage80?: Interval }
  segments: Segment[]
  /** Absent: an experiment. */
  challenge?: Challenge
  /** What the champion forecasts and the challenger does not; absent where that is nothing. */
  smaller?: SmallerQuestion[]
  ordering?: OrderingComparison
}
