import { mean, sampleStandardDeviation } from 'simple-statistics'
import { type Static, Type } from 'typebox'
import { count, object } from '../../base/schema-parts.ts'
import { shortened } from '../../base/wording.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import { horizonGroups } from '../../evaluation/gate/horizon-groups.ts'
import { studentQuantile } from '../../evaluation/gate/student-t.ts'
import {
  type MetricName,
  Metrics,
  metricNames,
  metricsFrom,
} from '../../evaluation/scoring/metrics.ts'
import {
  addedSegments,
  type OriginSums,
  SEGMENTED_BY,
  type SegmentSums,
} from '../origins/origin-sums.ts'

/**
 * How the published forecasts did since the promotion, in all and in each segment: over all periods that
 * are over, of a block over its own.
 */
export const Accuracy = object({
  by: Type.Enum(SEGMENTED_BY),
  /** Such as `biscuits`, `high`, `3`, or the first ISO day of a block; empty for all. */
  name: Type.String({ maxLength: 300 }),
  rows: count,
  model: Metrics,
  naive: Metrics,
  /**
   * What the backtest had said of the same segment; absent where it said nothing. Of all it is weighted
   * as the horizons are here, of which the far ones, which are harder, are over later: so that MASE and
   * RMSSE, which are no sums over rows, are absent. Of a category and a volume class over all horizons.
   */
  promised: Type.Optional(Metrics),
})
export type Accuracy = Static<typeof Accuracy>

/**
 * The segments by how much more they lost than promised or, where nothing was, than seasonal naive: first
 * the worst, last those that cannot be compared. What loses nothing where nothing was to be lost is as
 * promised.
 */
export function worstFirst(segments: readonly Accuracy[], metric: MetricName): Accuracy[] {
  const ratioOf = ({ model, promised, naive }: Accuracy) => {
    const [own, reference] = [model[metric], (promised ?? naive)[metric]]
    if (own === undefined || reference === undefined) return Number.NEGATIVE_INFINITY
    return own === reference ? 1 : own / reference
  }
  // Of two infinite ones the difference is no number.
  return segments.toSorted((a, b) => ratioOf(b) - ratioOf(a) || 0)
}

/**
 * The coverage of the 80% interval by block, and what was promised of the first horizons, where they
 * differ by more than chance explains: where the mean of at least eight blocks lies farther from the
 * promise than 99% of draws (Student's t). It tells, and alarms nobody: who looks often sees it by
 * chance more often than that.
 */
export function coverageShift(
  accuracy: readonly Accuracy[],
): { mean: number; promised: number } | undefined {
  const promised = accuracy.find(({ by }) => by === 'horizon')?.promised?.coverage80
  const covered = accuracy.flatMap(({ by, model }) =>
    by === 'block' && model.coverage80 !== undefined ? [model.coverage80] : [],
  )
  if (promised === undefined || covered.length < ENOUGH_BLOCKS) return undefined
  const [middle, spread] = [mean(covered), sampleStandardDeviation(covered)]
  const error = spread / Math.sqrt(covered.length)
  const isSure = Math.abs(middle - promised) > studentQuantile(0.995, covered.length - 1) * error
  return isSure ? { mean: middle, promised } : undefined
}

const ENOUGH_BLOCKS = 8

/**
 * Every metric of the backtest, of what was published and what became of it.
 *
 * @param origins - since the promotion, in the order of time; one a block
 * @param evaluation - of the version in production
 */
export function accuracyOf(
  origins: readonly OriginSums[],
  evaluation: Pick<Evaluation, 'challenger' | 'horizon' | 'segments'>,
): Accuracy[] {
  const segments = addedSegments(origins.flatMap((origin) => origin.segments))
  const of = (by: Accuracy['by']) => segments.filter((it) => it.by === by)
  const promised = (by: 'category' | 'volume class' | 'horizon') => (name: string) =>
    evaluation.segments.find((it) => it.by === by && it.name === name)?.challenger
  const groups = horizonGroups(evaluation.horizon).map(({ name }) => name)
  const byHorizon = promised('horizon')
  const ofHorizons = named(of('horizon'), groups)
  return [
    ...accuracies(of('all'), () => mixed(ofHorizons, byHorizon)),
    ...accuracies(largest(of('block'))),
    ...accuracies(ofHorizons, byHorizon),
    ...accuracies(largest(of('category')), promised('category')),
    ...accuracies(named(of('volume class'), ['low', 'medium', 'high']), promised('volume class')),
    ...accuracies(largest(of('store'))),
  ]
}

function accuracies(
  segments: readonly SegmentSums[],
  promisedOf: (name: string) => Metrics | undefined = () => undefined,
): Accuracy[] {
  return segments.map(({ by, name, rows, model, naive }) => {
    const promised = promisedOf(name)
    return {
      by,
      name: shortened(name, LONGEST_NAME),
      rows,
      model: metricsFrom(model),
      naive: metricsFrom(naive),
      ...(promised && { promised }),
    }
  })
}

const LONGEST_NAME = 300
const MOST_SEGMENTS = 1000

/** Those of these names, in their order. */
function named(segments: readonly SegmentSums[], names: readonly string[]): SegmentSums[] {
  return names.flatMap((name) => segments.find((it) => it.name === name) ?? [])
}

/** In the order of their names: all of them, or those of the most rows. */
function largest(segments: readonly SegmentSums[]): SegmentSums[] {
  const byName = segments.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const most = new Set(byName.toSorted((a, b) => b.rows - a.rows).slice(0, MOST_SEGMENTS))
  return byName.filter((it) => most.has(it))
}

const SUMS_OVER_ROWS: MetricName[] = [
  'weightedQuantileLoss',
  'wape',
  'bias',
  'coverage80',
  'coverage95',
]

/** What the backtest said of each horizon, weighted by what the metrics divide by in production. */
function mixed(
  horizons: readonly SegmentSums[],
  promisedOf: (name: string) => Metrics | undefined,
): Metrics {
  const result: Metrics = {}
  for (const name of SUMS_OVER_ROWS) {
    const m = metricNames.indexOf(name)
    let [sum, weight] = [0, 0]
    for (const horizon of horizons) {
      const share = horizon.model.below[m]
      if (share === 0) continue
      sum += share * (promisedOf(horizon.name)?.[name] ?? Number.NaN)
      weight += share
    }
    if (weight > 0 && Number.isFinite(sum)) result[name] = sum / weight
  }
  return result
}
