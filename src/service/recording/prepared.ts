import { createHash, randomUUIDv7 } from 'node:crypto'
import type { RecordedEvent } from '../../ledger/events/event.ts'
import type { Append, EventLog } from '../../ledger/events/event-log.ts'
import { subjectOf } from '../../ledger/events/subject.ts'

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
  series: { product: string; store?: string },
): Omit<RecordedEvent, 'type' | 'data'> {
  return {
    specversion: '1.0',
    id: randomUUIDv7(),
    source,
    time,
    subject: subjectOf(series),
    datacontenttype: 'application/json',
  }
}

/** Tells what an event says from all that others say. */
export function dataDigest({ data }: Pick<RecordedEvent, 'data'>): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('base64url')
}
