import { setImmediate } from 'node:timers/promises'

/** To be awaited in a long loop: lets whoever else waits have a turn, every so many calls. */
export function turns(every: number): () => Promise<void> {
  let calls = 0
  return async () => {
    calls++
    if (calls % every === 0) await setImmediate()
  }
}
