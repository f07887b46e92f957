import { type Day, isoFromDay } from '../../base/day.ts'
import { type Frequency, periodOf } from '../../demand/calendar.ts'
import { metricByPeriod } from '../scoring/by-period.ts'
import { metricNames } from '../scoring/metrics.ts'
import { orderingComparison, type SimulatedOrdering } from '../scoring/ordering-simulation.ts'
import type { ScoreCell } from '../scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../scoring/rows.ts'
import { intervalOf, pairedDifference } from './bootstrap.ts'
import { type Campaign, claimConfidence } from './campaign.ts'
import { cautionsOf } from './caution.ts'
import type { Challenge } from './challenge.ts'
import {
  type ComparedScores,
  cellsOf,
  comparedScores,
  type Each,
  metricsOfAll,
  rowsOf,
  type SegmentScores,
  segmentScores,
  sumsOfAll,
} from './compared-scores.ts'
import { decide } from './decision.ts'
import type { Contender, Evaluation, Segment } from './evaluation.ts'
import type { Evidence } from './evidence.ts'
import { originLosses } from './origin-losses.ts'
import type { Policy } from './policy.ts'
import { productChanges } from './product-changes.ts'
import type { SmallerQuestion } from './question.ts'

export type Comparison = {
  /** One entry for each origin, in the order of time. */
  rows: OriginRows[]
  challenger: ContenderForecasts
  /** Absent where nothing is in production yet: then the challenger is judged by the baseline. */
  champion?: ContenderForecasts
  /** The seasonal naive model. */
  baseline: ContenderForecasts
  /** Origins before the scored ones, which decide nothing; absent where they are not told. */
  earlier?: EarlierOrigins
  /** The quantile levels of all forecasts, ascending. */
  levels: number[]
  frequency: Frequency
  /** H, in periods. */
  horizon: number
  policy: Policy
  ordering?: SimulatedOrdering
  /** Absent: an experiment. */
  challenge?: Challenge
  /** What the champion forecasts and the challenger does not; absent where that is nothing. */
  smaller?: SmallerQuestion[]
  /** Whether the challenger is the champion: the same recipe, code and data. */
  sameModel: boolean
  /** The tries that this is one of; absent where it is not counted, and judged as a first one. */
  campaign?: Campaign & { version?: number }
}

export type ContenderForecasts = {
  /** Such as `ridge (penalty 10)`. */
  model: string
  /** What the search chose at each origin. */
  chosen: string[]
  /** One entry for each origin. */
  forecasts: OriginForecast[]
}

/** What challenger and baseline forecast at the origins that the challenger's search was judged on. */
export type EarlierOrigins = {
  rows: OriginRows[]
  challenger: OriginForecast[]
  baseline: OriginForecast[]
}

/** Scores all models on the same rows and decides by the policy. The same input, the same result. */
export function evaluationOf(comparison: Comparison): Evaluation {
  return judgedScores(comparedScores(comparison))
}

