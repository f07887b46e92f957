import { type RawBuilder, sql } from 'kysely'
import type { RecordedEvent } from '../events/event.ts'
import { notThere } from './cursor.ts'
import type { LedgerDatabase } from './database.ts'
import { eventOf, READ_COLUMNS } from './event-row.ts'
import { isStorable } from './statements.ts'
import type { DialectName } from './tables.ts'

/**
 * At most so many events that come after one, by its id, or from the first on; in an order into which
 * nothing can come later. SQLite has one writer at a time: they come in the order of `seq`. PostgreSQL
 * gives numbers before it commits, in whatever order: they come by transaction, and only of those that
 * no open one can still precede. Throws `CursorRefused` where the event is not there.
 */
export async function eventsAfter(
  { kysely, dialect }: LedgerDatabase,
  id: string | undefined,
  limit: number,
): Promise<RecordedEvent[]> {
  const [places, settled] = order[dialect]
  let query = kysely.selectFrom('events').select(READ_COLUMNS).where(settled).limit(limit)
  if (id !== undefined) {
    const last = kysely.selectFrom('events').where('id', '=', id)
    if (!isStorable(id) || !(await last.select('id').executeTakeFirst())) throw notThere(id)
    query = query.where(sql<boolean>`(${places}) > (select ${places} from events where id = ${id})`)
  }
  const rows = await query.orderBy(places).execute()
  return rows.map(eventOf)
}

/** By what events are sorted, and whether nothing can come before one any more. */
const order: Record<DialectName, [RawBuilder<unknown>, RawBuilder<boolean>]> = {
  sqlite: [sql`seq`, sql<boolean>`true`],
  postgres: [
    sql`epoch, xid, seq`,
    sql<boolean>`(xid < pg_snapshot_xmin(pg_current_snapshot())
      or epoch < (select max(epoch) from events))`,
  ],
}
