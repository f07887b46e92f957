import { type Append, type AppendOutcome, LedgerUnavailable } from '../events/event-log.ts'
import { appendTransaction } from './append-transaction.ts'
import type { LedgerDatabase } from './database.ts'
import { groupCommit, type Settled } from './group-commit.ts'
import { type PreparedAppend, preparedAppend } from './prepared-append.ts'
import { isPassing, reaching } from './store-errors.ts'

/**
 * Appends to the events of a database, many in a transaction. One that cannot be added rejects alone;
 * where the store takes nothing, all of its group reject with `LedgerUnavailable`, and nothing of
 * them is there.
 */
export function appending(database: LedgerDatabase, now: () => Date) {
  const transaction = appendTransaction(database, now)
  const group = groupCommit<PreparedAppend, AppendOutcome>({
    group: together,
    commit: async (appends) => {
      const settled = await committed(appends)
      await forgetOldRequests()
      return settled
    },
  })
  let forgottenAt = Number.NEGATIVE_INFINITY

  return {
    append: async (append: Append) => await group.add(preparedAppend(append)),
    waiting: group.waiting,
    idle: group.idle,
  }

  /** Where a group fails for one of them, its halves are tried, so that the others do not. */
  async function committed(appends: PreparedAppend[]): Promise<Settled<AppendOutcome>[]> {
    try {
      return await reaching(() => untilNothingIntervenes(() => transaction(appends)))
    } catch (error) {
      if (appends.length === 1 || error instanceof LedgerUnavailable) {
        return appends.map(() => ({ error }))
      }
      const half = appends.length >> 1
      return [
        ...(await committed(appends.slice(0, half))),
        ...(await committed(appends.slice(half))),
      ]
    }
  }

  async function forgetOldRequests(): Promise<void> {
    const moment = now().getTime()
    if (moment - forgottenAt < HOUR) return
    forgottenAt = moment
    const before = new Date(moment - REQUESTS_KEPT).toISOString()
    await database.kysely
      .deleteFrom('requests')
      .where('at', '<', before)
      .execute()
      // The next hour sees to it.
      .catch(() => undefined)
  }
}

const HOUR = 3_600_000

/** Whoever asks again does so within a week. */
const REQUESTS_KEPT = 7 * 24 * HOUR

/** What comes first, as far as it fits into one statement, each request once. */
function together(waiting: readonly PreparedAppend[]): PreparedAppend[] {
  const requests = new Set<string>()
  const taken: PreparedAppend[] = []
  let size = 0
  for (const append of waiting) {
    size += append.size
    if (taken.length > 0 && size > MOST_CHARACTERS) break
    // The second waits for the answer to the first.
    if (append.request !== undefined && requests.has(append.request)) continue
    if (append.request !== undefined) requests.add(append.request)
    taken.push(append)
  }
  return taken
}

const MOST_CHARACTERS = 16_000_000

async function untilNothingIntervenes<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error) || attempt === ATTEMPTS) throw error
    }
  }
}

const ATTEMPTS = 10
