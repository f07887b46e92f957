import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import type { DaysAsked, WarehouseAnswer } from './answer.ts'

/** What an engine is asked, and what it may know of the world for that. */
export type WarehouseQuestion = {
  asked: DaysAsked
  /** Of the contract, beside which files with SQL stand. */
  folder: string
  /** Where programs run, and optional packages are looked for. */
  project: string
  environment: NodeJS.ProcessEnv
  timeoutMinutes: number
  /** More of an answer are not taken. */
  maxBytes: number
  /** Aborted where somebody wants all this to end. */
  signal: AbortSignal
  /** For files that are needed on the way; a folder that is there. */
  scratchFolder: string
}

/** Asks, and hands on what comes, row by row. Rejects with a `UserError` where that is not all of it. */
export type Ask = (question: WarehouseQuestion, answer: WarehouseAnswer) => Promise<void>

/** The text of a query: of the file where a name that ends in `.sql` stands in its place. */
export async function queryText(query: string, folder: string): Promise<string> {
  return /\.sql$/i.test(query) ? await besideContract(query, folder, 'query') : query
}

/** Of a file beside the contract. */
export async function besideContract(name: string, folder: string, key: string): Promise<string> {
  const file = join(folder, name)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UserError('cannot be read', {
      file,
      remedy: `cd4ml.source.${key} names it: put the file beside the contract. (${(cause as Error).message})`,
      cause,
    })
  }
}

/** Work that ends when the signal says so: rejects then with the signal's reason. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
    work.catch(() => {})
    aborted.promise.catch(() => {})
  }
}

/** Whether an error is one of this code, and not what a database or a driver says. */
export function isBug(error: unknown): boolean {
  const kinds = [TypeError, RangeError, ReferenceError]
  return kinds.some((kind) => error instanceof kind) && !Object.hasOwn(Object(error), 'code')
}

/** A signal that is aborted after so long as well. */
export function timeLimit(signal: AbortSignal, minutes: number, graceSeconds = 0): AbortSignal {
  const limit = new AbortController()
  const timer = setTimeout(
    () => limit.abort(tookTooLong(minutes)),
    minutes * 60_000 + graceSeconds * 1000,
  )
  timer.unref()
  return AbortSignal.any([signal, limit.signal])
}

export function tookTooLong(minutes: number): UserError {
  return new UserError(`the query took longer than ${minutes} minutes, and was ended`, {
    key: 'cd4ml.source',
    remedy:
      'Nothing was changed. Ask for fewer days with --until, add an index or a partition by day, or raise timeoutMinutes.',
  })
}
