import { UserError } from '../../base/errors.ts'

/** Where an event stands in the order of the export. */
export type Position = { xid: string; seq: string }

/** What whoever exports hands back to go on after this event of this ledger. */
export function cursorText({ xid, seq }: Position, ledger: string): string {
  return `${ledger}.${xid}.${seq}`
}

/** The id of the ledger that gave the cursor. Throws a `UserError` where the text is none. */
export function ledgerOf(cursor: string): string {
  const [, ledger] = CURSOR.exec(cursor) ?? []
  if (ledger !== undefined) return ledger
  throw new UserError('the cursor is none that a ledger gave', { key: 'cursor' })
}

/** Throws a `UserError` where the text is no cursor, or one of another ledger. */
export function positionOf(cursor: string, ledger: string): Position {
  const [, of, xid, seq] = CURSOR.exec(cursor) ?? []
  if (of === ledger) return { xid, seq }
  throw new UserError(
    of === undefined
      ? 'the cursor is none that this ledger gave'
      : `the cursor is one of the ledger ${of}, but this is ${ledger}`,
    { key: 'cursor', remedy: 'Leave it out to begin with the first event.' },
  )
}

/** Digits as many as always fit into what the database takes. */
const CURSOR = /^([0-9a-f-]{36})\.(\d{1,18})\.(\d{1,18})$/
