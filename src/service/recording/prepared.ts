import { randomUUIDv7 } from 'node:crypto'
import type { RecordedEvent } from '../../ledger/events/event.ts'
import type { Append, EventLog } from '../../ledger/events/event-log.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'

/**
 * What is to be recorded, and what is answered once it is: `answers` is told what the ledger had
 * already, by the ids of the events that are not added for that.
 */
export type Prepared<T> = Omit<Append, 'request'> & {
  answers(known: ReadonlyMap<string, string>): T[]
}

/** Records, then answers. Rejects with `LedgerUnavailable` where it cannot be recorded. */
export async function recorded<T>(log: EventLog, prepared: Prepared<T>): Promise<T[]> {
  const { answers, ...append } = prepared
  if (append.events.length === 0) return answers(new Map())
  const appended = await log.append(append)
  return answers(appended.outcome === 'appended' ? appended.known : new Map())
}

/** Who records, and when. */
export type Recording = {
  /** As CloudEvents has it, such as `/cd4ml/service`. */
  source: string
  /** ISO 8601 in UTC. */
  time: string
}

/** What an event of a series has beside its type and its data. */
export function envelope(
  { source, time }: Recording,
  { product, store }: { product: string; store?: string },
): Omit<RecordedEvent, 'type' | 'data'> {
  return {
    specversion: '1.0',
    id: randomUUIDv7(),
    source,
    time,
    subject: seriesId({ productId: product, ...(store !== undefined && { storeId: store }) }),
    datacontenttype: 'application/json',
  }
}
