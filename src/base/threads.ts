import { setImmediate } from 'node:timers/promises'
import { parentPort, Worker } from 'node:worker_threads'
import { UserError } from './errors.ts'

/** What a thread does with a task; `tell` says how far it is. The task and what it says are cloned. */
export type Work<Task, Result> = (
  task: Task,
  tell: (progress: number) => void,
) => Result | Promise<Result>

/** Does tasks, several at once. Which thread does which, and when, changes no result. */
export type ThreadPool<Task, Result> = {
  /** An error of a task is one here; a thread that dies fails all that is left. */
  run(task: Task, onProgress?: (progress: number) => void): Promise<Result>
  /** Ends the threads where there is nothing for them to do; the next task starts others. */
  rest(): Promise<void>
  /** Ends the threads; what they have not done by then fails. */
  close(): Promise<void>
}

/**
 * A pool of so many threads, which start with the first task; with 0 the tasks are done here, one
 * after another, by `work`. With others by the module `worker`, which calls `serve` with it.
 * `affinity` names what a task has in common with others: a thread goes on with what it knows.
 */
export function threadPool<Task, Result>(options: {
  threads: number
  worker: URL
  work: Work<Task, Result>
  affinity?: (task: Task) => string
  /** How much memory each may use, but for arrays of numbers; by default what Node gives it. */
  mostMemoryMb?: number
  /** Called where a thread dies: the pool does nothing more. */
  onDeath?: (cause: unknown) => void
}): ThreadPool<Task, Result> {
  const { threads, worker, work, mostMemoryMb, affinity = () => '', onDeath = () => {} } = options
  const queue: Job<Task, Result>[] = []
  let lanes: Lane<Task, Result>[] | undefined
  let broken: { cause: unknown } | undefined

  const breakDown = (cause: unknown) => {
    broken ??= { cause }
    for (const { reject } of queue.splice(0)) reject(cause)
  }
  const die = (cause: unknown) => {
    const isFirst = broken === undefined
    breakDown(cause)
    if (isFirst) onDeath(cause)
  }
  const start = () => {
    if (queue.length === 0) return
    lanes ??=
      threads === 0
        ? [here(work)]
        : Array.from({ length: threads }, () => thread<Task, Result>(worker, die, mostMemoryMb))
    for (const ahead of [0, 1]) {
      for (const lane of lanes) {
        // A second task spares a thread the wait for this one; the last ones go to whoever is free.
        if (lane.tasks > ahead || queue.length <= ahead * lanes.length) continue
        const job = takeJob(queue, lane, lanes)
        lane.tasks++
        lane.affinity = job.affinity
        lane
          .run(job)
          .then(job.resolve, job.reject)
          .finally(() => {
            lane.tasks--
            start()
          })
      }
    }
  }

  return {
    run: (task, onProgress = () => {}) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken.cause)
        queue.push({ task, affinity: affinity(task), onProgress, resolve, reject })
        // Not at once: whoever asks for one task asks for more, and then there is a choice.
        queueMicrotask(start)
      }),
    async rest() {
      if (queue.length > 0 || lanes?.some(({ tasks }) => tasks > 0)) return
      const idle = lanes ?? []
      lanes = undefined
      await Promise.all(idle.map((lane) => lane.close()))
    },
    async close() {
      breakDown(new Error('the pool was closed before the task was done'))
      await Promise.all((lanes ?? []).map((lane) => lane.close()))
    },
  }
}

/** Called once in a thread: does its tasks. `buffersOf` names the memory that moves to the asker. */
export function serve<Task, Result>(
  work: Work<Task, Result>,
  buffersOf: (result: Result) => ArrayBuffer[],
): void {
  const say = (reply: Reply<Result>, moved: ArrayBuffer[] = []) =>
    parentPort?.postMessage(reply, moved)
  let last = Promise.resolve()
  parentPort?.on('message', (task: Task) => {
    last = last.then(async () => {
      try {
        const result = await work(task, (progress) => say({ type: 'progress', progress }))
        say({ type: 'done', result }, buffersOf(result))
      } catch (error) {
        say(failureOf(error))
      }
    })
  })
}

