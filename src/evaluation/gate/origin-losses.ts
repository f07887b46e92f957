import { type Static, Type } from 'typebox'
import { type Day, isoFromDay } from '../../base/day.ts'
import { count, isoDay, number, object } from '../../base/schema-parts.ts'
import { significant } from '../../forecasting/significant.ts'
import { metricNames } from '../scoring/metrics.ts'
import { scoreOrigins, sumsOfCells } from '../scoring/origin-scores.ts'
import type { OriginForecast } from '../scoring/rows.ts'
import type { Comparison, EarlierOrigins } from './comparison.ts'

/** What challenger and baseline lost at one origin, over spans that begin there. */
export const OriginLosses = object({
  /** The last day known at the origin. */
  day: isoDay,
  /**
   * `scored`: the whole recipe, searched as on that day. `searched`: before the scored ones, by the
   * blend that the search at the first of them chose, on these origins among others: it flatters the
   * challenger. The intervals there are those of its errors at the other searched origins.
   */
  kind: Type.Enum(['scored', 'searched']),
  /** Spans of the first so many periods, ascending: those over which both have the metric. */
  periods: Type.Array(count),
  /** One for each span: the metric that decides, over all its rows. */
  challenger: Type.Array(number),
  baseline: Type.Array(number),
})
export type OriginLosses = Static<typeof OriginLosses>

/** Of one origin, over spans of 1, 2 … periods: what the metric that decides is a quotient of. */
export type SpanSums = {
  day: Day
  kind: OriginLosses['kind']
  /** One for each span. */
  challenger: Quotients
  baseline: Quotients
}

type Quotients = { above: Float64Array; below: Float64Array }

/** Of all origins, in the order of time. */
export function spanSums(comparison: Comparison): SpanSums[] {
  const { earlier, rows, challenger, baseline } = comparison
  const scored = { rows, challenger: challenger.forecasts, baseline: baseline.forecasts }
  return [
    ...(earlier ? sumsOf('searched', earlier, comparison) : []),
    ...sumsOf('scored', scored, comparison),
  ]
}

/** Those of several parts of the series added up, origin by origin. */
export function mergedSpanSums(parts: SpanSums[][]): SpanSums[] {
  const merged = new Map<string, SpanSums>()
  for (const of of parts.flat()) {
    const key = `${of.kind} ${of.day}`
    const known = merged.get(key)
    merged.set(key, known ? added(known, of) : of)
  }
  const inOrder = (a: SpanSums, b: SpanSums) =>
    Number(a.kind === 'scored') - Number(b.kind === 'scored') || a.day - b.day
  return [...merged.values()].sort(inOrder)
}

/** What they come to; of every origin the spans over which both have it. */
export function originLosses(sums: SpanSums[]): OriginLosses[] {
  return sums.map(({ day, kind, challenger, baseline }) => {
    const told = [...challenger.above.keys()].flatMap((index) => {
      const [own, naive] = [lossAt(challenger, index), lossAt(baseline, index)]
      return own === undefined || naive === undefined ? [] : [{ periods: index + 1, own, naive }]
    })
    return {
      day: isoFromDay(day),
      kind,
      periods: told.map(({ periods }) => periods),
      challenger: significant(told.map(({ own }) => own)),
      baseline: significant(told.map(({ naive }) => naive)),
    }
  })
}

function sumsOf(
  kind: OriginLosses['kind'],
  { rows, challenger, baseline }: EarlierOrigins,
  { levels, policy: { decidedBy } }: Comparison,
): SpanSums[] {
  const metric = metricNames.indexOf(decidedBy)
  return rows.map((origin, k) => {
    const quotients = (forecast: OriginForecast): Quotients => {
      const spans = Array.from({ length: origin.horizon }, (_, index) =>
        sumsOfCells(scoreOrigins([origin], [forecast], levels, { from: 1, to: index + 1 })),
      )
      return {
        above: Float64Array.from(spans, ({ above }) => above[metric]),
        below: Float64Array.from(spans, ({ below }) => below[metric]),
      }
    }
    return {
      day: origin.day,
      kind,
      challenger: quotients(challenger[k]),
      baseline: quotients(baseline[k]),
    }
  })
}

function added(a: SpanSums, b: SpanSums): SpanSums {
  return {
    ...a,
    challenger: addedQuotients(a.challenger, b.challenger),
    baseline: addedQuotients(a.baseline, b.baseline),
  }
}

/** Over as many spans as both have. */
function addedQuotients(a: Quotients, b: Quotients): Quotients {
  const spans = Math.min(a.above.length, b.above.length)
  const sum = (one: Float64Array, other: Float64Array) =>
    one.slice(0, spans).map((value, index) => value + other[index])
  return { above: sum(a.above, b.above), below: sum(a.below, b.below) }
}

/** Undefined where it cannot be computed, as `metricsOf` says. */
function lossAt({ above, below }: Quotients, index: number): number | undefined {
  const value = above[index] / below[index]
  return below[index] > 0 && Number.isFinite(value) ? value : undefined
}
