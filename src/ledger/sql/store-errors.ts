import { LedgerUnavailable } from '../events/event-log.ts'

/**
 * What some work with the database gives. Where it fails for a reason that lies with the store (the
 * disk is full, another process holds the file, the server is gone), throws `LedgerUnavailable`.
 */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isOfStore(error) ? new LedgerUnavailable(error) : error
  }
}

/** Another replica was quicker: what it added is there when the same is done again. */
export class Overtaken extends Error {}

/** Whether the same work can succeed when it is done again: others were in its way. */
export function isPassing(error: unknown): boolean {
  return error instanceof Overtaken || PASSING.has(codeOf(error))
}

/** Of PostgreSQL: serialization failure, deadlock, and what another replica added first. */
const PASSING = new Set(['40001', '40P01', '23505'])

function isOfStore(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { errcode } = error as { errcode?: number }
  if (errcode !== undefined) return SQLITE_STORE_ERRORS.has(errcode & 0xff)
  const code = codeOf(error)
  if (SQLSTATE.test(code)) return !OF_THE_STATEMENT.test(code)
  return SYSTEM_ERRORS.test(code) || CONNECTION_MESSAGES.test(error.message)
}

/**
 * BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL and NOTADB, without what
 * their extended codes add: https://www.sqlite.org/rescode.html
 */
const SQLITE_STORE_ERRORS = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 26])

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SQLSTATE = /^[0-9A-Z]{5}$/

/**
 * Data, integrity, syntax and exceptions of our triggers: whatever server is asked. That something is
 * not allowed is not among them.
 */
const OF_THE_STATEMENT = /^(21|22|23|42(?!501)|P0)/

const SYSTEM_ERRORS =
  /^E(CONN|TIMEDOUT|PIPE|NOTFOUND|AI_|HOST|NET|NOSPC|IO|DQUOT|ROFS|ACCES|PERM|NOENT)/

/** What pg says without a code. */
const CONNECTION_MESSAGES =
  /Connection terminated|connection is closed|connection error|timeout exceeded|Query read timeout|not queryable/i

function codeOf(error: unknown): string {
  return error instanceof Error ? String((error as NodeJS.ErrnoException).code ?? '') : ''
}