type Job<Task, Result> = {
  task: Task
  affinity: string
  onProgress(progress: number): void
  resolve(result: Result): void
  reject(cause: unknown): void
}

/** Does one task after another. */
type Lane<Task, Result> = {
  /** How many it has been given and has not done. */
  tasks: number
  /** Of the last of them. */
  affinity?: string
  run(job: Pick<Job<Task, Result>, 'task' | 'onProgress'>): Promise<Result>
  close(): Promise<unknown>
}

/**
 * What a thread says. No thread can send a `UserError` itself, nor the code and the path that other
 * errors have with them.
 */
type Reply<Result> =
  | { type: 'progress'; progress: number }
  | { type: 'done'; result: Result }
  | { type: 'user error'; what: string; options: ConstructorParameters<typeof UserError>[1] }
  | { type: 'bug'; error: unknown; details: object }

function failureOf(error: unknown): Extract<Reply<never>, { type: 'user error' | 'bug' }> {
  if (!(error instanceof UserError)) {
    return { type: 'bug', error, details: { ...(error as object) } }
  }
  const { what, place, remedy } = error
  return { type: 'user error', what, options: { ...place, ...(remedy && { remedy }) } }
}

/**
 * The next job of a lane: the oldest that has what the lane knows; without one, the oldest of what
 * no other lane is at; without one, the oldest.
 */
function takeJob<Task, Result>(
  queue: Job<Task, Result>[],
  lane: Lane<Task, Result>,
  lanes: Lane<Task, Result>[],
): Job<Task, Result> {
  const elsewhere = new Set(lanes.filter(({ tasks }) => tasks > 0).map((other) => other.affinity))
  const known = queue.findIndex(({ affinity }) => affinity === lane.affinity)
  const free = queue.findIndex(({ affinity }) => !elsewhere.has(affinity))
  return queue.splice([known, free, 0].find((index) => index >= 0) ?? 0, 1)[0]
}

/** This thread, which sees to signals and the progress bar between two tasks. */
function here<Task, Result>(work: Work<Task, Result>): Lane<Task, Result> {
  let last: Promise<unknown> = Promise.resolve()
  return {
    tasks: 0,
    run({ task, onProgress }) {
      const done = last
        .catch(() => {})
        .then(() => setImmediate())
        .then(() => work(task, onProgress))
      last = done
      return done
    },
    close: async () => {},
  }
}

/** Less room for what is soon garbage than a thread takes by itself: it costs no time. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 }

/** A thread that keeps the process alive only while it works. */
function thread<Task, Result>(
  module: URL,
  onDeath: (cause: unknown) => void,
  mostMemoryMb: number | undefined,
): Lane<Task, Result> {
  const worker = new Worker(module, {
    resourceLimits: {
      ...resourceLimits,
      ...(mostMemoryMb !== undefined && { maxOldGenerationSizeMb: mostMemoryMb }),
    },
  })
  worker.unref()
  type Asked = PromiseWithResolvers<Result> & Pick<Job<Task, Result>, 'onProgress'>
  const asked: Asked[] = []
  const die = (cause: unknown) => {
    for (const { reject } of asked.splice(0)) reject(cause)
    onDeath(cause)
  }
  worker
    .on('message', (reply: Reply<Result>) => {
      if (reply.type === 'progress') return asked[0]?.onProgress(reply.progress)
      const answered = asked.shift()
      if (asked.length === 0) worker.unref()
      if (reply.type === 'done') answered?.resolve(reply.result)
      if (reply.type === 'user error') answered?.reject(new UserError(reply.what, reply.options))
      if (reply.type === 'bug') {
        answered?.reject(Object.assign(reply.error as object, reply.details))
      }
    })
    .on('error', die)
    .on('exit', (code) => die(new Error(`a thread ended too early, with exit code ${code}`)))
  return {
    tasks: 0,
    async run({ task, onProgress }) {
      worker.postMessage(task)
      worker.ref()
      const answer = { ...Promise.withResolvers<Result>(), onProgress }
      asked.push(answer)
      return await answer.promise
    },
    close() {
      // The end of a thread that was asked for nothing fails nobody.
      if (asked.length === 0) worker.removeAllListeners('exit')
      return worker.terminate()
    },
  }
}
