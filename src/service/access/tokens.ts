import type { LedgerDatabase } from '../../ledger/sql/database.ts'
import { type Identity, readScopes, type Scope, writtenScopes } from '../http/identity.ts'
import { personNamed } from './persons.ts'
import { newSecret, secretHash } from './secret.ts'

/** A token as a list shows it. Its secret is kept nowhere. */
export type Token = {
  /** The beginning of the secret's hash: what it is revoked by. */
  id: string
  name: string
  pseudonym: string
  scopes: Scope[]
  created: string
  expires?: string
  /** ISO day, in UTC: the last one on which it was used. */
  used?: string
}

/** Who a secret lets in, and until when; ISO 8601 in UTC, open where there is no end. */
export type LetIn = { identity: Identity; expires?: string }

/** Makes a token for whoever has this name; the secret is in the result, and nowhere else. */
export async function createToken(
  database: LedgerDatabase,
  given: { name: string; scopes: Iterable<Scope>; expires?: string; now: Date },
): Promise<{ secret: string; token: Token }> {
  const secret = newSecret('token')
  const { pseudonym, name } = await personNamed(database, given.name, given.now)
  const row = {
    hash: secretHash(secret),
    person: pseudonym,
    scopes: writtenScopes(given.scopes),
    created: given.now.toISOString(),
    expires: given.expires ?? null,
    used: null,
  }
  await database.kysely.insertInto('tokens').values(row).execute()
  return { secret, token: shownToken({ ...row, name }) }
}

/** All tokens, the oldest first. */
export async function listTokens(database: LedgerDatabase): Promise<Token[]> {
  const rows = await tokensWithNames(database).orderBy('created').orderBy('hash').execute()
  return rows.map(shownToken)
}

/**
 * Ends the token of this id, or of this beginning of one that no other has, or all tokens of this
 * name; gives those that it has ended.
 */
export async function revokeTokens(database: LedgerDatabase, idOrName: string): Promise<Token[]> {
  const all = await tokensWithNames(database).execute()
  const named = all.filter(({ name }) => name === idOrName)
  const ended = named.length > 0 ? named : all.filter(({ hash }) => isOf(hash, idOrName))
  if (named.length === 0 && ended.length > 1) return []
  for (const { hash } of ended) {
    await database.kysely.deleteFrom('tokens').where('hash', '=', hash).execute()
  }
  return ended.map(shownToken)
}

/** Whom this token lets in, also where it has expired; undefined where nobody knows it. */
export async function tokenByHash(
  database: LedgerDatabase,
  hash: string,
): Promise<LetIn | undefined> {
  const row = await database.kysely
    .selectFrom('tokens')
    .select(['person', 'scopes', 'expires'])
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (!row) return undefined
  const { person: pseudonym, scopes, expires } = row
  return {
    identity: { pseudonym, scopes: readScopes(scopes), by: 'token' },
    ...(expires !== null && { expires }),
  }
}

/** Notes the day on which a token was used: who lists them sees which nobody needs any more. */
export async function noteUse(database: LedgerDatabase, hash: string, now: Date): Promise<void> {
  const used = now.toISOString().slice(0, 10)
  await database.kysely.updateTable('tokens').set({ used }).where('hash', '=', hash).execute()
}

function tokensWithNames(database: LedgerDatabase) {
  return database.kysely
    .selectFrom('tokens')
    .innerJoin('persons', 'persons.pseudonym', 'tokens.person')
    .select(['hash', 'person', 'name', 'scopes', 'created', 'expires', 'used'])
}

function shownToken(row: {
  hash: string
  person: string
  name: string
  scopes: string
  created: string
  expires: string | null
  used: string | null
}): Token {
  const { hash, person, name, scopes, created, expires, used } = row
  return {
    id: hash.slice(0, ID),
    name,
    pseudonym: person,
    scopes: [...readScopes(scopes)],
    created,
    ...(expires !== null && { expires }),
    ...(used !== null && { used }),
  }
}

function isOf(hash: string, id: string): boolean {
  return id.length >= SHORTEST && id.length <= ID && hash.startsWith(id)
}

const ID = 12
const SHORTEST = 4
