import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Outcome, Setting } from './histories.ts'

/** The outcomes of as many histories, each with those of its challengers, one thread a core. */
export async function judgedHistories(setting: Setting, histories: number): Promise<Outcome[][]> {
  const cores = availableParallelism()
  const parts = await Promise.all(
    Array.from({ length: cores }, async (_, core) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url))
      const seeds = Array.from({ length: histories }, (_, index) => index + 1)
      worker.postMessage({ setting, seeds: seeds.filter((seed) => seed % cores === core) })
      const [outcomes] = (await once(worker, 'message')) as [Outcome[][]]
      await worker.terminate()
      return outcomes
    }),
  )
  return parts.flat()
}
