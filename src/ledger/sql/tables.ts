import type { Generated } from 'kysely'

/** The two kinds of database that a ledger can live in. */
export type DialectName = 'sqlite' | 'postgres'

/** The tables of a ledger, as queries know them. Times are ISO 8601 in UTC, as texts. */
export type Tables = {
  events: EventTable
  requests: RequestTable
  notes: NoteTable
  persons: PersonTable
  tokens: TokenTable
  sessions: SessionTable
  logins: LoginTable
  ledger: LedgerTable
  probe: ProbeTable
}

/** What happened: rows are added, and neither changed nor deleted. The database holds to that. */
type EventTable = {
  seq: Generated<number>
  /** PostgreSQL only: how often it was restored from a dump, to a server that counts anew. */
  epoch: Generated<number>
  /** PostgreSQL only: the transaction that added it. */
  xid: Generated<string>
  id: string
  source: string
  type: string
  subject: string
  time: string
  supersedes: string | null
  /** Of a decision or a receipt: the event of the forecast or the order. */
  of_event: string | null
  /** What it has in common with events that are the same: there is one of them. */
  once: string | null
  /** JSON. */
  data: string
}

/** Requests that were answered, for when they come again. */
type RequestTable = {
  owner: string
  key: string
  digest: string
  /** A JSON string. */
  answer: string
  at: string
}

/** Free texts beside events: apart from them, because they can be deleted. */
type NoteTable = {
  event_id: string
  /** Who wrote it, as a pseudonym. */
  person: string
  /** A JSON string: a column of text of PostgreSQL does not take every character. */
  text: string
}

/** Whose pseudonyms they are. */
type PersonTable = {
  pseudonym: string
  name: string
  since: string
  /** Who signs in by another service: which one, and as whom it knows the person. */
  issuer: string | null
  subject: string | null
}

/** What opens the service to whoever has its secret, of which this is the SHA-256. */
type SecretTable = {
  hash: string
  /** A pseudonym. */
  person: string
  /** With spaces between them. */
  scopes: string
}

/** Of systems that ask; `used` is a day. */
type TokenTable = SecretTable & { created: string; expires: string | null; used: string | null }

/** Of browsers. */
type SessionTable = SecretTable & { seen: string; expires: string }

/** Of links that begin a session, once. */
type LoginTable = SecretTable & { expires: string }

/** One row: which ledger this is. */
type LedgerTable = { one: number; id: string }

/** Empty, but for a moment: what is written to see whether anything can be. */
type ProbeTable = { content: string }
