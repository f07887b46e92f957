import { dayFromIso, MILLISECONDS_A_DAY } from '../base/day.ts'
import type { ForecastRecord } from './forecast-record.ts'
import type { RunRecord } from './run-record.ts'

/**
 * Why a run cannot have been as its record says, seen at the moment `now` (ISO 8601 in UTC);
 * undefined where it can. Without this, a record of the year 9999 would be the newest for ever.
 */
export function implausibleRun(
  { id, startedAt, seconds, asOf }: Pick<RunRecord, 'id' | 'startedAt' | 'seconds' | 'asOf'>,
  now: string,
): string | undefined {
  if (!id.startsWith(`${momentOf(startedAt)}-`)) {
    return `id ${id} does not begin with the moment ${startedAt} of its start`
  }
  const ended = Date.parse(startedAt) + 1000 * seconds
  if (isAfter(ended, now)) return `it ends after now: started ${startedAt}, ${seconds} seconds`
  if (asOf !== undefined && isAfter(midnight(asOf) - MILLISECONDS_A_DAY, now)) {
    return `asOf ${asOf} lies after now`
  }
  return undefined
}

/** Why a moment cannot be one of the workflow run that it is now; undefined where it can. */
export function beforeThisRun(at: string, now: string): string | undefined {
  return Date.parse(now) - Date.parse(at) > LONGEST_RUN
    ? `${at} lies before this run, which can have begun 35 days ago at the most`
    : undefined
}

/** As `implausibleRun`, for an attempt to forecast. */
export function implausibleForecasts(record: ForecastRecord, now: string): string | undefined {
  if (isAfter(Date.parse(record.at), now)) return `at ${record.at} lies after now`
  if (record.outcome === 'kept') return undefined
  const { salesThrough, from, through } = record
  // Where the day begins earlier than in UTC, it is a day ahead.
  if (isAfter(midnight(salesThrough) - MILLISECONDS_A_DAY, now)) {
    return `salesThrough ${salesThrough} is to come`
  }
  if (from > through) return `from ${from} lies after through ${through}`
  const { orders } = record
  const ordered = orders?.outcome === 'made' ? [orders.day] : []
  const far = [from, through, ...ordered].find(
    (day) => Math.abs(midnight(day) - Date.parse(now)) > FARTHEST,
  )
  return far && `${far} is more than ten years from now`
}

/** As `implausibleRun`, for a report of that moment on sales through an ISO day. */
export function implausibleHealth(
  { id, at, through }: { id: string; at: string; through: string },
  now: string,
): string | undefined {
  if (!id.startsWith(`${momentOf(at)}-`)) return `its name does not begin with the moment ${at}`
  if (isAfter(Date.parse(at), now)) return `at ${at} lies after now`
  return isAfter(midnight(through) - MILLISECONDS_A_DAY, now)
    ? `sales.through ${through} is to come`
    : undefined
}

/** The moment as ids hold it: `2026-11-02T09:30:00.000Z` → `20261102T093000000Z`. */
export function momentOf(at: string): string {
  return at.replaceAll(/[-:.]/g, '')
}

/** The clocks of two machines differ by less. */
const CLOCK_SKEW = 5 * 60 * 1000
/** GitHub ends a workflow run after that, with all waiting and running again. */
const LONGEST_RUN = 35 * MILLISECONDS_A_DAY
const FARTHEST = 10 * 366 * MILLISECONDS_A_DAY

function isAfter(moment: number, now: string): boolean {
  return !(moment <= Date.parse(now) + CLOCK_SKEW)
}

function midnight(isoDay: string): number {
  return (dayFromIso(isoDay) ?? Number.NaN) * MILLISECONDS_A_DAY
}
