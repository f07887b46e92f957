import { type Kysely, type Migration, Migrator } from 'kysely'
import { UserError } from '../../base/errors.ts'
import { addEvents } from './migrations/001-events.ts'
import { addAccess } from './migrations/002-access.ts'
import type { DialectName, Tables } from './tables.ts'

/**
 * Brings the tables up to date. Two that start at once do it one after the other, and the second
 * finds nothing to do. Throws a `UserError` where a later version has changed them already, and what
 * the database says where it cannot be done; nothing is half done.
 */
export async function migrate(kysely: Kysely<Tables>, dialect: DialectName): Promise<void> {
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: async () => migrationsFor(dialect) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  if (!(error instanceof Error) || !MADE_BY_ANOTHER.test(error.message)) throw error
  throw new UserError('the ledger was made by another version of cd4ml, later than this one', {
    key: '--ledger',
    remedy: 'Bring this copy up to date, or name another ledger.',
    cause: error,
  })
}

/** How Kysely says that there are migrations of which it knows nothing. */
const MADE_BY_ANOTHER = /^corrupted migrations/

/** In the order of their names. What was shipped is never changed: a change is another one. */
const steps: Record<string, MigrationStep> = {
  '001-events': addEvents,
  '002-access': addAccess,
}

/** Changes the tables in a transaction. */
export type MigrationStep = (kysely: Kysely<unknown>, dialect: DialectName) => Promise<void>

function migrationsFor(dialect: DialectName): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(steps).map(([name, up]) => [name, { up: (kysely) => up(kysely, dialect) }]),
  )
}
