import { mean, sampleStandardDeviation } from 'simple-statistics'
import { type Static, Type } from 'typebox'
import { isoFromDay } from '../../base/day.ts'
import { count, object } from '../../base/schema-parts.ts'
import { shortened } from '../../base/wording.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import { horizonGroups } from '../../evaluation/gate/horizon-groups.ts'
import { studentQuantile } from '../../evaluation/gate/student-t.ts'
import { type MetricName, Metrics, metricNames } from '../../evaluation/scoring/metrics.ts'
import {
  type OriginScores,
  type ScoreCell,
  scoreOrigins,
} from '../../evaluation/scoring/origin-scores.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { ProductionOrigin } from '../origins/production-origin.ts'

/**
 * How the published forecasts did since the promotion, in all and in each part: over all periods that
 * are over, of a block over its own.
 */
export const Accuracy = object({
  by: Type.Enum(['all', 'block', 'horizon', 'category', 'volume class', 'store']),
  /** Such as `biscuits`, `high`, `3`, or the first ISO day of a block; empty for all. */
  name: Type.String({ maxLength: 300 }),
  rows: count,
  model: Metrics,
  naive: Metrics,
  /**
   * What the backtest had said of the same part; absent where it said nothing. Of all it is weighted
   * as the horizons are here, of which the far ones, which are harder, are over later: so that MASE and
   * RMSSE, which are no sums over rows, are absent. Of a category and a volume class over all horizons.
   */
  promised: Type.Optional(Metrics),
})
export type Accuracy = Static<typeof Accuracy>

/**
 * The parts by how much more they lost than promised or, where nothing was, than seasonal naive: first
 * the worst, last those that cannot be compared. What loses nothing where nothing was to be lost is as
 * promised.
 */
export function worstFirst(parts: readonly Accuracy[], metric: MetricName): Accuracy[] {
  const ratioOf = ({ model, promised, naive }: Accuracy) => {
    const [own, reference] = [model[metric], (promised ?? naive)[metric]]
    if (own === undefined || reference === undefined) return Number.NEGATIVE_INFINITY
    return own === reference ? 1 : own / reference
  }
  // Of two infinite ones the difference is no number.
  return parts.toSorted((a, b) => ratioOf(b) - ratioOf(a) || 0)
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
 * @param periods - of a block
 * @param evaluation - of the version in production
 */
export function accuracyOf(
  origins: readonly ProductionOrigin[],
  periods: number,
  evaluation: Pick<Evaluation, 'challenger' | 'horizon' | 'segments'>,
): Accuracy[] {
  const whole = scored(origins)
  const ofBlocks = scored(origins, { from: 1, to: periods })
  const groups = horizonGroups(evaluation.horizon).map(({ name, ...horizons }) => ({
    name,
    scores: scored(origins, horizons),
  }))
  const promised = (by: 'category' | 'volume class' | 'horizon') => (name: string) =>
    evaluation.segments.find((it) => it.by === by && it.name === name)?.challenger
  const byHorizon = promised('horizon')
  const dayOf = ({ origin }: ScoreCell) => isoFromDay(origins[origin].rows.day + 1)
  return [
    ...parts(
      'all',
      whole,
      () => '',
      () => mixed(groups, byHorizon),
    ),
    ...parts('block', ofBlocks, dayOf),
    ...groups.flatMap(({ name, scores }) => parts('horizon', scores, () => name, byHorizon)),
    ...parts('category', whole, ({ series }) => series.category, promised('category')),
    ...parts('volume class', whole, ({ volumeClass }) => volumeClass, promised('volume class')),
    ...parts('store', whole, ({ series }) => series.storeId),
  ]
}

/** What both scored, on the same rows. */
type Scored = { model: OriginScores; naive: OriginScores }

function scored(
  origins: readonly ProductionOrigin[],
  horizons?: { from: number; to: number },
): Scored {
  const rows = origins.map((it) => it.rows)
  const of = (who: 'model' | 'naive') =>
    scoreOrigins(
      rows,
      origins.map((it) => it[who]),
      LEVELS,
      horizons,
    )
  return { model: of('model'), naive: of('naive') }
}

/** The metrics of each part that `nameOf` tells of a cell, by name; what has none is in no part. */
function parts(
  by: Accuracy['by'],
  { model, naive }: Scored,
  nameOf: (cell: ScoreCell) => string | undefined,
  promisedOf: (name: string) => Metrics | undefined = () => undefined,
): Accuracy[] {
  const [own, other] = [sumsByPart(model, nameOf), sumsByPart(naive, nameOf)]
  const names = by === 'volume class' ? ['low', 'medium', 'high'] : largestParts(own)
  return names.flatMap((name) => {
    const sums = own.get(name)
    if (!sums) return []
    const promised = promisedOf(name)
    return {
      by,
      name: shortened(name, LONGEST_NAME),
      rows: sums.rows,
      model: quotients(sums),
      naive: quotients(other.get(name)!),
      ...(promised && { promised }),
    }
  })
}

const LONGEST_NAME = 300
const MOST_PARTS = 1000

/** In the order of their names: all of them, or those of the most rows. */
function largestParts(parts: ReadonlyMap<string, Sums>): string[] {
  const byRows = [...parts].sort(([, a], [, b]) => b.rows - a.rows)
  return byRows
    .slice(0, MOST_PARTS)
    .map(([name]) => name)
    .sort()
}

/** What the metrics of a part are quotients of, in the order of `metricNames`. */
type Sums = { rows: number; above: Float64Array; below: Float64Array }

function sumsByPart(
  { cells, numerators, denominators }: OriginScores,
  nameOf: (cell: ScoreCell) => string | undefined,
): Map<string, Sums> {
  const parts = new Map<string, Sums>()
  const each = metricNames.length
  for (const [index, cell] of cells.entries()) {
    const name = nameOf(cell)
    if (name === undefined) continue
    let sums = parts.get(name)
    if (!sums) {
      sums = { rows: 0, above: new Float64Array(each), below: new Float64Array(each) }
      parts.set(name, sums)
    }
    sums.rows += cell.rows
    for (let m = 0; m < each; m++) {
      sums.above[m] += numerators[index * each + m]
      sums.below[m] += denominators[index * each + m]
    }
  }
  return parts
}

function quotients({ above, below }: Sums): Metrics {
  const result: Metrics = {}
  metricNames.forEach((name, m) => {
    const value = above[m] / below[m]
    if (below[m] > 0 && Number.isFinite(value)) result[name] = value
  })
  return result
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
  groups: { name: string; scores: Scored }[],
  promisedOf: (name: string) => Metrics | undefined,
): Metrics {
  const result: Metrics = {}
  const weights = groups.map(({ scores }) => sumsByPart(scores.model, () => '').get('')?.below)
  for (const name of SUMS_OVER_ROWS) {
    const m = metricNames.indexOf(name)
    let [sum, weight] = [0, 0]
    groups.forEach((group, g) => {
      const share = weights[g]?.[m] ?? 0
      if (share === 0) return
      sum += share * (promisedOf(group.name)?.[name] ?? Number.NaN)
      weight += share
    })
    if (weight > 0 && Number.isFinite(sum)) result[name] = sum / weight
  }
  return result
}
