import { createHash } from 'node:crypto'

/**
 * A UUID of version 7 (RFC 9562) that follows from a moment, ISO 8601 in UTC, and a text: the same
 * event is called the same, whoever writes it down, however often.
 */
export function eventIdOf(at: string, text: string): string {
  const bytes = createHash('sha256').update(`${at}\n${text}`).digest().subarray(0, 16)
  bytes.writeUIntBE(Date.parse(at), 0, 6)
  bytes[6] = 0x70 | (bytes[6] & 0x0f)
  bytes[8] = 0x80 | (bytes[8] & 0x3f)
  const hex = bytes.toString('hex')
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20]].map(([a, b]) => hex.slice(a, b)).join('-')
}
