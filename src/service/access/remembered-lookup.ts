import { setImmediate } from 'node:timers/promises'
import { LedgerUnavailable } from '../../ledger/events/event-log.ts'

type Kept<T> = { found: T; at: number }

/**
 * Looks something up in the database, once for all that ask for it in the same turn of the event
 * loop, and never before they have asked: what was revoked is gone for the next one who asks,
 * whichever process revoked it. Only while the database does not answer, what it said within the
 * last hour goes on; what it has not said rejects with `LedgerUnavailable`.
 */
export function rememberedLookup<T>(
  lookUp: (key: string) => Promise<T | undefined>,
  now: () => Date,
): { find(key: string): Promise<T | undefined>; knows(key: string): boolean } {
  const asked = new Map<string, Promise<T | undefined>>()
  const kept = new Map<string, Kept<T>>()
  let lostUntil = 0

  async function answer(key: string): Promise<T | undefined> {
    await setImmediate()
    asked.delete(key)
    const before = kept.get(key)
    if (before && now().getTime() < lostUntil) return before.found
    try {
      const found = await within(PATIENCE, lookUp(key))
      kept.delete(key)
      if (found !== undefined) keep(kept, key, { found, at: now().getTime() })
      return found
    } catch (cause) {
      lostUntil = now().getTime() + RETRY
      if (before && now().getTime() - before.at <= HOUR) return before.found
      throw new LedgerUnavailable(cause)
    }
  }

  return {
    find(key) {
      const found = asked.get(key) ?? answer(key)
      asked.set(key, found)
      return found
    },
    knows: (key) => kept.has(key),
  }
}

/** The longest unused goes first. */
function keep<T>(kept: Map<string, Kept<T>>, key: string, value: Kept<T>): void {
  kept.set(key, value)
  if (kept.size <= MOST) return
  const [oldest] = kept.keys()
  kept.delete(oldest)
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), milliseconds)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const HOUR = 3_600_000
/** Milliseconds that a database may take to say who somebody is. */
const PATIENCE = 2_000
/** Milliseconds after which a database that did not answer is asked again. */
const RETRY = 1_000
/** As many are remembered. */
const MOST = 10_000
