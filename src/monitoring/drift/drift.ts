import { type Static, Type } from 'typebox'
import { isoFromDay } from '../../base/day.ts'
import { isoDay, object, union } from '../../base/schema-parts.ts'
import { endOf, type Panel } from '../../demand/panel.ts'
import { reportingFrequency } from '../../demand/reporting-frequency.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { totalsWhere } from '../../sales/totals/totals-where.ts'
import {
  AssortmentChange,
  assortmentChange,
  PriceChange,
  priceChange,
} from './assortment-change.ts'
import { ColumnDrift, columnDrifts } from './column-drift.ts'
import { ComparedWith, type DaySpan, seasonsOf } from './seasons.ts'

const span = object({ from: isoDay, to: isoDay })

/**
 * What is different in the sales of the last weeks. It explains why a model may be worse than was
 * promised, and is no alarm: much of it changes every year, and most models take it well.
 */
export const Drift = union('outcome', [
  object({
    outcome: Type.Literal('compared'),
    with: ComparedWith,
    now: span,
    before: span,
    columns: Type.Array(ColumnDrift, { maxItems: 20 }),
    /** Absent where no series sold with a price both times. */
    prices: Type.Optional(PriceChange),
    assortment: AssortmentChange,
  }),
  object({
    outcome: Type.Literal('cannot tell'),
    reason: Type.Enum(['the history is too short', 'nothing sold in one of the times compared']),
  }),
])
export type Drift = Static<typeof Drift>

/** Of the sales those that are compared, which is all that `driftOf` looks at. */
export function comparedSales(totals: DailyTotals, panel: Panel): DailyTotals {
  const seasons = seasonsOf(panel)
  const spans = seasons ? [seasons.now, seasons.before] : []
  const { day } = totals
  return totalsWhere(totals, (entry) =>
    spans.some(({ from, to }) => day[entry] >= from && day[entry] <= to),
  )
}

/**
 * Compares the last weeks of the panel with the same season of the year before.
 *
 * @param totals - those that the panel was built from, or of them what `comparedSales` says
 * @param trainedOn - ids of the series that the model in production knows
 */
export function driftOf({
  totals,
  panel,
  trainedOn,
}: {
  totals: DailyTotals
  panel: Panel
  trainedOn: ReadonlySet<string>
}): Drift {
  const seasons = seasonsOf(panel)
  if (!seasons) return { outcome: 'cannot tell', reason: 'the history is too short' }
  const { now, before } = seasons
  const rows = { now: soldIn(totals, now), before: soldIn(totals, before) }
  if (rows.now.length === 0 || rows.before.length === 0) {
    return { outcome: 'cannot tell', reason: 'nothing sold in one of the times compared' }
  }
  const prices = totals.columns.price && priceChange(totals, rows)
  const hasWeekdays = reportingFrequency(totals, endOf(panel)) === 'day'
  return {
    outcome: 'compared',
    with: seasons.with,
    now: written(now),
    before: written(before),
    columns: columnDrifts(totals, rows, hasWeekdays),
    ...(prices && { prices }),
    assortment: assortmentChange(totals, rows, trainedOn),
  }
}

/** The entries of the days on which units of a series were sold. */
function soldIn({ day, sold }: DailyTotals, { from, to }: DaySpan): Int32Array {
  const found: number[] = []
  for (let entry = 0; entry < day.length; entry++) {
    if (day[entry] >= from && day[entry] <= to && sold[entry] > 0) found.push(entry)
  }
  return Int32Array.from(found)
}

function written({ from, to }: DaySpan): { from: string; to: string } {
  return { from: isoFromDay(from), to: isoFromDay(to) }
}
