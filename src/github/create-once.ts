import type { GitHub } from './client.ts'
import { statusOf } from './failure.ts'

/**
 * Looks, creates, looks again: for what GitHub would make twice if it were asked twice. A request
 * whose connection dropped may have been carried out, so every new try begins with `find`.
 *
 * Throws what `create` threw last where the thing does not appear, or at once where it is refused.
 */
export async function createOnce<T>(
  github: GitHub,
  find: () => Promise<T | undefined>,
  create: () => Promise<T>,
): Promise<{ thing: T; created: boolean }> {
  for (let attempt = 0; ; attempt++) {
    const thing = await find()
    if (thing !== undefined) return { thing, created: attempt > 0 }
    try {
      return { thing: await create(), created: true }
    } catch (error) {
      if (!mayBeThereNow(error) || attempt === RETRIES) throw error
      await github.pause(attempt)
    }
  }
}

const RETRIES = 3

/** 422 is also how GitHub says "already exists" to the second of two that create at once. */
function mayBeThereNow(error: unknown): boolean {
  const status = statusOf(error)
  return status !== undefined && (status >= 500 || [409, 422, 429].includes(status))
}
