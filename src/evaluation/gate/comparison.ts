import { isoFromDay } from '../../base/day.ts'
import { type Frequency, periodOf } from '../../demand/calendar.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import { metricByPeriod } from '../scoring/by-period.ts'
import type { MetricName } from '../scoring/metrics.ts'
import { metricNames } from '../scoring/metrics.ts'
import {
  metricsOfCells,
  type OriginScores,
  type ScoreCell,
  scoreOrigins,
} from '../scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../scoring/rows.ts'
import { type Difference, intervalOf, pairedDifference } from './bootstrap.ts'
import { type Campaign, claimConfidence } from './campaign.ts'
import { cautionsOf } from './caution.ts'
import type { Challenge } from './challenge.ts'
import { decide } from './decision.ts'
import type { Contender, Evaluation, OrderingComparison, Segment } from './evaluation.ts'
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
  ordering?: OrderingComparison
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
  const { rows, challenger, champion, baseline, policy, frequency, horizon, levels } = comparison
  const { ordering, challenge, smaller } = comparison
  const scores = scoreAll(comparison)
  const metrics = metricsOfAll(scores)
  const options = { confidence: policy.confidence, overlap: overlapOf(rows, frequency, horizon) }
  const differences: Evaluation['differences'] = {}
  for (const name of metricNames) {
    const found = difference(name, scores, options.overlap)
    if (found) differences[name] = intervalOf(found, policy.confidence)
  }
  const claim = claimed(comparison)
  const decided = difference(policy.decidedBy, scores, options.overlap)
  const segments = segmentsOf(comparison, scores, options)
  const origins = new Set(scores.challenger.cells.map(({ origin }) => origin))
  const decisive = differences[policy.decidedBy]
  const { overlap } = options
  // The origins of a refresh are not set by the policy: they overlap for want of time.
  const isRefresh = challenge?.kind === 'refresh'
  const cautions = isRefresh ? [] : cautionsOf(policy, { origins: origins.size, overlap })
  return {
    format: 'cd4ml-evaluation/2',
    frequency,
    horizon,
    levels,
    origins: rows.filter((_, index) => origins.has(index)).map(({ day }) => isoFromDay(day)),
    rows: rowsOf(scores.challenger.cells),
    decidedBy: policy.decidedBy,
    confidence: policy.confidence,
    ...(cautions.length > 0 && { cautions }),
    ...(comparison.campaign && {
      campaign: { ...comparison.campaign, confidence: claim.confidence },
    }),
    challenger: contender(challenger, metrics.challenger),
    ...(champion && metrics.champion && { champion: contender(champion, metrics.champion) }),
    baseline: contender(baseline, metrics.baseline),
    differences,
    segments,
    losses: originLosses(comparison),
    ...(ordering && { ordering }),
    ...(challenge && { challenge }),
    ...(smaller && { smaller }),
    ...(rows.length > 0 && { products: productChanges(comparison) }),
    decision: decide({
      policy,
      ...(ordering && { ordering }),
      ...(challenge && { challenge }),
      ...(smaller && { smaller }),
      sameModel: comparison.sameModel,
      origins: origins.size,
      ...metrics,
      ...(decisive && { difference: decisive }),
      claim: { ...claim, ...(decided && { difference: intervalOf(decided, claim.confidence) }) },
      ...(isRefresh && champion && { deployed: deployed(comparison, champion) }),
      segments,
    }),
  }
}

