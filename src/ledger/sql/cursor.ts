import { CursorRefused } from '../events/event-log.ts'

/** What whoever exports hands back to go on after this event of this ledger. */
export function cursorText(event: string, ledger: string): string {
  return `${ledger}.${event}`
}

/** The id of the ledger that gave the cursor. Throws `CursorRefused` where the text is none. */
export function ledgerOf(cursor: string): string {
  const [, ledger] = OF_A_LEDGER.exec(cursor) ?? []
  if (ledger !== undefined) return ledger
  throw new CursorRefused('the cursor is none that a ledger gave', FROM_THE_BEGINNING)
}

const OF_A_LEDGER = /^([0-9a-f-]{36})\./

/** The id of the event after which to go on. Throws `CursorRefused` where it is of another ledger. */
export function lastOf(cursor: string, ledger: string): string {
  const of = ledgerOf(cursor)
  if (of === ledger) return cursor.slice(of.length + 1)
  throw new CursorRefused(
    `the cursor is one of the ledger ${of}, but this is ${ledger}`,
    FROM_THE_BEGINNING,
  )
}

const FROM_THE_BEGINNING = 'Leave it out to begin with the first event.'

/**
 * What a ledger says that does not have the event at which the last export ended: it was restored
 * from an earlier state, and has recorded others since, which would be left out.
 */
export function notThere(event: string): CursorRefused {
  return new CursorRefused(
    `the cursor is of the event ${event}, which is not in this ledger`,
    'After it was restored from a backup, give it another id, as docs/ledger.md says.',
  )
}
