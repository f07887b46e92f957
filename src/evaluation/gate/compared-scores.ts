import type { Day } from '../../base/day.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import { mergedPeriodSums, type PeriodSums, periodSums } from '../scoring/by-period.ts'
import {
  type MetricName,
  type MetricSums,
  type Metrics,
  metricNames,
  metricsFrom,
} from '../scoring/metrics.ts'
import { mergedOrdering } from '../scoring/ordering-simulation.ts'
import {
  type OriginScores,
  type ScoreCell,
  scoreOrigins,
  sumsOfCells,
} from '../scoring/origin-scores.ts'
import type { PairedCells } from './bootstrap.ts'
import type { Comparison, ContenderForecasts } from './comparison.ts'
import { horizonGroups } from './horizon-groups.ts'
import { mergedSpanSums, type SpanSums, spanSums } from './origin-losses.ts'
import { mergedChanges, type RankedChanges, rankedChanges } from './product-changes.ts'

/** One value for each model that is compared. */
export type Each<T> = { challenger: T; champion?: T; baseline: T }

/**
 * What the rows of a comparison come to, by series and origin: all that a decision is made of, and
 * none of the rows, so that the scores of many parts of the series can be held beside each other.
 */
export type ComparedScores = Omit<
  Comparison,
  'rows' | 'challenger' | 'champion' | 'baseline' | 'earlier'
> & {
  /** The last known day of each origin, ascending. */
  days: Day[]
  contenders: Each<Omit<ContenderForecasts, 'forecasts'>>
  overall: Each<OriginScores>
  horizons: { name: string; scores: SegmentScores }[]
  /** Where these are the scores of several parts: each of them, in the order of their names. */
  parts?: { name: string; scores: SegmentScores }[]
  losses: SpanSums[]
  /** Absent where nothing is scored. */
  products?: RankedChanges
  /** Of a refresh: what production's own metrics are sums of. */
  deployed?: { bias: PeriodSums; coverage80: PeriodSums }
}

/** Of some cells: how many rows, what the metrics are quotients of, and the one that decides by cell. */
export type SegmentScores = { rows: number; sums: Each<MetricSums>; cells: PairedCells }

/** Scores all models on the same rows. */
export function comparedScores(comparison: Comparison): ComparedScores {
  const { rows, challenger, champion, baseline, earlier: _, ...settings } = comparison
  const { policy, challenge } = settings
  const named = ({ model, chosen }: ContenderForecasts) => ({ model, chosen })
  const isRefresh = challenge?.kind === 'refresh'
  return {
    ...settings,
    days: rows.map(({ day }) => day),
    contenders: {
      challenger: named(challenger),
      ...(champion && { champion: named(champion) }),
      baseline: named(baseline),
    },
    overall: scoreAll(comparison),
    horizons: horizonGroups(settings.horizon).map(({ name, ...horizons }) => ({
      name,
      scores: segmentScores(scoreAll(comparison, horizons), policy.decidedBy),
    })),
    losses: spanSums(comparison),
    ...(rows.length > 0 && { products: rankedChanges(comparison) }),
    ...(isRefresh &&
      champion && {
        deployed: {
          bias: periodSums('bias', rows, champion.forecasts, comparison),
          coverage80: periodSums('coverage80', rows, champion.forecasts, comparison),
        },
      }),
  }
}

/** The scores of one part of the series, by its name. */
export type PartScores = { name: string; scores: ComparedScores }

/**
 * The scores of all parts beside each other, in the order given, for one decision over all series.
 * Each is a segment. Challenger, champion and reference are those of `settings`, which also says what
 * they are called.
 */
