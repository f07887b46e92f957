import type { Static } from 'typebox'
import { type Day, dayFromIso } from '../../base/day.ts'
import { count, number, object, share } from '../../base/schema-parts.ts'
import type { EventOf, RecordedEvent } from '../../ledger/events/event.ts'
import { isAnswer } from '../../ledger/events/ledger-entries.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'
import { firstEntryAfter, knownOn } from '../../sales/totals/known-totals.ts'

/**
 * What other systems reported to a service as sold, beside the sales files. It is no evidence: nobody
 * can tell from a report whether there was stock, nor whether all of a store is in it. It shows how
 * far the files lag behind, and whether both tell the same.
 */
export const ReportedActuals = object({
  reports: count,
  /** Of days after the last one in the sales files: their units. */
  ahead: object({ reports: count, units: number }),
  /** Of days that the sales files know: how many say otherwise, and by what share of the units. */
  known: object({ reports: count, otherwise: count, difference: share }),
  /** That came after their days had been reported on. */
  late: count,
  /** Events of series that the sales files do not know: renamed, taken out, or mistyped. */
  orphaned: object({ forecasts: count, decisions: count, reports: count }),
})
export type ReportedActuals = Static<typeof ReportedActuals>

/**
 * @param events - those that a service recorded, of any type
 * @param isKnown - whether the sales files know a series, by its `seriesId`
 * @param sold - as `soldAsReported` has it of all parts of the sales, by the ids of the reports
 * @param salesThrough - the last day that the sales files know
 * @param reportedOn - when the days until then, as ISO days, were first reported on
 */
export function reportedActuals({
  events,
  isKnown,
  sold,
  salesThrough,
  reportedOn,
}: {
  events: readonly RecordedEvent[]
  isKnown(series: string): boolean
  sold: ReadonlyMap<string, number>
  salesThrough: Day
  reportedOn: readonly { to: string; at: string }[]
}): ReportedActuals {
  const superseded = new Set(events.flatMap(({ supersedes }) => supersedes ?? []))
  const current = events.filter(({ id }) => !superseded.has(id))
  const isLate = lateReports(reportedOn)
  const isOrphan = ({ subject }: RecordedEvent) => !isKnown(subject)
  const reports = current.filter(isReport)
  const found = { ahead: 0, units: 0, known: 0, otherwise: 0, apart: 0, all: 0 }
  for (const report of reports) {
    const [from, to] = [report.data.from, report.data.to].map(dayFromIso)
    if (from === undefined || to === undefined || isOrphan(report)) continue
    if (to > salesThrough) {
      found.ahead++
      found.units += report.data.units
      continue
    }
    const units = sold.get(report.id) ?? 0
    const apart = Math.abs(units - report.data.units)
    found.known++
    if (apart > ROUNDING) found.otherwise++
    found.apart += apart
    found.all += Math.max(Math.abs(units), Math.abs(report.data.units))
  }
  return {
    reports: reports.length,
    ahead: {
      reports: found.ahead,
      units: Math.max(-MOST_UNITS, Math.min(MOST_UNITS, found.units)),
    },
    known: {
      reports: found.known,
      otherwise: found.otherwise,
      difference: found.all > 0 ? Math.min(1, found.apart / found.all) : 0,
    },
    late: reports.filter(isLate).length,
    orphaned: {
      forecasts: current.filter(isAnswer).filter(isOrphan).length,
      decisions: current.filter(({ type }) => type === 'cd4ml.decision.v1').filter(isOrphan).length,
      reports: reports.filter(isOrphan).length,
    },
  }
}

/** Thousandths of a kilogram. */
const ROUNDING = 1e-3
/** What a record takes: each report is below it, their sum may not be. */
const MOST_UNITS = 1e15

function isReport(event: RecordedEvent): event is EventOf<'cd4ml.actual.v1'> {
  return event.type === 'cd4ml.actual.v1' && event.data.source.from === 'report'
}

/** Whether a report came after its last day was first reported on. */
function lateReports(
  reportedOn: readonly { to: string; at: string }[],
): (report: EventOf<'cd4ml.actual.v1'>) => boolean {
  const first = new Map<string, string>()
  for (const { to, at } of reportedOn) {
    const known = first.get(to)
    if (known === undefined || at < known) first.set(to, at)
  }
  return ({ time, data }) => [...first].some(([to, at]) => data.to <= to && time > at)
}

/** What a part of the sales says that was sold of the series and days of each report, by its id. */
export function soldAsReported(
  totals: DailyTotals,
  events: readonly RecordedEvent[],
): Map<string, number> {
  const { series, from: starts, to: ends } = knownOn(totals)
  const indexOf = new Map(series.map((key, index) => [seriesId(key), index]))
  const sold = new Map<string, number>()
  for (const { id, subject, data } of events.filter(isReport)) {
    const index = indexOf.get(subject)
    const [from, to] = [data.from, data.to].map(dayFromIso)
    if (index === undefined || from === undefined || to === undefined) continue
    const first = firstEntryAfter(totals, from - 1, starts[index], ends[index])
    const end = firstEntryAfter(totals, to, first, ends[index])
    sold.set(
      id,
      totals.sold.subarray(first, end).reduce((sum, units) => sum + units, 0),
    )
  }
  return sold
}
