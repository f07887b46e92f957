import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { Static } from 'typebox'
import { canonicalJson } from './canonical-json.ts'
import { UserError } from './errors.ts'
import { bytesOf, type NumberArray, type NumberArrayKind } from './number-array.ts'
import { parseJson } from './schema.ts'
import { count, object, sha256 } from './schema-parts.ts'

/** What a file holds, for whoever is to believe it: as many bytes, of this SHA-256 in hex. */
export const Seal = object({ bytes: count, sha256 })
export type Seal = Static<typeof Seal>

/** The next array of a file, of as many numbers. */
export type NextArray = <Numbers extends NumberArray>(
  kind: NumberArrayKind<Numbers>,
  length: number,
) => Promise<Numbers>

/**
 * Arrays of numbers as a file, in chunks that are not copied: how long its header is (a number of 32
 * bits), the header as JSON, and the arrays one after another. Numbers are little-endian, as all
 * machines have them that GitHub runs jobs on.
 */
export function arrayFile(
  header: object,
  arrays: readonly NumberArray[],
): { chunks: Uint8Array[]; seal: Seal } {
  const text = Buffer.from(canonicalJson(header))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(text.length)
  const chunks = [length, text, ...arrays.map(bytesOf)]
  const hash = createHash('sha256')
  for (const chunk of chunks) hash.update(chunk)
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  return { chunks, seal: { bytes, sha256: hash.digest('hex') } }
}

/**
 * Reads what `arrayFile` made a file of: nothing of it before all of it is as its seal says, and no
 * array that the bytes do not have. Reading runs nothing. Throws a `UserError`, also where `read`
 * leaves something over.
 */
export async function readArrayFile<T>(
  { file, seal, remedy }: { file: string; seal: Seal; remedy: string },
  read: (header: unknown, next: NextArray) => Promise<T>,
): Promise<T> {
  const wrong = (what: string, cause?: unknown) => new UserError(what, { file, remedy, cause })
  const handle = await open(file).catch((cause) => {
    throw wrong('is missing', cause)
  })
  try {
    const { size } = await handle.stat()
    if (size !== seal.bytes) throw wrong(`must have ${seal.bytes} bytes, but has ${size}`)
    if ((await digestOf(handle)) !== seal.sha256) {
      throw wrong('is damaged, or another file: its content is not what its digest says')
    }
    let at = 0
    const next: NextArray = async (kind, length) => {
      if (length * kind.BYTES_PER_ELEMENT > size - at) throw wrong('ends before its numbers')
      const numbers = new kind(length)
      await fill(handle, bytesOf(numbers), at)
      at += numbers.byteLength
      return numbers
    }
    const [length] = new Uint32Array((await next(Uint8Array, LENGTH_BYTES)).buffer)
    if (length > MOST_HEADER_BYTES) throw wrong('has a header that is too long')
    const text = Buffer.from((await next(Uint8Array, length)).buffer).toString()
    const made = await read(parseJson(text, file, remedy), next)
    if (at !== size) throw wrong(`has ${size - at} bytes more than its numbers take`)
    return made
  } finally {
    await handle.close()
  }
}

const LENGTH_BYTES = 4
/** Of half a million series. */
const MOST_HEADER_BYTES = 2 ** 27

async function digestOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const content = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 })
  for await (const chunk of content) hash.update(chunk)
  return hash.digest('hex')
}

/** At once no more is read than the system gives. */
async function fill(handle: FileHandle, bytes: Uint8Array, from: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done)
    if (bytesRead === 0) throw new Error('a file became shorter while it was read')
    done += bytesRead
  }
}
