import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Dialect, Kysely } from 'kysely'
import { UserError } from '../../base/errors.ts'
import { LedgerUnavailable } from '../events/event-log.ts'
import { migrate } from './migrations.ts'
import { beginEpochIfRestored } from './restored.ts'
import { reaching } from './store-errors.ts'
import type { DialectName, Tables } from './tables.ts'

/** A ledger in SQL, open, with its tables up to date. */
export type LedgerDatabase = {
  kysely: Kysely<Tables>
  dialect: DialectName
  /** Which ledger it is: made with its tables, and never changed. */
  id: string
  close(): Promise<void>
}

/** Where a project's own ledger is, unless another one is named. */
export const OWN_LEDGER = 'sqlite:.cd4ml/ledger.sqlite'

/**
 * Opens the ledger at `sqlite:PATH`, which is made where there is none (a relative path starts in
 * `folder`), or at `postgres://…`. Throws a `UserError` where the address is neither, and where what
 * is there cannot be opened.
 */
export async function openDatabase(url: string, folder = '.'): Promise<LedgerDatabase> {
  return await orWhyNot('opened', () => opened(url, folder))
}

/** What a person asks of a ledger. Throws a `UserError` where its store cannot do it now. */
export async function askLedger<T>(work: () => Promise<T>): Promise<T> {
  return await orWhyNot('reached', work)
}

/** Path of the file of a `sqlite:` address; undefined where it is another. */
export function sqliteFile(url: string, folder: string): string | undefined {
  if (!url.startsWith('sqlite:') || url === 'sqlite:') return undefined
  return resolve(folder, url.slice('sqlite:'.length))
}

async function opened(url: string, folder: string): Promise<LedgerDatabase> {
  const { dialect, connection } = await dialectOf(url, folder)
  const kysely = new Kysely<Tables>({ dialect: connection })
  try {
    await migrate(kysely, dialect)
    if (dialect === 'postgres') await beginEpochIfRestored(kysely)
    const { id } = await kysely.selectFrom('ledger').select('id').executeTakeFirstOrThrow()
    return { kysely, dialect, id, close: () => kysely.destroy() }
  } catch (error) {
    await kysely.destroy()
    throw error
  }
}

async function dialectOf(
  url: string,
  folder: string,
): Promise<{ dialect: DialectName; connection: Dialect }> {
  const file = sqliteFile(url, folder)
  if (file !== undefined) {
    const { nodeSqliteDialect } = await import('./sqlite-dialect.ts')
    makeFile(file)
    return { dialect: 'sqlite', connection: nodeSqliteDialect(file) }
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { pgDialect } = await import('./pg-dialect.ts')
    return { dialect: 'postgres', connection: pgDialect(url) }
  }
  throw new UserError('the address of a ledger begins with sqlite: or postgres://', {
    key: '--ledger',
    remedy: 'Write one such as sqlite:.cd4ml/ledger.sqlite or postgres://user@host/database.',
  })
}

/** It holds what people wrote: nobody else reads it. What SQLite puts beside it has its rights. */
function makeFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  closeSync(openSync(file, 'a', 0o600))
}

async function orWhyNot<T>(what: 'opened' | 'reached', work: () => Promise<T>): Promise<T> {
  try {
    return await reaching(work)
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error
    // The address may hold a password: it is not repeated.
    throw new UserError(`the ledger cannot be ${what}: ${messageOf(error.cause)}`, {
      key: '--ledger',
      remedy: 'See that the address is right, the server runs, and you may create tables there.',
      cause: error.cause,
    })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
