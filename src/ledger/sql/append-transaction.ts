import type { Transaction } from 'kysely'
import type { AppendOutcome } from '../events/event-log.ts'
import type { LedgerDatabase } from './database.ts'
import type { Settled } from './group-commit.ts'
import { EVENT_COLUMNS, type PreparedAppend, requestId } from './prepared-append.ts'
import { among, insertionOf, type RowValues } from './statements.ts'
import { Overtaken } from './store-errors.ts'
import { refusedSuperseding, type Supersedable } from './superseding.ts'
import type { DialectName, Tables } from './tables.ts'

/**
 * Adds appends, of which no two are the same request, in one transaction. Rejects where one of them
 * fails in a way that could not be told before, and with `Overtaken` where another replica added
 * what was not there when it was looked for: then nothing was added.
 */
export function appendTransaction({ kysely, dialect }: LedgerDatabase, now: () => Date) {
  const insert = insertions(dialect)
  return async (appends: PreparedAppend[]): Promise<Settled<AppendOutcome>[]> =>
    await kysely.transaction().execute(async (transaction) => {
      const answers = await answersGiven(transaction, appends, dialect)
      const open = appends.filter(({ request }) => request === undefined || !answers.has(request))
      const there = {
        once: await knownOnce(transaction, open, dialect),
        supersedable: await supersedable(transaction, open, dialect),
      }
      const rows: Rows = { events: [], requests: [], notes: [] }
      const at = now().toISOString()
      const settled = appends.map(
        (append) => repeated(append, answers) ?? added(append, there, rows, at),
      )
      await insert(transaction, rows)
      return settled
    })
}

type Answers = Map<string, { digest: string; answer: string }>

/** To requests that came before, by `requestId`. */
async function answersGiven(
  transaction: Transaction<Tables>,
  appends: PreparedAppend[],
  dialect: DialectName,
): Promise<Answers> {
  const keys = appends.flatMap(({ append: { request } }) => request?.key ?? [])
  if (keys.length === 0) return new Map()
  const found = await transaction
    .selectFrom('requests')
    .select(['owner', 'key', 'digest', 'answer'])
    .where(among('key', keys, dialect))
    .execute()
  return new Map(found.map((row) => [requestId(row), row]))
}

/** What is there already, or will be once the rows are inserted. */
type There = {
  /** By what events that are the same have in common: the id of the one that is there. */
  once: Map<string, string>
  supersedable: Supersedable
}

async function knownOnce(
  transaction: Transaction<Tables>,
  appends: PreparedAppend[],
  dialect: DialectName,
): Promise<There['once']> {
  const keys = appends.flatMap(({ events }) => events.flatMap(({ once }) => once ?? []))
  if (keys.length === 0) return new Map()
  const found = await transaction
    .selectFrom('events')
    .select(['id', 'once'])
    .where(among('once', keys, dialect))
    .execute()
  return new Map(found.flatMap(({ id, once }) => (once === null ? [] : [[once, id]])))
}

async function supersedable(
  transaction: Transaction<Tables>,
  appends: PreparedAppend[],
  dialect: DialectName,
): Promise<Supersedable> {
  const ids = appends.flatMap(({ events }) => events.flatMap(({ event }) => event.supersedes ?? []))
  if (ids.length === 0) return new Map()
  const found = await transaction
    .selectFrom('events')
    .leftJoin('events as later', 'later.supersedes', 'events.id')
    .select(['events.id', 'events.type', 'events.subject', 'later.id as later'])
    .where(among('events.id', ids, dialect))
    .execute()
  return new Map(
    found.map(({ id, type, subject, later }) => [
      id,
      { type, subject, superseded: later !== null },
    ]),
  )
}

function repeated(
  { append, request }: PreparedAppend,
  answers: Answers,
): Settled<AppendOutcome> | undefined {
  const earlier = request === undefined ? undefined : answers.get(request)
  if (!earlier) return undefined
  return {
    result:
      earlier.digest === append.request?.digest
        ? { outcome: 'repeated', answer: JSON.parse(earlier.answer) }
        : { outcome: 'other request' },
  }
}

type Rows = { events: Entry[]; requests: Entry[]; notes: RowValues[] }
type Entry = { row: RowValues; sortedBy: string }

/** Enters in `there` and `rows` what an append adds. */
function added(
  { append, events }: PreparedAppend,
  there: There,
  rows: Rows,
  at: string,
): Settled<AppendOutcome> {
  const once = new Map<string, string>()
  const known = new Map<string, string>()
  const fresh = events.filter(({ event, once: key }) => {
    if (key === undefined) return true
    const id = there.once.get(key) ?? once.get(key)
    if (id === undefined) once.set(key, event.id)
    else known.set(event.id, id)
    return id === undefined
  })
  const error = refusedSuperseding(
    fresh.map(({ event }) => event),
    there.supersedable,
  )
  if (error) return { error }
  for (const [key, id] of once) there.once.set(key, id)
  for (const { row, once: key } of fresh) rows.events.push({ row, sortedBy: key ?? '' })
  for (const [event_id, { person, text }] of append.notes ?? []) {
    if (!known.has(event_id)) rows.notes.push([event_id, person, JSON.stringify(text)])
  }
  if (append.request) {
    const { owner, key, digest, answer } = append.request
    const row = [owner, key, digest, JSON.stringify(answer(known)), at]
    rows.requests.push({ row, sortedBy: requestId(append.request) })
  }
  return { result: { outcome: 'appended', known } }
}

function insertions(dialect: DialectName) {
  const insertEvents = insertionOf(dialect, 'events', {
    columns: EVENT_COLUMNS,
    onConflict: '(once) where once is not null do nothing',
  })
  const insertRequests = insertionOf(dialect, 'requests', {
    columns: { owner: 'text', key: 'text', digest: 'text', answer: 'json', at: 'text' },
    onConflict: '(owner, key) do nothing',
  })
  const insertNotes = insertionOf(dialect, 'notes', {
    columns: { event_id: 'text', person: 'text', text: 'json' },
  })
  return async (transaction: Transaction<Tables>, { events, requests, notes }: Rows) => {
    const inserted =
      (await insertEvents(transaction, inOneOrder(events))) +
      (await insertRequests(transaction, inOneOrder(requests)))
    if (inserted < events.length + requests.length) throw new Overtaken()
    await insertNotes(transaction, notes)
  }
}

/** The same for every replica: two, each waiting for what the other adds, would wait for ever. */
function inOneOrder(entries: Entry[]): RowValues[] {
  return entries
    .toSorted((a, b) => (a.sortedBy < b.sortedBy ? -1 : a.sortedBy > b.sortedBy ? 1 : 0))
    .map(({ row }) => row)
}
