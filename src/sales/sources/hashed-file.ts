import { createHash, type Hash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { FileRefused } from '../reading/text-checks.ts'
import type { DataFile } from './data-files.ts'
import { blobHash, CHUNK_BYTES, salesFolder } from './sales-source.ts'

/** A file that is hashed while it is read, once. A name that ends in `.gz` is unpacked. */
export class HashedFile {
  readonly #file: DataFile
  readonly #onProgress: (bytes: number) => void
  readonly #blob: Hash
  readonly #described: { hash: Hash; expected: string } | undefined
  #bytes = 0
  endsWithLine = true

  constructor(file: DataFile, onProgress: (bytes: number) => void) {
    this.#file = file
    this.#onProgress = onProgress
    this.#blob = blobHash(file.bytes)
    this.#described = describedHash(file.resource.hash)
  }

  /** The content, unpacked. */
  async *chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#unpacked()) {
      this.endsWithLine = chunk.at(-1) === 10 || chunk.at(-1) === 13
      yield chunk
    }
  }

  async *#unpacked(): AsyncGenerator<Buffer> {
    if (!/\.gz$/i.test(this.#file.name)) return yield* this.#raw()
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
    const done = pipeline(this.#raw(), gunzip)
    done.catch(() => {})
    yield* gunzip
    await done
  }

  /** Hashes the bytes as they are kept, for those who read them in another order. */
  async readAll(): Promise<void> {
    for await (const _ of this.#raw());
  }

  /** Throws `FileRefused` where what was read is not what was there at first, or what is described. */
  check(): void {
    const { bytes, resource } = this.#file
    if (this.#bytes !== bytes) {
      throw new FileRefused('file-unreadable', 'the file changed while it was read')
    }
    if (resource.bytes !== undefined && resource.bytes !== bytes) {
      throw new FileRefused('file-changed', `${bytes} bytes instead of ${resource.bytes}`)
    }
    if (!this.#described) return
    const { hash, expected } = this.#described
    const digest = hash.copy().digest('hex')
    if (digest !== expected) throw new FileRefused('file-changed', `the hash is ${digest}`)
  }

  /** Git's id of the bytes. */
  blobId(): string {
    return this.#blob.copy().digest('hex')
  }

  async *#raw(): AsyncGenerator<Buffer> {
    for await (const chunk of salesFolder.open(this.#file)) {
      this.#bytes += chunk.length
      this.#blob.update(chunk)
      this.#described?.hash.update(chunk)
      this.#onProgress(chunk.length)
      yield chunk
    }
  }
}

function describedHash(described: string | undefined) {
  if (described === undefined) return undefined
  const [algorithm, expected] = described.includes(':') ? described.split(':') : ['md5', described]
  return { hash: createHash(algorithm), expected: expected.toLowerCase() }
}
