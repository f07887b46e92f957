import { type Static, Type } from 'typebox'
import { isoFromDay } from '../../base/day.ts'
import { count, isoDay, number, object } from '../../base/schema-parts.ts'
import { significant } from '../../forecasting/significant.ts'
import { metricsOfCells, scoreOrigins } from '../scoring/origin-scores.ts'
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

/** Of all origins, in the order of time. */
export function originLosses(comparison: Comparison): OriginLosses[] {
  const { earlier, rows, challenger, baseline } = comparison
  const scored = { rows, challenger: challenger.forecasts, baseline: baseline.forecasts }
  return [
    ...(earlier ? lossesOf('searched', earlier, comparison) : []),
    ...lossesOf('scored', scored, comparison),
  ]
}

function lossesOf(
  kind: OriginLosses['kind'],
  { rows, challenger, baseline }: EarlierOrigins,
  { levels, policy: { decidedBy } }: Comparison,
): OriginLosses[] {
  return rows.map((origin, k) => {
    const spans = Array.from({ length: origin.horizon }, (_, index) => index + 1)
    const told = spans.flatMap((periods) => {
      const lost = (forecast: OriginForecast) => {
        const scores = scoreOrigins([origin], [forecast], levels, { from: 1, to: periods })
        return metricsOfCells(scores)[decidedBy]
      }
      const [own, naive] = [lost(challenger[k]), lost(baseline[k])]
      return own === undefined || naive === undefined ? [] : [{ periods, own, naive }]
    })
    return {
      day: isoFromDay(origin.day),
      kind,
      periods: told.map(({ periods }) => periods),
      challenger: significant(told.map(({ own }) => own)),
      baseline: significant(told.map(({ naive }) => naive)),
    }
  })
}
