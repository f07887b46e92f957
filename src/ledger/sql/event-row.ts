import type { RecordedEvent } from '../events/event.ts'

/** The columns that an event is made of again. */
export const READ_COLUMNS = [
  'id',
  'source',
  'type',
  'subject',
  'time',
  'supersedes',
  'data',
] as const

type ReadRow = Record<Exclude<(typeof READ_COLUMNS)[number], 'supersedes'>, string> & {
  supersedes: string | null
}

/** The event of a row: it was checked when it was added, and is as it was. */
export function eventOf(row: ReadRow): RecordedEvent {
  const { id, source, type, subject, time, supersedes, data } = row
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    ...(supersedes !== null && { supersedes }),
    data: JSON.parse(data),
  } as RecordedEvent
}
