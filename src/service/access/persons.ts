import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { quoted, UserError } from '../../base/errors.ts'
import { count, object } from '../../base/schema-parts.ts'
import { shortened } from '../../base/wording.ts'
import type { LedgerDatabase } from '../../ledger/sql/database.ts'
import { reaching } from '../../ledger/sql/store-errors.ts'

/** Somebody, or a system, who may ask: events know the pseudonym, and only this table the name. */
export type Person = { pseudonym: string; name: string }

/** What was deleted of a person, and how many of it. */
export const Forgotten = object({
  pseudonym: Type.String(),
  notes: count,
  sessions: count,
  tokens: count,
})
export type Forgotten = Static<typeof Forgotten>

/**
 * Who has this name here, and signs in by no other service; somebody new where nobody has it.
 * Throws a `UserError` where it is none.
 */
export async function personNamed(
  database: LedgerDatabase,
  given: string,
  now: Date,
): Promise<Person> {
  const name = checkedName(given)
  // Another process may add the same name at the same time: whoever is there then is meant.
  await database.kysely
    .insertInto('persons')
    .values({ pseudonym: newPseudonym(), name, since: now.toISOString() })
    .onConflict((same) => same.doNothing())
    .execute()
  return await database.kysely
    .selectFrom('persons')
    .select(['pseudonym', 'name'])
    .where('name', '=', name)
    .where('issuer', 'is', null)
    .executeTakeFirstOrThrow()
}

/** Who signs in by another service, as this subject of this issuer; the name there is kept anew. */
export async function personOf(
  database: LedgerDatabase,
  { issuer, subject, name, now }: { issuer: string; subject: string; name: string; now: Date },
): Promise<Person> {
  const kept =
    shortened(
      name
        .toWellFormed()
        .replaceAll(/\p{Cc}/gu, ' ')
        .trim(),
      NAME,
    ) || '–'
  return await reaching(() =>
    database.kysely
      .insertInto('persons')
      .values({ pseudonym: newPseudonym(), name: kept, issuer, subject, since: now.toISOString() })
      .onConflict((same) => same.columns(['issuer', 'subject']).doUpdateSet({ name: kept }))
      .returning(['pseudonym', 'name'])
      .executeTakeFirstOrThrow(),
  )
}

/** The names of persons by their pseudonyms; those who were deleted have none. */
export async function namesOf(
  { kysely }: LedgerDatabase,
  pseudonyms: readonly string[],
): Promise<Map<string, string>> {
  if (pseudonyms.length === 0) return new Map()
  const rows = await kysely
    .selectFrom('persons')
    .select(['pseudonym', 'name'])
    .where('pseudonym', 'in', [...pseudonyms])
    .execute()
  return new Map(rows.map(({ pseudonym, name }) => [pseudonym, name]))
}

/**
 * The pseudonym of the person who is meant by it, or by a name; undefined where it is nobody. Throws a
 * `UserError` where several have that name.
 */
export async function pseudonymOf(
  { kysely }: LedgerDatabase,
  pseudonymOrName: string,
): Promise<string | undefined> {
  const found = await kysely
    .selectFrom('persons')
    .select('pseudonym')
    .where((is) =>
      is.or([
        is('pseudonym', '=', pseudonymOrName),
        is('name', '=', pseudonymOrName.normalize('NFC').trim()),
      ]),
    )
    .execute()
  if (found.length < 2) return found[0]?.pseudonym
  const all = found.map(({ pseudonym }) => pseudonym).join(', ')
  throw new UserError(`${found.length} persons are called ${quoted(pseudonymOrName)}: ${all}`, {
    remedy: 'Say which one by the pseudonym.',
  })
}

/**
 * Deletes all that says who somebody is: name, free texts, sessions, links, tokens, and answers that
 * were kept. What was decided stays, under a pseudonym that no longer leads to anybody. Undefined
 * where there is nothing of this pseudonym. Rejects with `LedgerUnavailable` where nothing can be
 * deleted now.
 */
export async function forgetPerson(
  { kysely, dialect }: LedgerDatabase,
  pseudonym: string,
): Promise<Forgotten | undefined> {
  const forgotten = await reaching(() =>
    kysely.transaction().execute(async (transaction) => {
      const deleted = async (table: 'notes' | 'sessions' | 'logins' | 'tokens') => {
        const { numDeletedRows } = await transaction
          .deleteFrom(table)
          .where('person', '=', pseudonym)
          .executeTakeFirstOrThrow()
        return Number(numDeletedRows)
      }
      const [notes, sessions, tokens] = [
        await deleted('notes'),
        await deleted('sessions'),
        await deleted('tokens'),
      ]
      await deleted('logins')
      await transaction.deleteFrom('requests').where('owner', '=', pseudonym).execute()
      const { numDeletedRows } = await transaction
        .deleteFrom('persons')
        .where('pseudonym', '=', pseudonym)
        .executeTakeFirstOrThrow()
      const isKnown = Number(numDeletedRows) + notes + sessions + tokens > 0
      return isKnown ? { pseudonym, notes, sessions, tokens } : undefined
    }),
  )
  // What was deleted stands in the log of SQLite until that is written back.
  if (forgotten && dialect === 'sqlite') {
    await sql`pragma wal_checkpoint(truncate)`.execute(kysely)
  }
  return forgotten
}

function checkedName(given: string): string {
  const name = given.normalize('NFC').trim()
  const problem =
    name === ''
      ? 'is empty'
      : [...name].length > NAME
        ? `has ${[...name].length} characters`
        : /\p{Cc}/u.test(name) || !name.isWellFormed()
          ? 'has characters that cannot be shown'
          : undefined
  if (problem === undefined) return name
  throw new UserError(
    `a name must be a text of 1 to ${NAME} characters on one line, but ${quoted(shortened(name, 40))} ${problem}`,
    { remedy: 'Name who is to use it, such as --name "stock system".' },
  )
}

/** Random: it follows from nothing that anybody knows of the person. */
function newPseudonym(): string {
  return `p-${randomBytes(8).toString('hex')}`
}

/** Characters. */
const NAME = 100
