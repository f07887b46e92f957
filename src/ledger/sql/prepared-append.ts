import { UserError } from '../../base/errors.ts'
import type { RecordedEvent } from '../events/event.ts'
import type { Append, IdempotentRequest } from '../events/event-log.ts'
import { isStorable, type RowValues } from './statements.ts'

/** What is to be appended, as far as it can be made ready before its turn. */
export type PreparedAppend = {
  append: Append
  events: PreparedEvent[]
  /** The same of two requests that are one; undefined where no request asks for it. */
  request: string | undefined
  /** Characters of its data. */
  size: number
}

/** Its row, and what it has in common with those that are the same. */
export type PreparedEvent = { event: RecordedEvent; once: string | undefined; row: RowValues }

/** Throws a `UserError` where a text has characters that no database holds. */
export function preparedAppend(append: Append): PreparedAppend {
  const { request } = append
  if (request) for (const text of [request.owner, request.key]) checkStorable(text, 'key')
  let size = 0
  const events = append.events.map((event) => {
    const once = append.once?.get(event.id)
    checkStorable(event.subject, 'subject')
    if (once !== undefined) checkStorable(once, 'once')
    const data = JSON.stringify(event.data)
    size += data.length
    return { event, once, row: rowOf(event, once, data) }
  })
  return {
    append,
    events,
    request: request && requestId(request),
    size,
  }
}

/** A text that tells requests apart. */
export function requestId({ owner, key }: Pick<IdempotentRequest, 'owner' | 'key'>): string {
  return JSON.stringify([owner, key])
}

/** The columns of the table of events that are written, in the order of the values of a row. */
export const EVENT_COLUMNS = {
  id: 'text',
  source: 'text',
  type: 'text',
  subject: 'text',
  time: 'text',
  supersedes: 'text',
  of_event: 'text',
  once: 'text',
  data: 'json',
} as const

function rowOf(event: RecordedEvent, once: string | undefined, data: string): RowValues {
  const { id, source, type, subject, time, supersedes = null } = event
  return [id, source, type, subject, time, supersedes, ofEvent(event), once ?? null, data]
}

function ofEvent({ type, data }: RecordedEvent): string | null {
  if (type === 'cd4ml.decision.v1') return data.of.id
  return type === 'cd4ml.receipt.v1' ? (data.order ?? null) : null
}

function checkStorable(text: string, key: string): void {
  if (isStorable(text)) return
  throw new UserError('must be text without NUL and half characters, but has one', {
    key,
    remedy: 'Leave these characters out.',
  })
}
