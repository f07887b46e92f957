import { isoFromDay } from '../../base/day.ts'
import { horizonGroups } from '../../evaluation/gate/horizon-groups.ts'
import { type MetricSums, metricNames } from '../../evaluation/scoring/metrics.ts'
import {
  type OriginScores,
  type ScoreCell,
  scoreOrigins,
  sumsOfCells,
} from '../../evaluation/scoring/origin-scores.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import type { Shadow } from '../../ledger/shadow.ts'
import type { ForecastsFrom, ProductionOrigin } from './production-origin.ts'

/**
 * What the forecasts of one origin come to, and none of them: of a part of the sales, or, added up, of
 * all. Every figure that is told of production is a quotient of such sums.
 */
export type OriginSums = Pick<ProductionOrigin, 'demand' | 'silentStores' | 'unforecast'> & {
  /** The last day that its forecasts may know. */
  day: number
  forecasts: ForecastsFrom
  /** How many series were forecast. */
  series: number
  segments: SegmentSums[]
  shadow?: ShadowSums
}

/** By what the series and periods of an origin are told apart; `block` are the periods of the block. */
export const SEGMENTED_BY = [
  'all',
  'block',
  'horizon',
  'category',
  'volume class',
  'store',
] as const
type SegmentBy = (typeof SEGMENTED_BY)[number]

/** What the metrics of a segment are quotients of. */
export type SegmentSums = {
  by: SegmentBy
  name: string
  rows: number
  model: MetricSums
  naive: MetricSums
}

/** Of a shadow over the periods of the block, and of it and the model on the rows that both forecast. */
export type ShadowSums = {
  of: Shadow
  lost: MetricSums
  both: { model: MetricSums; shadow: MetricSums }
}

/** @param of - how many periods a block has, and how many are forecast */
export function originSums(
  origin: ProductionOrigin,
  of: { periods: number; horizon: number },
): OriginSums {
  const { rows, model, shadow, forecasts, demand, silentStores, unforecast } = origin
  const block = { from: 1, to: of.periods }
  const lost = (forecast: OriginForecast, on: OriginRows = rows) =>
    sumsOfCells(scoreOrigins([on], [forecast], LEVELS, block))
  const both = shadow && forecastBy(shadow.forecast, rows)
  return {
    day: rows.day,
    forecasts,
    demand,
    silentStores,
    unforecast,
    series: rows.series.filter((_, i) => !Number.isNaN(model.mean[i * rows.horizon])).length,
    segments: segmentsOf(origin, of),
    ...(shadow &&
      both && {
        shadow: {
          of: shadowOf(shadow),
          lost: lost(shadow.forecast),
          both: { model: lost(model, both), shadow: lost(shadow.forecast, both) },
        },
      }),
  }
}

/** The sums of the same origin of several parts. */
export function addedOrigins(parts: readonly OriginSums[]): OriginSums {
  const [first] = parts
  const sum = (of: (part: OriginSums) => number) =>
    parts.reduce((total, part) => total + of(part), 0)
  const shadows = parts.flatMap(({ shadow }) => shadow ?? [])
  return {
    day: first.day,
    forecasts: first.forecasts,
    demand: { all: sum(({ demand }) => demand.all), known: sum(({ demand }) => demand.known) },
    silentStores: [...new Set(parts.flatMap(({ silentStores }) => silentStores))].sort(),
    unforecast: sum(({ unforecast }) => unforecast),
    series: sum(({ series }) => series),
    segments: addedSegments(parts.flatMap(({ segments }) => segments)),
    ...(shadows.length > 0 && {
      shadow: {
        of: shadows[0].of,
        lost: addedSums(shadows.map(({ lost }) => lost)),
        both: {
          model: addedSums(shadows.map(({ both }) => both.model)),
          shadow: addedSums(shadows.map(({ both }) => both.shadow)),
        },
      },
    }),
  }
}

/** One of each kind and name, in the order in which they come. */
export function addedSegments(segments: readonly SegmentSums[]): SegmentSums[] {
  const alike = Map.groupBy(segments, ({ by, name }) => JSON.stringify([by, name]))
  return [...alike.values()].map((own) => ({
    by: own[0].by,
    name: own[0].name,
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
    model: addedSums(own.map(({ model }) => model)),
    naive: addedSums(own.map(({ naive }) => naive)),
  }))
}

function addedSums(sums: readonly MetricSums[]): MetricSums {
  const [above, below] = [0, 0].map(() => new Float64Array(metricNames.length))
  for (const one of sums) {
    for (let m = 0; m < metricNames.length; m++) {
      above[m] += one.above[m]
      below[m] += one.below[m]
    }
  }
  return { above, below }
}

function segmentsOf(
  { rows, model, naive }: ProductionOrigin,
  { periods, horizon }: { periods: number; horizon: number },
): SegmentSums[] {
  const scored = (horizons?: { from: number; to: number }) => ({
    model: scoreOrigins([rows], [model], LEVELS, horizons),
    naive: scoreOrigins([rows], [naive], LEVELS, horizons),
  })
  const whole = scored()
  return [
    ...segments('all', whole, () => ''),
    ...segments('block', scored({ from: 1, to: periods }), () => isoFromDay(rows.day + 1)),
    ...horizonGroups(horizon).flatMap(({ name, ...horizons }) =>
      segments('horizon', scored(horizons), () => name),
    ),
    ...segments('category', whole, ({ series }) => series.category),
    ...segments('volume class', whole, ({ volumeClass }) => volumeClass),
    ...segments('store', whole, ({ series }) => series.storeId),
  ]
}

/** Of the cells that `nameOf` gives a name. */
function segments(
  by: SegmentBy,
  scores: { model: OriginScores; naive: OriginScores },
  nameOf: (cell: ScoreCell) => string | undefined,
): SegmentSums[] {
  const [model, naive] = [sumsByName(scores.model, nameOf), sumsByName(scores.naive, nameOf)]
  return [...model].map(([name, { rows, ...sums }]) => ({
    by,
    name,
    rows,
    model: sums,
    naive: naive.get(name)!,
  }))
}

function sumsByName(
  { cells, numerators, denominators }: OriginScores,
  nameOf: (cell: ScoreCell) => string | undefined,
): Map<string, MetricSums & { rows: number }> {
  const found = new Map<string, MetricSums & { rows: number }>()
  const each = metricNames.length
  for (const [index, cell] of cells.entries()) {
    const name = nameOf(cell)
    if (name === undefined) continue
    let sums = found.get(name)
    if (!sums) {
      sums = { rows: 0, above: new Float64Array(each), below: new Float64Array(each) }
      found.set(name, sums)
    }
    sums.rows += cell.rows
    for (let m = 0; m < each; m++) {
      sums.above[m] += numerators[index * each + m]
      sums.below[m] += denominators[index * each + m]
    }
  }
  return found
}

function shadowOf({ forecast: _, ...of }: NonNullable<ProductionOrigin['shadow']>): Shadow {
  return of
}

/** The rows without those that it does not forecast. */
function forecastBy({ mean }: OriginForecast, rows: OriginRows): OriginRows {
  const actual = rows.actual.map((units, cell) => (Number.isNaN(mean[cell]) ? Number.NaN : units))
  return { ...rows, actual }
}
