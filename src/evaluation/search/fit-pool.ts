import { type ThreadPool, threadPool } from '../../base/threads.ts'
import { type FitResult, type FitTask, fitTask } from './fit-task.ts'

/** Fits candidates in so many threads, those of one panel in one where that costs no time. */
export function fitPool(threads: number): ThreadPool<FitTask, FitResult> {
  return threadPool({
    threads,
    worker: new URL('./fit-worker.ts', import.meta.url),
    work: fitTask,
    affinity: ({ panelKey }) => panelKey,
  })
}
