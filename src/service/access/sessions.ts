import type { LedgerDatabase } from '../../ledger/sql/database.ts'
import { reaching } from '../../ledger/sql/store-errors.ts'
import { readScopes, type Scope, writtenScopes } from '../http/identity.ts'
import { newSecret, secretHash } from './secret.ts'
import type { LetIn } from './tokens.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A session ends after so long without a request, */
export const IDLE_DAYS = 7
/** and after so long in any case. */
export const SESSION_DAYS = 30

/**
 * Makes what a person logs in with, once and within so many hours, and gives the path of its page;
 * only a hash is kept of it.
 */
export async function newLoginPath(
  database: LedgerDatabase,
  {
    person,
    scopes,
    hours,
    now,
  }: { person: string; scopes: Iterable<Scope>; hours: number; now: Date },
): Promise<string> {
  const secret = newSecret('login')
  await database.kysely.deleteFrom('logins').where('expires', '<=', now.toISOString()).execute()
  await database.kysely
    .insertInto('logins')
    .values({
      hash: secretHash(secret),
      person,
      scopes: writtenScopes(scopes),
      expires: later(now, hours * HOUR),
    })
    .execute()
  return `/login?code=${secret}`
}

/** Whom this lets log in; undefined where nobody made it, it was used, or its time is over. */
export async function useLogin(
  database: LedgerDatabase,
  secret: string,
  now: Date,
): Promise<{ person: string; scopes: Set<Scope> } | undefined> {
  // Deleting finds out who was first, where two come at once.
  const login = await reaching(() =>
    database.kysely
      .deleteFrom('logins')
      .where('hash', '=', secretHash(secret))
      .returning(['person', 'scopes', 'expires'])
      .executeTakeFirst(),
  )
  if (!login || login.expires <= now.toISOString()) return undefined
  return { person: login.person, scopes: readScopes(login.scopes) }
}

/** Begins a session: its secret is what the cookie holds. */
export async function openSession(
  database: LedgerDatabase,
  { person, scopes, now }: { person: string; scopes: Iterable<Scope>; now: Date },
): Promise<string> {
  const secret = newSecret('session')
  await reaching(async () => {
    await database.kysely.deleteFrom('sessions').where('expires', '<=', now.toISOString()).execute()
    await database.kysely
      .insertInto('sessions')
      .values({
        hash: secretHash(secret),
        person,
        scopes: writtenScopes(scopes),
        seen: now.toISOString(),
        expires: later(now, SESSION_DAYS * DAY),
      })
      .execute()
  })
  return secret
}

/** Whose session it is, and when it ends if nothing more is asked in it. */
export async function sessionByHash(
  database: LedgerDatabase,
  hash: string,
): Promise<(LetIn & { seen: string }) | undefined> {
  const row = await database.kysely
    .selectFrom('sessions')
    .select(['person', 'scopes', 'seen', 'expires'])
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (!row) return undefined
  const { person: pseudonym, scopes, seen, expires } = row
  const idle = later(new Date(seen), IDLE_DAYS * DAY)
  return {
    identity: { pseudonym, scopes: readScopes(scopes), by: 'session' },
    seen,
    expires: idle < expires ? idle : expires,
  }
}

/** Notes that somebody has asked in a session. */
export async function noteSeen(database: LedgerDatabase, hash: string, now: Date): Promise<void> {
  const seen = now.toISOString()
  await database.kysely.updateTable('sessions').set({ seen }).where('hash', '=', hash).execute()
}

export async function closeSession(database: LedgerDatabase, secret: string): Promise<void> {
  await reaching(() =>
    database.kysely.deleteFrom('sessions').where('hash', '=', secretHash(secret)).execute(),
  )
}

function later(now: Date, milliseconds: number): string {
  return new Date(now.getTime() + milliseconds).toISOString()
}
