import { createHash, type Hash } from 'node:crypto'
import { createReadStream, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Contract } from '../contract/contract.ts'
import { type DataFile, dataFiles } from './data-files.ts'

/** Where the sales, and the plan, are. Whoever validates and reads them knows no more of it. */
export type SalesSource = {
  /**
   * The files of a contract in the order of its paths, those of one `*` by name; the plan's last. Those
   * of other machines are fetched into `remoteFolder` first, where they are not there yet; `onFetch`
   * gets how many of their bytes have come, of all.
   */
  list(
    contract: Contract,
    folder: string,
    remoteFolder?: string,
    onFetch?: (done: number, total: number) => void,
  ): Promise<DataFile[]>
  /** The bytes of a file as they are kept. */
  open(file: DataFile): AsyncIterable<Buffer>
  /** Git's id of these bytes: equal for equal content, without reading its rows. */
  digest(file: DataFile): Promise<string>
}

/**
 * Files in a folder, such as those that git keeps, and files of other machines that a contract in git
 * knows by their hash. Throws a `UserError` where one is missing, or another one.
 */
export const salesFolder: SalesSource = {
  list: dataFiles,
  open: ({ path }) => createReadStream(path, { highWaterMark: CHUNK_BYTES }),
  async digest({ path, bytes }) {
    const hash = blobHash(bytes)
    const handle = await open(path)
    try {
      // Into one buffer, over and over: a stream would spend as long on buffers as on hashing.
      for (;;) {
        const read = readSync(handle.fd, buffer)
        if (read === 0) return hash.digest('hex')
        hash.update(buffer.subarray(0, read))
      }
    } finally {
      await handle.close()
    }
  },
}

export const CHUNK_BYTES = 1024 ** 2
const buffer = Buffer.alloc(CHUNK_BYTES)

/** Of so many bytes that follow, as git hashes them: the SHA-1 of `blob SIZE`, a NUL, and the bytes. */
export function blobHash(bytes: number): Hash {
  return createHash('sha1').update(`blob ${bytes}\0`)
}