export function mergedScores(
  parts: PartScores[],
  settings: Pick<ComparedScores, 'challenge' | 'smaller' | 'sameModel' | 'campaign' | 'contenders'>,
): ComparedScores {
  const all = parts.map(({ scores }) => scores)
  const [{ levels, frequency, horizon, policy }] = all
  const days = [...new Set(all.flatMap((scores) => scores.days))].sort((a, b) => a - b)
  const numbers = new Map(days.map((day, number) => [day, number]))
  /** By part: which of all origins each of its own is. */
  const origins = all.map((scores) => scores.days.map((day) => numbers.get(day)!))
  const contenders = (['challenger', 'champion', 'baseline'] as const).filter(
    (who) => settings.contenders[who],
  )
  const each = <T>(of: (who: keyof Each<T>) => T): Each<T> =>
    Object.fromEntries(contenders.map((who) => [who, of(who)])) as Each<T>
  const overall = each((who) =>
    besides(
      all.map((scores) => scores.overall[who]!),
      origins,
    ),
  )
  const merged = (segments: SegmentScores[]): SegmentScores => ({
    rows: segments.reduce((sum, { rows }) => sum + rows, 0),
    sums: each((who) => segments.map(({ sums }) => sums[who]!).reduce(addedSums)),
    cells: mergedCells(
      segments.map(({ cells }) => cells),
      origins,
    ),
  })
  const products = all.flatMap((scores) => scores.products ?? [])
  const deployed = all.flatMap((scores) => scores.deployed ?? [])
  const ordering = all.flatMap((scores) => scores.ordering ?? [])
  return {
    ...settings,
    levels,
    frequency,
    horizon,
    policy,
    days,
    overall,
    horizons: horizonGroups(horizon).map(({ name }, group) => ({
      name,
      scores: merged(all.map(({ horizons }) => horizons[group].scores)),
    })),
    parts: parts.map(({ name, scores }, part) => {
      const own = segmentScores(scores.overall, policy.decidedBy)
      return { name, scores: { ...own, cells: mergedCells([own.cells], [origins[part]]) } }
    }),
    losses: mergedSpanSums(all.map(({ losses }) => losses)),
    ...(products.length > 0 && { products: mergedChanges(products) }),
    ...(deployed.length > 0 && {
      deployed: {
        bias: mergedPeriodSums(deployed.map(({ bias }) => bias)),
        coverage80: mergedPeriodSums(deployed.map(({ coverage80 }) => coverage80)),
      },
    }),
    ...(ordering.length > 0 && { ordering: mergedOrdering(ordering) }),
  }
}

/** Of the cells that `keep` accepts. */
export function segmentScores(
  scores: Each<OriginScores>,
  decidedBy: MetricName,
  keep: (cell: ScoreCell) => boolean = () => true,
): SegmentScores {
  return {
    rows: rowsOf(scores.challenger.cells.filter(keep)),
    sums: sumsOfAll(scores, keep),
    cells: cellsOf(decidedBy, scores, keep),
  }
}

/** Of one metric, challenger minus reference: what `Evaluation.differences` has the interval of. */
export function cellsOf(
  name: MetricName,
  { challenger, champion, baseline }: Each<OriginScores>,
  keep: (cell: ScoreCell) => boolean = () => true,
): PairedCells {
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
  return {
    origin: Int32Array.from(origin),
    series: Int32Array.from(series),
    change: Float64Array.from(change),
    base: Float64Array.from(base),
  }
}

export function sumsOfAll(
  { challenger, champion, baseline }: Each<OriginScores>,
  keep?: (cell: ScoreCell) => boolean,
): Each<MetricSums> {
  return {
    challenger: sumsOfCells(challenger, keep),
    ...(champion && { champion: sumsOfCells(champion, keep) }),
    baseline: sumsOfCells(baseline, keep),
  }
}

export function metricsOfAll({ challenger, champion, baseline }: Each<MetricSums>): Each<Metrics> {
  return {
    challenger: metricsFrom(challenger),
    ...(champion && { champion: metricsFrom(champion) }),
    baseline: metricsFrom(baseline),
  }
}

export function rowsOf(cells: ScoreCell[]): number {
  return cells.reduce((sum, { rows }) => sum + rows, 0)
}

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

function besides(parts: OriginScores[], origins: number[][]): OriginScores {
  return {
    cells: parts.flatMap(({ cells }, part) =>
      cells.map((cell) => ({ ...cell, origin: origins[part][cell.origin] })),
    ),
    numerators: concatenated(parts.map(({ numerators }) => numerators)),
    denominators: concatenated(parts.map(({ denominators }) => denominators)),
  }
}

function mergedCells(parts: PairedCells[], origins: number[][]): PairedCells {
  let first = 0
  const series = parts.map((part) => {
    const numbered = part.series.map((number) => first + number)
    first = numbered.reduce((next, number) => Math.max(next, number + 1), first)
    return numbered
  })
  return {
    origin: Int32Array.from(
      parts.flatMap(({ origin }, part) => Array.from(origin, (own) => origins[part][own])),
    ),
    series: Int32Array.from(series.flatMap((numbers) => [...numbers])),
    change: concatenated(parts.map(({ change }) => change)),
    base: concatenated(parts.map(({ base }) => base)),
  }
}

function concatenated(arrays: Float64Array[]): Float64Array {
  const whole = new Float64Array(arrays.reduce((length, array) => length + array.length, 0))
  let at = 0
  for (const array of arrays) {
    whole.set(array, at)
    at += array.length
  }
  return whole
}

function addedSums(a: MetricSums, b: MetricSums): MetricSums {
  const sum = (one: Float64Array, other: Float64Array) =>
    one.map((value, index) => value + other[index])
  return { above: sum(a.above, b.above), below: sum(a.below, b.below) }
}
