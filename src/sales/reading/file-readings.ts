import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { threadPool } from '../../base/threads.ts'
import type { Contract } from '../contract/contract.ts'
import type { DataFile } from '../sources/data-files.ts'
import { type FileReading, type ReadOptions, readDataFile } from './file-reader.ts'
import type { ReadingCache, StoredReading } from './reading-cache.ts'

/** Below this, starting threads costs more than they save. */
const minBytesForThreads = 2 * 1024 ** 2

/**
 * Reads the files, several at once, the largest first; those that the cache knows are not read
 * again. `take` gets each reading as soon as it is there, and says what is held of it: nobody else
 * holds any. The result has the order of `files` and does not depend on which is done first.
 */
export async function readDataFiles<Taken>(options: {
  files: DataFile[]
  contract: Contract
  today: Day
  cache: ReadingCache | undefined
  /** Where quarantined rows are kept until they are used. */
  scratchFolder: string
  cores: number
  onProgress: (bytes: number) => void
  take: (stored: StoredReading) => Taken
}): Promise<Taken[]> {
  const { files, contract, today, cache, scratchFolder, onProgress, take } = options
  const taken = new Map<DataFile, Taken>()
  for (const file of files) {
    const known = await cache?.load(file, today)
    if (known === undefined) continue
    taken.set(file, take(known))
    onProgress(file.bytes)
  }
  const queue = files.filter((file) => !taken.has(file)).sort((a, b) => b.bytes - a.bytes)
  const pool = threadPool({
    threads: threadsFor(queue, options.cores),
    worker: new URL('./read-worker.ts', import.meta.url),
    work: readFileTask,
  })
  const read = async (file: DataFile) => {
    const quarantinePath = join(scratchFolder, `${randomUUID()}.partial`)
    const reading = await pool.run({ file, contract, today, quarantinePath }, onProgress)
    const stored = { reading, quarantinePath }
    taken.set(file, take((await cache?.store(file, stored)) ?? stored))
  }
  try {
    await Promise.all(queue.map(read))
  } finally {
    await pool.close()
  }
  return files.map((file) => {
    if (!taken.has(file)) throw new Error('a file was not read')
    return taken.get(file)!
  })
}

/** `readDataFile` for any thread. */
export function readFileTask(
  task: Omit<ReadOptions, 'onProgress'>,
  onProgress: ReadOptions['onProgress'],
): Promise<FileReading> {
  return readDataFile({ ...task, onProgress })
}

function threadsFor(queue: DataFile[], cores: number): number {
  const bytes = queue.reduce((sum, file) => sum + file.bytes, 0)
  const threads = bytes < minBytesForThreads ? 1 : Math.min(cores, queue.length)
  return threads > 1 ? threads : 0
}
