import { dayFromIso } from '../../base/day.ts'
import { type Frequency, firstDay, lastDay, periodOf } from '../../demand/calendar.ts'
import type { MadeForecasts } from '../../ledger/forecast-record.ts'

/** Forecasts that were published, as the ledger names them. */
export type KnownPublication = { id: string; record: MadeForecasts }

/** Whose forecasts are looked for: a version that is in production since a moment, ISO 8601 in UTC. */
export type ForecastBy = { version: number; model: string; since: string }

/**
 * The publications of a version while it was in production: where it was before, and a revert has
 * brought it back, not those of that time.
 */
export function publicationsOf(
  publications: readonly KnownPublication[],
  { version, model, since }: ForecastBy,
): KnownPublication[] {
  return publications.filter(
    ({ record }) =>
      record.version === version &&
      record.at >= since &&
      (record.basis === undefined || record.basis.model === model),
  )
}

/**
 * Publications by the first period that they forecast, the earliest first: later ones of the same
 * period were made with more sales of it at hand, or again. What knew the whole period that it
 * forecasts is not believed.
 */
export function publicationsByStart(
  publications: readonly KnownPublication[],
  frequency: Frequency,
): Map<number, KnownPublication[]> {
  const forecasts = publications.filter(({ record }) => startOf(record, frequency) !== undefined)
  const inOrder = forecasts.toSorted((a, b) => (a.record.at < b.record.at ? -1 : 1))
  return Map.groupBy(inOrder, ({ record }) => startOf(record, frequency)!)
}

function startOf({ from, salesThrough }: MadeForecasts, frequency: Frequency): number | undefined {
  const [first, known] = [from, salesThrough].map(dayFromIso)
  if (first === undefined || known === undefined) return undefined
  const period = periodOf(frequency, first)
  if (firstDay(frequency, period) !== first || known >= lastDay(frequency, period)) return undefined
  return period
}
