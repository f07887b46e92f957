import { UserError } from '../../base/errors.ts'
import type { RecordedEvent, RecordedType } from './event.ts'

/** What happened, event by event: appended once and never changed. Who records knows no store. */
export type EventLog = {
  /**
   * Adds all of these, or none. They are on disk once this resolves: appends of the same time share
   * a flush. Rejects with `LedgerUnavailable` where nothing can be written now, with
   * `CannotSupersede` where one corrects what cannot be corrected.
   */
  append(appended: Append): Promise<AppendOutcome>
  /** Events by their ids; those that are not there are missing from the result. */
  byId(ids: readonly string[]): Promise<Map<string, RecordedEvent>>
  /** The newest first. What was superseded is left out unless it is asked for. */
  find<T extends RecordedType>(
    query: EventLogQuery<T>,
  ): Promise<Extract<RecordedEvent, { type: T }>[]>
  /**
   * What comes after a cursor, in an order into which nothing can come later: only what no open
   * transaction can still precede. Rejects with `CursorRefused` where it is none of this ledger.
   */
  after(
    cursor: string | undefined,
    limit: number,
  ): Promise<{ events: RecordedEvent[]; cursor: string | undefined }>
  /** The free texts that people wrote beside their decisions, by the ids of these. */
  notes(ids: readonly string[]): Promise<Map<string, string>>
  /** Writes something to the store and takes it back: whether it takes anything. */
  writable(): Promise<boolean>
  close(): Promise<void>
}

export type Append = {
  events: readonly RecordedEvent[]
  /**
   * For each event that is the same as one that may be there already, what they have in common:
   * the one that is there stays the only one. By the event's id.
   */
  once?: ReadonlyMap<string, string>
  /** Free texts to keep beside the events, by their ids: apart, so that they can be deleted. */
  notes?: ReadonlyMap<string, { person: string; text: string }>
  /** The request that asks for it, where it says so: answered once, however often it comes. */
  request?: IdempotentRequest
}

/** Characters that a note may have, whichever way it comes. */
export const LONGEST_NOTE = 500

export type IdempotentRequest = {
  /** Whose key it is: the same key of somebody else is another. */
  owner: string
  key: string
  /** SHA-256 of all that was asked for. */
  digest: string
  /**
   * What it is answered, kept for the next time. It is told what was there already under a `once`,
   * as `AppendOutcome` has it: only the store knows, and the answer is kept together with the events.
   */
  answer(known: ReadonlyMap<string, string>): string
}

export type AppendOutcome =
  /** By the id of an event that was there already under its `once`, the id of that one. */
  | { outcome: 'appended'; known: Map<string, string> }
  /** The same request was answered before: nothing is added. */
  | { outcome: 'repeated'; answer: string }
  /** Another request came under this key before: nothing is added. */
  | { outcome: 'other request' }

export type EventLogQuery<T extends RecordedType> = {
  type: T
  /** Of these series, as `seriesId` writes them. */
  subjects?: readonly string[]
  /** Of this product, in whatever store. */
  product?: string
  /** Of decisions and receipts: those on these events. */
  of?: readonly string[]
  /** Recorded at this moment or later, ISO 8601 in UTC. */
  since?: string
  limit: number
  superseded?: boolean
}

/** The store cannot be written or read now: the disk is full, the database is gone. */
export class LedgerUnavailable extends Error {
  constructor(cause: unknown) {
    super('the ledger cannot be reached', { cause })
    this.name = 'LedgerUnavailable'
  }
}

/** An event is not added, because of what it says that it supersedes. Nothing of its append is. */
export class CannotSupersede extends UserError {
  readonly problem: 'missing' | 'of another kind' | 'superseded before'

  constructor({ id, supersedes }: RecordedEvent, problem: CannotSupersede['problem']) {
    super(`must be an event that event ${id} can correct, but ${supersedes} is ${problem}`, {
      key: 'supersedes',
      remedy: 'Correct the latest event about the same, of the same type and series.',
    })
    this.name = 'CannotSupersede'
    this.problem = problem
  }
}

/** Nothing comes after a cursor that this ledger did not give. */
export class CursorRefused extends UserError {
  constructor(what: string, remedy: string) {
    super(what, { key: 'cursor', remedy })
    this.name = 'CursorRefused'
  }
}
