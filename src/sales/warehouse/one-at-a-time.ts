import { DatabaseSync } from 'node:sqlite'
import { UserError } from '../../base/errors.ts'

/**
 * Does work that no other process may do at the same time: whoever finds the lock taken throws a
 * `UserError`. It is one of the system on a file, and ends with its process, however that ends.
 */
export async function oneAtATime<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(lockFile, { timeout: 0 })
  try {
    take(lock)
    return await work()
  } finally {
    lock.close()
  }
}

function take(lock: DatabaseSync): void {
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    throw new UserError('another cd4ml ingest is at work in this folder', {
      remedy: 'Wait until it has ended, and run it again: it asks for what is missing then.',
      cause: error,
    })
  }
}

const SQLITE_BUSY = 5