/** Decides by the policy, over all series that the scores are of. */
export function judgedScores(scores: ComparedScores): Evaluation {
  const { days, contenders, overall, policy, frequency, horizon, levels } = scores
  const { ordering: simulated, challenge, smaller, deployed, products } = scores
  const metrics = metricsOfAll(sumsOfAll(overall))
  const overlap = overlapOf(days, frequency, horizon)
  const differences: Evaluation['differences'] = {}
  for (const name of metricNames) {
    const found = pairedDifference(cellsOf(name, overall), overlap)
    if (found) differences[name] = intervalOf(found, policy.confidence)
  }
  const claim = claimed(scores)
  const decided = pairedDifference(cellsOf(policy.decidedBy, overall), overlap)
  const segments = segmentsOf(scores, overlap)
  const origins = new Set(overall.challenger.cells.map(({ origin }) => origin))
  const decisive = differences[policy.decidedBy]
  // The origins of a refresh are not set by the policy: they overlap for want of time.
  const isRefresh = challenge?.kind === 'refresh'
  const cautions = isRefresh ? [] : cautionsOf(policy, { origins: origins.size, overlap })
  const contender = (who: keyof Each<unknown>): Contender => ({
    ...contenders[who]!,
    metrics: metrics[who]!,
  })
  const ordering = simulated && orderingComparison(simulated, policy.confidence)
  return {
    format: 'cd4ml-evaluation/2',
    frequency,
    horizon,
    levels,
    origins: days.filter((_, index) => origins.has(index)).map(isoFromDay),
    rows: rowsOf(overall.challenger.cells),
    decidedBy: policy.decidedBy,
    confidence: policy.confidence,
    ...(cautions.length > 0 && { cautions }),
    ...(scores.campaign && { campaign: { ...scores.campaign, confidence: claim.confidence } }),
    challenger: contender('challenger'),
    ...(contenders.champion && { champion: contender('champion') }),
    baseline: contender('baseline'),
    differences,
    segments,
    losses: originLosses(scores.losses),
    ...(ordering && { ordering }),
    ...(challenge && { challenge }),
    ...(smaller && { smaller }),
    ...(products && { products: productChanges(products) }),
    decision: decide({
      policy,
      ...(ordering && { ordering }),
      ...(challenge && { challenge }),
      ...(smaller && { smaller }),
      sameModel: scores.sameModel,
      origins: origins.size,
      ...metrics,
      ...(decisive && { difference: decisive }),
      claim: { ...claim, ...(decided && { difference: intervalOf(decided, claim.confidence) }) },
      ...(deployed && { deployed: limitsOf(deployed, policy) }),
      segments,
    }),
  }
}

/** Which try it is, and the confidence at which it may be called better. */
function claimed({ campaign, challenge, policy, horizon }: ComparedScores): {
  tries: number
  confidence: number
} {
  if (challenge?.kind !== 'refresh') {
    const tries = campaign?.tries ?? 1
    return { tries, confidence: claimConfidence(policy.confidence, tries) }
  }
  // It is looked at in every period: the looks of a horizon share what one try may spend.
  const tries = Math.max(challenge.horizons, campaign?.tries ?? 1)
  const spent = 1 - claimConfidence(policy.confidence, tries)
  return { tries, confidence: 1 - spent / horizon }
}

/** How sure the metrics are that the limits of the policy are about, of production as deployed. */
function limitsOf(
  deployed: NonNullable<ComparedScores['deployed']>,
  { confidence }: Policy,
): NonNullable<Evidence['deployed']> {
  const [bias, coverage80] = (['bias', 'coverage80'] as const).map((name) => {
    const found = metricByPeriod(name, deployed[name])
    return found && intervalOf(found, confidence)
  })
  return { ...(bias && { bias }), ...(coverage80 && { coverage80 }) }
}

/** How many consecutive origins forecast the same period, at the most. */
function overlapOf(days: Day[], frequency: Frequency, horizon: number): number {
  const periods = days.map((day) => periodOf(frequency, day))
  const steps = periods.slice(1).map((period, index) => period - periods[index])
  return Math.ceil(horizon / Math.min(horizon, ...steps))
}

function segmentsOf(scores: ComparedScores, overlap: number): Segment[] {
  const { overall, horizons, parts = [], policy } = scores
  const segment = (keep: (cell: ScoreCell) => boolean) =>
    segmentScores(overall, policy.decidedBy, keep)
  const { cells } = overall.challenger
  const categories = [...new Set(cells.flatMap(({ series }) => series.category ?? []))].sort()
  const segments: [Segment['by'], string, SegmentScores][] = [
    ...parts.map(({ name, scores }) => ['part', name, scores] as const),
    ...categories.map(
      (name) => ['category', name, segment(({ series }) => series.category === name)] as const,
    ),
    ...(['low', 'medium', 'high'] as const).map(
      (name) => ['volume class', name, segment((cell) => cell.volumeClass === name)] as const,
    ),
    ...horizons.map(({ name, scores }) => ['horizon', name, scores] as const),
  ].map((it) => [...it])
  return segments.flatMap(([by, name, { rows, sums, cells }]) => {
    if (rows === 0) return []
    const found = pairedDifference(cells, overlap)
    const difference = found && intervalOf(found, policy.confidence)
    return [{ by, name, rows, ...metricsOfAll(sums), ...(difference && { difference }) }]
  })
}
