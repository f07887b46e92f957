import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { UserError } from '../../base/errors.ts'
import { type FitResult, type FitTask, fitTask } from './fit-task.ts'
import type { FitReply } from './fit-worker.ts'

/** Fits candidates, several at once. Which thread does which, and when, changes no result. */
export type FitPool = {
  fit(task: FitTask): Promise<FitResult>
  /** Ends the threads; what they have not done by then fails. */
  close(): Promise<void>
}

/**
 * A pool of so many threads, which start with the first task; with 0 the tasks are done here, one
 * after another. An error of a task is one of its `fit`; a thread that dies fails all that is left.
 */
export function fitPool(threads: number): FitPool {
  const queue: Job[] = []
  let lanes: Lane[] | undefined
  let broken: { cause: unknown } | undefined

  const breakDown = (cause: unknown) => {
    broken ??= { cause }
    for (const { reject } of queue.splice(0)) reject(cause)
  }
  const start = () => {
    if (queue.length === 0) return
    lanes ??= threads === 0 ? [here()] : Array.from({ length: threads }, () => thread(breakDown))
    for (const ahead of [0, 1]) {
      for (const lane of lanes) {
        // A second task spares a thread the wait for this one; the last ones go to whoever is free.
        if (lane.tasks > ahead || queue.length <= ahead * lanes.length) continue
        const job = takeJob(queue, lane, lanes)
        lane.tasks++
        lane.panelKey = job.task.panelKey
        lane
          .run(job.task)
          .then(job.resolve, job.reject)
          .finally(() => {
            lane.tasks--
            start()
          })
      }
    }
  }

  return {
    fit: (task) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken.cause)
        queue.push({ task, resolve, reject })
        // Not at once: whoever asks for one fit asks for more, and then there is a choice.
        queueMicrotask(start)
      }),
    async close() {
      breakDown(new Error('the pool was closed before the fit was made'))
      await Promise.all((lanes ?? []).map((lane) => lane.close()))
    },
  }
}

type Job = {
  task: FitTask
  resolve(result: FitResult): void
  reject(cause: unknown): void
}

/** Does one task after another. */
type Lane = {
  /** How many it has been given and has not done. */
  tasks: number
  /** Of the last of them. */
  panelKey?: string
  run(task: FitTask): Promise<FitResult>
  close(): Promise<unknown>
}

/**
 * The next job of a lane: the oldest that has the panel which the lane knows; without one, the
 * oldest of a panel that no other lane is at; without one, the oldest.
 */
function takeJob(queue: Job[], lane: Lane, lanes: Lane[]): Job {
  const elsewhere = new Set(lanes.filter(({ tasks }) => tasks > 0).map(({ panelKey }) => panelKey))
  const known = queue.findIndex(({ task }) => task.panelKey === lane.panelKey)
  const free = queue.findIndex(({ task }) => !elsewhere.has(task.panelKey))
  return queue.splice([known, free, 0].find((index) => index >= 0) ?? 0, 1)[0]
}

/** This thread, which sees to signals and the progress bar between two tasks. */
function here(): Lane {
  const run = async (task: FitTask) => {
    await setImmediate()
    return fitTask(task)
  }
  return { tasks: 0, run, close: async () => {} }
}

/** Less room for what is soon garbage than a thread takes by itself: it costs no time. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 }

/** A thread that keeps the process alive only while it works. */
function thread(onDeath: (cause: unknown) => void): Lane {
  const worker = new Worker(new URL('./fit-worker.ts', import.meta.url), { resourceLimits })
  worker.unref()
  const asked: PromiseWithResolvers<FitResult>[] = []
  const die = (cause: unknown) => {
    for (const { reject } of asked.splice(0)) reject(cause)
    onDeath(cause)
  }
  worker
    .on('message', (reply: FitReply) => {
      const answered = asked.shift()
      if (asked.length === 0) worker.unref()
      if (reply.type === 'done') answered?.resolve(reply.result)
      if (reply.type === 'user error') answered?.reject(new UserError(reply.what, reply.options))
      if (reply.type === 'bug') answered?.reject(reply.error)
    })
    .on('error', die)
    .on('exit', (code) =>
      die(new Error(`a thread that fits models ended too early, with exit code ${code}`)),
    )
  return {
    tasks: 0,
    async run(task) {
      worker.postMessage(task)
      worker.ref()
      const answer = Promise.withResolvers<FitResult>()
      asked.push(answer)
      return await answer.promise
    },
    close: () => worker.terminate(),
  }
}
