import type { EventOf, RecordedEvent, RecordedType } from './event.ts'
import type { EventLog } from './event-log.ts'

/** Events that are all at hand, asked as a log is. */
export type KnownEvents = Pick<EventLog, 'byId' | 'find'> & {
  add(events: readonly RecordedEvent[]): void
}

/** Of these events, in the order in which they were recorded. */
export function knownEvents(first: readonly RecordedEvent[] = []): KnownEvents {
  const byId = new Map<string, RecordedEvent>()
  const bySubject = new Map<string, RecordedEvent[]>()
  const superseded = new Set<string>()
  const add = (events: readonly RecordedEvent[]) => {
    for (const event of events) {
      if (byId.has(event.id)) continue
      byId.set(event.id, event)
      bySubject.set(event.subject, [...(bySubject.get(event.subject) ?? []), event])
      if (event.supersedes !== undefined) superseded.add(event.supersedes)
    }
  }
  add(first)
  return {
    add,
    byId: async (ids) => new Map(ids.flatMap((id) => [...entryOf(byId, id)])),
    find: async <T extends RecordedType>(query: Parameters<EventLog['find']>[0]) => {
      const { type, subjects, of, since, limit } = query
      const among = subjects
        ? subjects.flatMap((it) => bySubject.get(it) ?? [])
        : [...byId.values()]
      return among
        .filter((event): event is EventOf<T> => event.type === type)
        .filter((event) => !superseded.has(event.id) || query.superseded === true)
        .filter((event) => since === undefined || event.time >= since)
        .filter(
          (event) => of === undefined || ('of' in event.data && of.includes(event.data.of.id)),
        )
        .toReversed()
        .slice(0, limit)
    },
  }
}

function entryOf(events: ReadonlyMap<string, RecordedEvent>, id: string) {
  const event = events.get(id)
  return event === undefined ? [] : [[id, event] as const]
}
