import { randomBytes } from 'node:crypto'
import { quoted, UserError } from '../../base/errors.ts'
import { shortened } from '../../base/wording.ts'
import type { LedgerDatabase } from '../../ledger/sql/database.ts'

/** Somebody, or a system, who may ask: events know the pseudonym, and only this table the name. */
export type Person = { pseudonym: string; name: string }

/** What came of it where a person was to be deleted. */
export type Forgotten = { pseudonym: string; notes: number; sessions: number; tokens: number }

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
  const found = await database.kysely
    .selectFrom('persons')
    .select(['pseudonym', 'name'])
    .where('name', '=', name)
    .where('issuer', 'is', null)
    .executeTakeFirst()
  if (found) return found
  const person = { pseudonym: newPseudonym(), name }
  await database.kysely
    .insertInto('persons')
    .values({ ...person, since: now.toISOString() })
    .execute()
  return person
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
  return await database.kysely
    .insertInto('persons')
    .values({ pseudonym: newPseudonym(), name: kept, issuer, subject, since: now.toISOString() })
    .onConflict((same) => same.columns(['issuer', 'subject']).doUpdateSet({ name: kept }))
    .returning(['pseudonym', 'name'])
    .executeTakeFirstOrThrow()
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
 * Deletes all that says who somebody is: name, free texts, sessions, links and tokens. What was
 * decided stays, under a pseudonym that no longer leads to anybody. Undefined where nobody has this
 * pseudonym or name; throws a `UserError` where several have it.
 */
export async function forgetPerson(
  database: LedgerDatabase,
  pseudonymOrName: string,
): Promise<Forgotten | undefined> {
  return await database.kysely.transaction().execute(async (transaction) => {
    const found = await transaction
      .selectFrom('persons')
      .select('pseudonym')
      .where((is) =>
        is.or([is('pseudonym', '=', pseudonymOrName), is('name', '=', pseudonymOrName)]),
      )
      .execute()
    if (found.length > 1) throw severalOf(pseudonymOrName, found)
    const [person] = found
    if (!person) return undefined
    const { pseudonym } = person
    const deleted = async (table: 'notes' | 'sessions' | 'logins' | 'tokens') => {
      const { numDeletedRows } = await transaction
        .deleteFrom(table)
        .where('person', '=', pseudonym)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    }
    const notes = await deleted('notes')
    const sessions = await deleted('sessions')
    const tokens = await deleted('tokens')
    await deleted('logins')
    await transaction.deleteFrom('persons').where('pseudonym', '=', pseudonym).execute()
    return { pseudonym, notes, sessions, tokens }
  })
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

function severalOf(name: string, found: { pseudonym: string }[]): UserError {
  const all = found.map(({ pseudonym }) => pseudonym).join(', ')
  return new UserError(`${found.length} persons are called ${quoted(name)}: ${all}`, {
    remedy: 'Say which one by the pseudonym.',
  })
}

/** Random: it follows from nothing that anybody knows of the person. */
function newPseudonym(): string {
  return `p-${randomBytes(8).toString('hex')}`
}

/** Characters. */
const NAME = 100
