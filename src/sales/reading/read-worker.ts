import { parentPort } from 'node:worker_threads'
import { type FileReading, type ReadOptions, readDataFile } from './file-reader.ts'

/** What a thread says: how far it is, and how it ended. */
export type WorkerMessage =
  | { type: 'progress'; bytes: number }
  | { type: 'done'; reading: FileReading }
  /** No thread can send the code and the path of an error with it. */
  | { type: 'failed'; error: unknown; details: object }

const say = (message: WorkerMessage, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer)

parentPort?.on('message', async (task: Omit<ReadOptions, 'onProgress'>) => {
  try {
    const onProgress = (bytes: number) => say({ type: 'progress', bytes })
    const reading = await readDataFile({ ...task, onProgress })
    say({ type: 'done', reading }, buffersOf(reading))
  } catch (error) {
    say({ type: 'failed', error, details: { ...(error as object) } })
  }
})

function buffersOf({ totals }: FileReading): ArrayBuffer[] {
  return Object.values(totals).flatMap((value) =>
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer ? [value.buffer] : [],
  )
}
