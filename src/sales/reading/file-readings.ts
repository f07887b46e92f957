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
 * again. The result has the order of `files` and does not depend on which is done first.
 */
export async function readDataFiles(options: {
  files: DataFile[]
  contract: Contract
  today: Day
  cache: ReadingCache | undefined
  /** Where quarantined rows are kept until they are used. */
  scratchFolder: string
  cores: number
  onProgress: (bytes: number) => void
}): Promise<StoredReading[]> {
  const { files, contract, today, cache, scratchFolder, onProgress } = options
  const readings = new Map<DataFile, StoredReading>()
  await Promise.all(
    files.map(async (file) => {
      const known = await cache?.load(file, today)
      if (known === undefined) return
      readings.set(file, known)
      onProgress(file.bytes)
    }),
  )
  const queue = files.filter((file) => !readings.has(file)).sort((a, b) => b.bytes - a.bytes)
  const pool = threadPool({
    threads: threadsFor(queue, options.cores),
    worker: new URL('./read-worker.ts', import.meta.url),
    work: readFileTask,
  })
  const read = async (file: DataFile) => {
    const quarantinePath = join(scratchFolder, `${randomUUID()}.partial`)
    const reading = await pool.run({ file, contract, today, quarantinePath }, onProgress)
    const stored = { reading, quarantinePath }
    readings.set(file, (await cache?.store(file, stored)) ?? stored)
  }
  try {
    await Promise.all(queue.map(read))
  } finally {
    await pool.close()
  }
  return files.map((file) => found(readings, file))
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

function found<K, V>(map: Map<K, V>, key: K): V {
  const value = map.get(key)
  if (value === undefined) throw new Error('a file was not read')
  return value
}