/** Which try it is, and the confidence at which it may be called better. */
function claimed({ campaign, challenge, policy, horizon }: Comparison): {
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
function deployed(
  comparison: Comparison,
  { forecasts }: ContenderForecasts,
): NonNullable<Evidence['deployed']> {
  const [bias, coverage80] = (['bias', 'coverage80'] as const).map((name) => {
    const found = metricByPeriod(name, comparison.rows, forecasts, comparison)
    return found && intervalOf(found, comparison.policy.confidence)
  })
  return { ...(bias && { bias }), ...(coverage80 && { coverage80 }) }
}

/** One value for each model that is compared. */
type Each<T> = { challenger: T; champion?: T; baseline: T }
type IntervalOptions = { confidence: number; overlap: number }

function scoreAll(
  { rows, levels, challenger, champion, baseline }: Comparison,
  horizons?: { from: number; to: number },
): Each<OriginScores> {
  const scored = ({ forecasts }: ContenderForecasts) =>
    scoreOrigins(rows, forecasts, levels, horizons)
  return {
    challenger: scored(challenger),
    ...(champion && { champion: scored(champion) }),
    baseline: scored(baseline),
  }
}

function metricsOfAll(scores: Each<OriginScores>, keep?: (cell: ScoreCell) => boolean) {
  return {
    challenger: metricsOfCells(scores.challenger, keep),
    ...(scores.champion && { champion: metricsOfCells(scores.champion, keep) }),
    baseline: metricsOfCells(scores.baseline, keep),
  }
}

/** How many consecutive origins forecast the same period, at the most. */
function overlapOf(rows: OriginRows[], frequency: Frequency, horizon: number): number {
  const periods = rows.map(({ day }) => periodOf(frequency, day))
  const steps = periods.slice(1).map((period, index) => period - periods[index])
  return Math.ceil(horizon / Math.min(horizon, ...steps))
}

/** Of one metric, challenger minus reference: what `Evaluation.differences` has the interval of. */
function difference(
  name: MetricName,
  scores: Each<OriginScores>,
  overlap: number,
  keep: (cell: ScoreCell) => boolean = () => true,
): Difference | undefined {
  const { challenger, champion, baseline } = scores
  const reference = champion ?? baseline
  const relative = name !== 'bias' && name !== 'coverage80' && name !== 'coverage95'
  const metric = metricNames.indexOf(name)
  const seriesIndex = new Map<string, number>()
  const origin: number[] = []
  const series: number[] = []
  const change: number[] = []
  const base: number[] = []
  challenger.cells.forEach((cell, index) => {
    if (!keep(cell)) return
    const at = index * metricNames.length + metric
    const id = seriesId(cell.series)
    if (!seriesIndex.has(id)) seriesIndex.set(id, seriesIndex.size)
    origin.push(cell.origin)
    series.push(seriesIndex.get(id)!)
    change.push(challenger.numerators[at] - reference.numerators[at])
    base.push(relative ? reference.numerators[at] : reference.denominators[at])
  })
  return pairedDifference(
    {
      origin: Int32Array.from(origin),
      series: Int32Array.from(series),
      change: Float64Array.from(change),
      base: Float64Array.from(base),
    },
    overlap,
  )
}

function segmentsOf(
  comparison: Comparison,
  scores: Each<OriginScores>,
  { confidence, overlap }: IntervalOptions,
): Segment[] {
  const { cells } = scores.challenger
  const decidedBy = comparison.policy.decidedBy
  const segment = (
    by: Segment['by'],
    name: string,
    of: Each<OriginScores>,
    keep: (cell: ScoreCell) => boolean = () => true,
  ): Segment => {
    const found = difference(decidedBy, of, overlap, keep)
    return {
      by,
      name,
      rows: rowsOf(of.challenger.cells.filter(keep)),
      ...metricsOfAll(of, keep),
      ...(found && { difference: intervalOf(found, confidence) }),
    }
  }
  const categories = new Set(cells.flatMap(({ series }) => series.category ?? []))
  return [
    ...[...categories]
      .sort()
      .map((name) => segment('category', name, scores, ({ series }) => series.category === name)),
    ...(['low', 'medium', 'high'] as const).map((name) =>
      segment('volume class', name, scores, (cell) => cell.volumeClass === name),
    ),
    ...horizonGroups(comparison.horizon).map(({ name, from, to }) =>
      segment('horizon', name, scoreAll(comparison, { from, to })),
    ),
  ].filter(({ rows }) => rows > 0)
}

/** Each period ahead by itself up to 8; four spans of about the same length where there are more. */
export function horizonGroups(horizon: number): { name: string; from: number; to: number }[] {
  const groups = horizon <= 8 ? horizon : 4
  return Array.from({ length: groups }, (_, group) => {
    const from = Math.floor((group * horizon) / groups) + 1
    const to = Math.floor(((group + 1) * horizon) / groups)
    return { name: from === to ? `${from}` : `${from}–${to}`, from, to }
  })
}

function rowsOf(cells: ScoreCell[]): number {
  return cells.reduce((sum, { rows }) => sum + rows, 0)
}

function contender({ model, chosen }: ContenderForecasts, metrics: Contender['metrics']) {
  return { model, metrics, chosen }
}
