import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { UserError } from './errors.ts'

/** The text, gzipped. Nothing but the text goes in: no moment, no name, no operating system. */
export function packed(text: string): Buffer {
  const bytes = gzipSync(text, { level: 9 })
  bytes[OPERATING_SYSTEM] = UNKNOWN
  return bytes
}

/**
 * What was packed, at most so many bytes of it. Throws a `UserError` where the bytes are damaged or
 * hold more: nothing larger is ever made of them.
 */
export function unpacked(bytes: Uint8Array, file: string, most: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: most })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const what =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `must unpack to at most ${most} bytes, but holds more`
        : 'must be a gzip file, but is none, or damaged'
    throw new UserError(what, { file, cause })
  }
}

/** SHA-256 in hex. */
export function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** RFC 1952, 2.3: what follows from the machine in a header, and how it says nothing. */
const OPERATING_SYSTEM = 9
const UNKNOWN = 255
