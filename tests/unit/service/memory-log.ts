import type { EventOf, RecordedEvent, RecordedType } from '../../../src/ledger/events/event.ts'
import type { Append, AppendOutcome, EventLog } from '../../../src/ledger/events/event-log.ts'

/** A log of events in memory, for tests of what is recorded: that nothing is lost is tested elsewhere. */
export function memoryLog() {
  const events: RecordedEvent[] = []
  const onceOf = new Map<string, string>()
  const notes = new Map<string, { person: string; text: string }>()
  const answered = new Map<string, { digest: string; answer: string }>()
  const log: EventLog & { events: RecordedEvent[] } = {
    events,
    append: async (append) => appendTo(append),
    byId: async (ids) =>
      new Map(events.filter(({ id }) => ids.includes(id)).map((event) => [event.id, event])),
    find: async <T extends RecordedType>({ type, limit }: { type: T; limit: number }) =>
      events
        .filter((event): event is EventOf<T> => event.type === type)
        .toReversed()
        .slice(0, limit),
    after: async (cursor, limit) => {
      const from = Number(cursor ?? 0)
      const found = events.slice(from, from + limit)
      return { events: found, cursor: String(from + found.length) }
    },
    notes: async (ids) =>
      new Map([...notes].filter(([id]) => ids.includes(id)).map(([id, { text }]) => [id, text])),
    writable: async () => true,
    close: async () => {},
  }
  return log

  function appendTo({ events: added, once, notes: said, request }: Append): AppendOutcome {
    const key = JSON.stringify([request?.owner, request?.key])
    const before = request && answered.get(key)
    if (before) {
      return before.digest === request.digest
        ? { outcome: 'repeated', answer: before.answer }
        : { outcome: 'other request' }
    }
    const known = new Map<string, string>()
    for (const event of added) {
      const same = once?.get(event.id)
      const earlier = same === undefined ? undefined : onceOf.get(same)
      if (earlier !== undefined) {
        known.set(event.id, earlier)
        continue
      }
      if (same !== undefined) onceOf.set(same, event.id)
      events.push(event)
      const note = said?.get(event.id)
      if (note) notes.set(event.id, note)
    }
    if (request) answered.set(key, { digest: request.digest, answer: request.answer(known) })
    return { outcome: 'appended', known }
  }
}
