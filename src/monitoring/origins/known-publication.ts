import { dayFromIso } from '../../base/day.ts'
import { type Frequency, firstDay, lastDay, periodOf } from '../../demand/calendar.ts'
import type { MadeForecasts } from '../../ledger/forecast-record.ts'

/** Forecasts that were published, as the ledger names them. */
export type KnownPublication = { id: string; record: MadeForecasts }

/** Whose forecasts are looked for. */
export type ForecastBy = { version: number; model: string; frequency: Frequency }

/**
 * The publications of a version by the first period that they forecast, the earliest first: later
 * ones of the same period were made with more sales of it at hand, or again. What cannot have been
 * forecast by it, or knew the period that it forecasts, is not believed.
 */
export function publicationsByStart(
  publications: readonly KnownPublication[],
  { version, model, frequency }: ForecastBy,
): Map<number, KnownPublication[]> {
  const own = publications.filter(
    ({ record }) =>
      record.version === version &&
      (record.basis === undefined || record.basis.model === model) &&
      startOf(record, frequency) !== undefined,
  )
  const inOrder = own.toSorted((a, b) => (a.record.at < b.record.at ? -1 : 1))
  return Map.groupBy(inOrder, ({ record }) => startOf(record, frequency)!)
}

function startOf({ from, salesThrough }: MadeForecasts, frequency: Frequency): number | undefined {
  const [first, known] = [from, salesThrough].map(dayFromIso)
  if (first === undefined || known === undefined) return undefined
  const period = periodOf(frequency, first)
  if (firstDay(frequency, period) !== first || known > lastDay(frequency, period)) return undefined
  return period
}
