import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'

/**
 * A value as the bytes of a file that a later process will believe: they carry the hash of themselves
 * and of the key that the value is kept by. That tells damage, and what is another's; it is no
 * signature: whoever may write there can seal whatever he likes.
 */
export function sealed(key: string, value: unknown): Buffer {
  return sealedBytes(key, serialize(value))
}

/** As `sealed`, of what is bytes already. */
export function sealedBytes(key: string, content: Uint8Array): Buffer {
  return Buffer.concat([digestOf(key, content), content])
}

/** As `sealed`, in chunks, of what is so large that it should not be copied. */
export function sealedChunks(key: string, value: unknown): Uint8Array[] {
  const content = serialize(value)
  return [digestOf(key, content), content]
}

/**
 * What `sealed` made these bytes of; undefined where they are damaged, cut off, or of another key.
 * The type is what the key stands for: it names the code that wrote them as well.
 */
export function unsealed<T>(key: string, bytes: Buffer): T | undefined {
  const content = unsealedBytes(key, bytes)
  return content && (deserialize(content) as T)
}

/** The content that `sealedBytes` was given; undefined as for `unsealed`. */
export function unsealedBytes(key: string, bytes: Buffer): Buffer | undefined {
  const content = bytes.subarray(DIGEST_BYTES)
  const isWhole = digestOf(key, content).equals(bytes.subarray(0, DIGEST_BYTES))
  return isWhole ? content : undefined
}

function digestOf(key: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(key).update(content).digest()
}

const DIGEST_BYTES = 32
