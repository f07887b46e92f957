import { isAscii, isUtf8 } from 'node:buffer'
import type { RuleId } from '../contract/rules.ts'

/** A file that cannot be trusted, and why. It is a result, not a mistake in the program. */
export class FileRefused extends Error {
  readonly rule: RuleId
  readonly line: number | undefined
  readonly column: string | undefined
  readonly value: string

  constructor(rule: RuleId, value = '', where: { line?: number; column?: string } = {}) {
    super(rule)
    this.rule = rule
    this.value = value
    this.line = where.line
    this.column = where.column
  }
}

/**
 * Passes bytes on as UTF-8 and throws `FileRefused` at the first that is not in `encoding`, at a NUL,
 * beyond `maxBytes`, and, at the end, where a file said to be Latin-1 is really UTF-8: every accent
 * would come out as two wrong letters.
 */
export async function* utf8Chunks(
  chunks: AsyncIterable<Buffer>,
  { encoding, maxBytes }: { encoding: 'utf-8' | 'windows-1252'; maxBytes: number },
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('windows-1252')
  const lines = new LineCounter()
  let bytes = 0
  let first: Buffer | undefined
  let firstAccent: number | undefined
  let isAllUtf8 = true
  for await (const chunk of wholeCharacters(chunks)) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new FileRefused('file-too-large', `more than ${maxBytes} bytes`)
    first ??= chunk.subarray(0, 4)
    const nul = chunk.indexOf(0)
    if (nul >= 0) throw new FileRefused('nul-byte', kindOf(first), { line: lines.at(chunk, nul) })
    if (isAscii(chunk)) {
      yield chunk
    } else if (encoding === 'utf-8') {
      if (!isUtf8(chunk)) throw notUtf8(chunk, lines)
      yield chunk
    } else {
      isAllUtf8 &&= isUtf8(chunk)
      firstAccent ??= lines.at(
        chunk,
        chunk.findIndex((byte) => byte >= 0x80),
      )
      yield Buffer.from(decoder.decode(chunk))
    }
    lines.pass(chunk)
  }
  if (firstAccent !== undefined && isAllUtf8) {
    throw new FileRefused('encoding-wrong', 'the file is UTF-8', { line: firstAccent })
  }
}

/** What people take for CSV, and has a format of its own in the contract. */
function kindOf(first: Buffer | undefined): string {
  const isParquet = first?.toString('latin1') === 'PAR1'
  return isParquet ? 'it is Parquet: write "format": "parquet", or name it .parquet' : ''
}

/** Moves a character that the end of a chunk cuts in two to the next chunk. */
async function* wholeCharacters(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const end = endOfLastCharacter(bytes)
    rest = bytes.subarray(end)
    yield bytes.subarray(0, end)
  }
  yield rest
}

function endOfLastCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return length > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

function notUtf8(chunk: Buffer, lines: LineCounter): FileRefused {
  let from = 0
  for (;;) {
    const lineEnd = chunk.indexOf('\n', from)
    const line = chunk.subarray(from, lineEnd < 0 ? chunk.length : lineEnd)
    if (lineEnd < 0 || !isUtf8(line)) {
      const where = { line: lines.at(chunk, from + firstInvalid(line)) }
      return new FileRefused('encoding-wrong', line.subarray(0, 200).toString('latin1'), where)
    }
    from = lineEnd + 1
  }
}

/** Binary search: a prefix is valid, or not, up to the character that its end may cut in two. */
function firstInvalid(line: Buffer): number {
  let valid = 0
  let invalid = line.length
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1
    const prefix = line.subarray(0, middle)
    if (isUtf8(prefix.subarray(0, endOfLastCharacter(prefix)))) valid = middle
    else invalid = middle
  }
  return valid
}

/** Counts lines ended by LF, CR LF or CR over chunks. */
class LineCounter {
  #line = 1
  #afterCr = false

  /** The line in which byte `index` of the next chunk stands. */
  at(chunk: Buffer, index: number): number {
    const line = this.#line
    const afterCr = this.#afterCr
    this.pass(chunk.subarray(0, index))
    const result = this.#line
    this.#line = line
    this.#afterCr = afterCr
    return result
  }

  pass(chunk: Buffer): void {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]
      if (byte === 13 || (byte === 10 && !this.#afterCr)) this.#line++
      this.#afterCr = byte === 13
    }
  }
}
