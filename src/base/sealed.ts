import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'

/**
 * A value as the bytes of a file that a later process will believe: they carry the hash of themselves
 * and of the key that the value is kept by.
 */
export function sealed(key: string, value: unknown): Buffer {
  const content = serialize(value)
  return Buffer.concat([digestOf(key, content), content])
}

/**
 * What `sealed` made these bytes of; undefined where they are damaged, cut off, or of another key.
 * The type is what the key stands for: it names the code that wrote them as well.
 */
export function unsealed<T>(key: string, bytes: Uint8Array): T | undefined {
  const content = bytes.subarray(DIGEST_BYTES)
  const isWhole = digestOf(key, content).equals(bytes.subarray(0, DIGEST_BYTES))
  return isWhole ? (deserialize(content) as T) : undefined
}

function digestOf(key: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(key).update(content).digest()
}

const DIGEST_BYTES = 32
