import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { type SqlEventLog, sqlEventLog } from '../../../src/ledger/sql/sql-event-log.ts'
import { startPostgres } from '../../postgres.ts'
import { temporaryFolder } from '../../repository.ts'

/** Where a ledger can be: `newLedger` gives the address of an empty one. */
export type Store = { name: string; newLedger(): Promise<string> }

export const sqlite: Store = {
  name: 'SQLite',
  newLedger: async () => `sqlite:${join(await temporaryFolder(), 'ledger.sqlite')}`,
}

/** Of this file of tests. Without the second where this machine has no PostgreSQL. */
export async function stores(): Promise<Store[]> {
  const postgres = await startPostgres()
  return [sqlite, ...(postgres ? [{ name: 'PostgreSQL', newLedger: postgres.newDatabase }] : [])]
}

/** Opens the ledger at the address until the test has finished. */
export async function openLog(url: string): Promise<SqlEventLog> {
  const log = sqlEventLog(await openDatabase(url))
  onTestFinished(() => log.close())
  return log
}
