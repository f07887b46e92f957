/** Waits before another attempt; the first one is 0. */
export type Pause = (attempt: number) => Promise<void>

const ATTEMPTS = 5

/**
 * The JSON of an answer. What is asked must change nothing: it is asked again where nobody answers,
 * and at 429 and 5xx. Throws with status and body at any other error.
 */
export async function askedJson<T>(url: string, init: RequestInit, pause: Pause): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const answer = await attempted(url, init)
    if (answer instanceof Response) {
      if (answer.ok) return (await answer.json()) as T
      const text = (await answer.text()).slice(0, 500)
      if (!isPassing(answer.status)) throw new Error(`${url}: ${answer.status} ${text}`)
      if (attempt === ATTEMPTS) throw new Error(`${url}: ${answer.status} ${text}`)
    } else if (attempt === ATTEMPTS) throw answer
    await pause(attempt)
  }
}

/**
 * Creates something once: looks whether it is there before every attempt, since an answer that is
 * lost does not tell whether it was created. Throws where it is refused.
 */
export async function createdOnce(
  isThere: () => Promise<boolean>,
  create: () => Promise<Response>,
  pause: Pause,
): Promise<'created' | 'there'> {
  for (let attempt = 0; ; attempt++) {
    if (await isThere()) return attempt === 0 ? 'there' : 'created'
    const answer = await create().catch((error: Error) => error)
    if (answer instanceof Response && answer.ok) return 'created'
    if (answer instanceof Response && !isPassing(answer.status)) {
      throw new Error(`${answer.url}: ${answer.status} ${(await answer.text()).slice(0, 500)}`)
    }
    if (attempt === ATTEMPTS) throw answer instanceof Error ? answer : new Error(answer.statusText)
    await pause(attempt)
  }
}

/** Half a second, then twice as long each time. */
export const patiently: Pause = (attempt) =>
  new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt))

/** Text of the environment. Throws where there is none. */
export function setting(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(`${name} is not set: see docs/integrations.md`)
}

function attempted(url: string, init: RequestInit): Promise<Response | Error> {
  return fetch(url, { signal: AbortSignal.timeout(60_000), ...init }).catch(
    (error: Error) => new Error(`${url}: ${error.message}`, { cause: error.cause }),
  )
}

function isPassing(status: number): boolean {
  return status === 429 || status >= 500
}
