import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Day } from '../../base/day.ts'
import type { Contract } from '../contract/contract.ts'
import type { DataFile } from '../sources/data-files.ts'
import { type FileReading, type ReadOptions, readDataFile } from './file-reader.ts'
import type { WorkerMessage } from './read-worker.ts'
import type { ReadingCache, StoredReading } from './reading-cache.ts'

/** Below this, starting threads costs more than they save. */
const minBytesForThreads = 2 * 1024 ** 2

type Task = Omit<ReadOptions, 'onProgress'>
type Reader = { read(task: Task): Promise<FileReading>; close(): Promise<unknown> }

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
  const readNext = async (reader: Reader): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const quarantinePath = join(scratchFolder, `${randomUUID()}.partial`)
      const reading = await reader.read({ file, contract, today, quarantinePath })
      const stored = { reading, quarantinePath }
      readings.set(file, (await cache?.store(file, stored)) ?? stored)
    }
  }
  const readers = startReaders(queue, options.cores, onProgress)
  try {
    await Promise.all(readers.map(readNext))
  } finally {
    await Promise.all(readers.map((reader) => reader.close()))
  }
  return files.map((file) => found(readings, file))
}

function startReaders(
  queue: DataFile[],
  cores: number,
  onProgress: (bytes: number) => void,
): Reader[] {
  const bytes = queue.reduce((sum, file) => sum + file.bytes, 0)
  const threads = bytes < minBytesForThreads ? 1 : Math.min(cores, queue.length)
  if (threads > 1) return Array.from({ length: threads }, () => thread(onProgress))
  return [{ read: (task) => readDataFile({ ...task, onProgress }), close: async () => {} }]
}

/** Less room for what is soon garbage than a thread takes by itself: it costs no time. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 }

/** A worker thread that reads one file after another. An error in it is one here. */
function thread(onProgress: (bytes: number) => void): Reader {
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), { resourceLimits })
  return {
    read: (task) =>
      new Promise((resolve, reject) => {
        const onMessage = (message: WorkerMessage) => {
          if (message.type === 'progress') return onProgress(message.bytes)
          worker.off('message', onMessage).off('error', reject)
          if (message.type === 'done') resolve(message.reading)
          else reject(Object.assign(message.error as object, message.details))
        }
        worker.on('message', onMessage).on('error', reject)
        worker.postMessage(task)
      }),
    close: () => worker.terminate(),
  }
}

function found<K, V>(map: Map<K, V>, key: K): V {
  const value = map.get(key)
  if (value === undefined) throw new Error('a file was not read')
  return value
}
