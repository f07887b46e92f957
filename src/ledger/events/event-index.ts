import type { EventOf, RecordedEvent, RecordedType } from './event.ts'
import type { EventLog, EventLogQuery } from './event-log.ts'

/** What can be asked of a log without adding to it. */
export type ReadableLog = Pick<EventLog, 'byId' | 'find' | 'notes'>

/** Events that are all known, such as those of files, to be asked as a log is. They have no notes. */
export function eventIndex(events: readonly RecordedEvent[]): ReadableLog {
  const byId = new Map(events.map((event) => [event.id, event]))
  const superseded = new Set(events.map(({ supersedes }) => supersedes))
  // The order of recording decides between events of one moment.
  const newestFirst = events
    .toReversed()
    .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
  const byType = Map.groupBy(newestFirst, ({ type }) => type)
  return {
    byId: async (ids) =>
      new Map(ids.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)!] as const] : []))),
    find: async <T extends RecordedType>(query: EventLogQuery<T>) => {
      const isAsked = asked(query)
      const found: EventOf<T>[] = []
      for (const event of byType.get(query.type) ?? []) {
        if (found.length === query.limit) break
        if (!query.superseded && superseded.has(event.id)) continue
        if (isAsked(event)) found.push(event as EventOf<T>)
      }
      return found
    },
    notes: async () => new Map(),
  }
}

function asked({ subjects, product, of, since }: EventLogQuery<RecordedType>) {
  const [subjectsAsked, ofAsked] = [subjects && new Set(subjects), of && new Set(of)]
  return (event: RecordedEvent): boolean =>
    (!subjectsAsked || subjectsAsked.has(event.subject)) &&
    (product === undefined || event.data.product === product) &&
    (!ofAsked || ofAsked.has(eventMeant(event) ?? '')) &&
    (since === undefined || event.time >= since)
}

/** The event that one is about. */
function eventMeant(event: RecordedEvent): string | undefined {
  if (event.type === 'cd4ml.decision.v1') return event.data.of.id
  if (event.type === 'cd4ml.receipt.v1') return event.data.order
  return undefined
}
