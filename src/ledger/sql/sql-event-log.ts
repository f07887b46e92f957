import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { EventOf, RecordedType } from '../events/event.ts'
import type { EventLog, EventLogQuery } from '../events/event-log.ts'
import { appending } from './appending.ts'
import { cursorText, lastOf } from './cursor.ts'
import type { LedgerDatabase } from './database.ts'
import { eventOf, READ_COLUMNS } from './event-row.ts'
import { eventsAfter } from './handing-on.ts'
import { among, isStorable } from './statements.ts'
import { reaching } from './store-errors.ts'
import type { DialectName, Tables } from './tables.ts'

/** An event log in SQL. */
export type SqlEventLog = EventLog & {
  /** How many appends have not been begun with. */
  waiting(): number
}

/**
 * The event log in a database. To close it closes the database. All of it rejects with
 * `LedgerUnavailable` where the store cannot do what is asked; the next call tries again.
 *
 * @param now - by which requests are old enough to be forgotten
 */
export function sqlEventLog(database: LedgerDatabase, now = () => new Date()): SqlEventLog {
  const { kysely, dialect } = database
  const { append, waiting, idle } = appending(database, now)

  const events = () => kysely.selectFrom('events').select(READ_COLUMNS)

  return {
    append,
    waiting,

    byId: (ids) =>
      reaching(async () => {
        if (ids.length === 0) return new Map()
        const rows = await events()
          .where(among('id', ids, dialect))
          .execute()
        return new Map(rows.map((row) => [row.id, eventOf(row)]))
      }),

    find: <T extends RecordedType>(query: EventLogQuery<T>) =>
      reaching(async () => {
        const rows = await matching(events(), query, dialect).execute()
        return rows.map((row) => eventOf(row) as EventOf<T>)
      }),

    after: (cursor, limit) =>
      reaching(async () => {
        const last = cursor === undefined ? undefined : lastOf(cursor, database.id)
        const events = await eventsAfter(database, last, limit)
        const { id } = events.at(-1) ?? {}
        return { events, cursor: id === undefined ? cursor : cursorText(id, database.id) }
      }),

    notes: (ids) =>
      reaching(async () => {
        const rows = await kysely
          .selectFrom('notes')
          .select(['event_id', 'text'])
          .where(among('event_id', ids, dialect))
          .execute()
        return new Map<string, string>(
          rows.map(({ event_id, text }) => [event_id, JSON.parse(text)]),
        )
      }),

    writable: () =>
      kysely
        .transaction()
        .execute(async (transaction) => {
          // More than a page, so that room is needed.
          await transaction.insertInto('probe').values({ content: PROBE }).execute()
          await transaction.deleteFrom('probe').execute()
        })
        .then(
          () => true,
          () => false,
        ),

    close: async () => {
      await idle()
      await database.close()
    },
  }
}

const PROBE = 'x'.repeat(16_384)

function matching<Selected>(
  events: SelectQueryBuilder<Tables, 'events', Selected>,
  { type, subjects, product, of, since, limit, superseded }: EventLogQuery<RecordedType>,
  dialect: DialectName,
) {
  let query = events.where('type', '=', type)
  if (subjects) query = query.where(among('subject', subjects, dialect))
  if (product !== undefined) query = query.where(ofProduct(product))
  if (of) query = query.where(among('of_event', of, dialect))
  if (since !== undefined) query = query.where('time', '>=', since)
  if (!superseded) {
    query = query.where(
      sql<boolean>`not exists (select 1 from events as later where later.supersedes = events.id)`,
    )
  }
  return query.orderBy('time', 'desc').orderBy('seq', 'desc').limit(limit)
}

/** As `seriesId` writes it: the product alone, or with each of its stores. */
function ofProduct(product: string): RawBuilder<boolean> {
  if (!isStorable(product)) return sql<boolean>`false`
  // What begins with `["P1","`, which `["P1",#` comes right after.
  const pair = seriesId({ productId: product, storeId: '' }).slice(0, -3)
  return sql<boolean>`(subject = ${product}
    or (subject >= ${`${pair}"`} and subject < ${`${pair}#`}))`
}
