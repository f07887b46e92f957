import { type Kysely, sql } from 'kysely'
import type { DialectName } from '../tables.ts'

/** What lets somebody in: of each secret a hash, whose it is, what it allows, and until when. */
export async function addAccess(kysely: Kysely<unknown>, dialect: DialectName): Promise<void> {
  for (const statement of [...persons, ...secrets(dialect)]) {
    await sql.raw(statement).execute(kysely)
  }
}

const persons = [
  'alter table persons add column issuer text',
  'alter table persons add column subject text',
  'create unique index persons_elsewhere on persons (issuer, subject)',
  'create unique index persons_here on persons (name) where issuer is null',
]

function secrets(dialect: DialectName): string[] {
  const [text, strict] = dialect === 'sqlite' ? ['text', ' strict'] : ['text collate "C"', '']
  const common = `
    hash ${text} not null primary key,
    person ${text} not null references persons (pseudonym),
    scopes text not null`
  return [
    `create table tokens (${common},
      created ${text} not null,
      expires ${text},
      used ${text}
    )${strict}`,
    `create table sessions (${common},
      seen ${text} not null,
      expires ${text} not null
    )${strict}`,
    `create table logins (${common},
      expires ${text} not null
    )${strict}`,
    ...['tokens', 'sessions', 'logins'].map(
      (of) => `create index ${of}_by_person on ${of} (person)`,
    ),
  ]
}
