import { createHash, type Hash } from 'node:crypto'
import { createReadStream, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { FileRefused } from '../reading/text-checks.ts'
import type { DataFile } from './data-files.ts'

const chunkBytes = 1024 ** 2

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
    const gunzip = createGunzip({ chunkSize: chunkBytes })
    const done = pipeline(this.#raw(), gunzip)
    done.catch(() => {})
    yield* gunzip
    await done
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
    for await (const chunk of createReadStream(this.#file.path, { highWaterMark: chunkBytes })) {
      this.#bytes += chunk.length
      this.#blob.update(chunk)
      this.#described?.hash.update(chunk)
      this.#onProgress(chunk.length)
      yield chunk
    }
  }
}

const buffer = Buffer.alloc(chunkBytes)

/** Git's id of a file's bytes: the SHA-1 of `blob SIZE`, a NUL, and the bytes. */
export async function blobIdOf(file: DataFile): Promise<string> {
  const hash = blobHash(file.bytes)
  const handle = await open(file.path)
  try {
    // Into one buffer, over and over: a stream would spend as long on buffers as on hashing.
    for (;;) {
      const bytes = readSync(handle.fd, buffer)
      if (bytes === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytes))
    }
  } finally {
    await handle.close()
  }
}

function blobHash(bytes: number): Hash {
  return createHash('sha1').update(`blob ${bytes}\0`)
}

function describedHash(described: string | undefined) {
  if (described === undefined) return undefined
  const [algorithm, expected] = described.includes(':') ? described.split(':') : ['md5', described]
  return { hash: createHash(algorithm), expected: expected.toLowerCase() }
}
