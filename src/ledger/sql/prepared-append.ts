import { UserError } from '../../base/errors.ts'
import type { RecordedEvent } from '../events/event.ts'
import type { Append, IdempotentRequest } from '../events/event-log.ts'
import { isStorable } from './statements.ts'

/** What is to be appended, as far as it can be made ready before its turn. */
export type PreparedAppend = {
  append: Append
  events: PreparedEvent[]
  /** The same of two requests that are one; undefined where no request asks for it. */
  request: string | undefined
  /** Characters of JSON. */
  size: number
}

/** The JSON of its row, and what it has in common with those that are the same. */
export type PreparedEvent = { event: RecordedEvent; once: string | undefined; row: string }

/** Throws a `UserError` where a text has characters that no database holds. */
export function preparedAppend(append: Append): PreparedAppend {
  const { request } = append
  if (request) for (const text of [request.owner, request.key]) checkStorable(text, 'key')
  const events = append.events.map((event) => {
    const once = append.once?.get(event.id)
    checkStorable(event.subject, 'subject')
    if (once !== undefined) checkStorable(once, 'once')
    return { event, once, row: JSON.stringify(rowOf(event, once)) }
  })
  return {
    append,
    events,
    request: request && requestId(request),
    size: events.reduce((sum, { row }) => sum + row.length, 0),
  }
}

/** A text that tells requests apart. */
export function requestId({ owner, key }: Pick<IdempotentRequest, 'owner' | 'key'>): string {
  return JSON.stringify([owner, key])
}

function rowOf(event: RecordedEvent, once: string | undefined) {
  const { id, source, type, subject, time, supersedes, data } = event
  const of_event = type === 'cd4ml.decision.v1' ? event.data.of.id : undefined
  return { id, source, type, subject, time, supersedes, of_event, once, data }
}

function checkStorable(text: string, key: string): void {
  if (isStorable(text)) return
  throw new UserError('must be text without NUL and half characters, but has one', {
    key,
    remedy: 'Leave these characters out.',
  })
}
