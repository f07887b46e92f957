import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Where a PostgreSQL was restored from a dump, its server may count transactions from lower numbers
 * than those of the rows: what comes from now on is of a later epoch.
 */
export async function beginEpochIfRestored(kysely: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ epoch: number }>`
    select epoch from events
    where epoch = (select max(epoch) from events) and xid >= pg_snapshot_xmax(pg_current_snapshot())
    limit 1`.execute(kysely)
  for (const { epoch } of rows) {
    await sql`alter table events alter column epoch set default ${sql.lit(epoch + 1)}`.execute(
      kysely,
    )
  }
}
