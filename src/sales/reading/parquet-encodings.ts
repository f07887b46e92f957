import type { ParquetType } from 'hyparquet'
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import { readPlain } from 'hyparquet/src/plain.js'
import { readVarInt } from 'hyparquet/src/thrift.js'
import { damaged, stated, unsupported } from './parquet-refusals.ts'
import type { StoredValue } from './parquet-values.ts'

/** How the values of a column are stored. */
export type Storage = { type: ParquetType; length: number | undefined }

/**
 * The numbers of a run of runs: equal ones are written once, others by so many bits each
 * (`RLE/bit-packed hybrid` of the format). Never more than `count`, whatever a run claims.
 */
export function hybridRuns(bytes: Uint8Array, width: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count)
  if (width === 0) return numbers
  if (width > 32) throw damaged(`numbers of ${width} bits`)
  const reader = readerOf(bytes)
  let filled = 0
  while (filled < count) {
    const header = readVarInt(reader) >>> 0
    const length = (header & 1) === 1 ? (header >>> 1) * 8 : header >>> 1
    const until = Math.min(count, filled + length)
    if ((header & 1) === 1) {
      unpack(bytes, reader.offset, width, numbers.subarray(filled, until))
      reader.offset += (header >>> 1) * width
    } else {
      let value = 0
      for (let byte = 0; byte < (width + 7) >> 3; byte++) {
        value += reader.view.getUint8(reader.offset++) * 2 ** (8 * byte)
      }
      numbers.fill(value, filled, until)
    }
    filled = until
  }
  return numbers
}

/** The values of a page, `count` of them. Nothing is allocated that the bytes could not hold. */
export function decoded(
  bytes: Uint8Array,
  encoding: string,
  count: number,
  storage: Storage,
): ArrayLike<StoredValue> {
  const { type, length } = storage
  if (count === 0) return []
  const reader = readerOf(bytes)
  if (encoding === 'RLE' && type === 'BOOLEAN') {
    const size = stated(reader.view.getUint32(0, true), bytes.length - 4, 'bytes of a page')
    return Array.from(hybridRuns(bytes.subarray(4, 4 + size), 1, count), (bit) => bit === 1)
  }
  if (encoding === 'PLAIN') {
    if (type === 'BYTE_ARRAY') return plainTexts(bytes, count)
    requireExactly(type === 'BOOLEAN' ? Math.ceil(count / 8) : count * widthOf(storage), bytes)
    return readPlain(reader, type, count, length)
  }
  if (encoding === 'BYTE_STREAM_SPLIT') {
    requireExactly(count * widthOf(storage), bytes)
    return byteStreamSplit(reader, count, type, length)
  }
  if (encoding === 'DELTA_BINARY_PACKED' && (type === 'INT32' || type === 'INT64')) {
    const numbers = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count)
    unpackDeltas(reader, numbers)
    return numbers
  }
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') {
    const lengths = lengthsIn(reader, count)
    return Array.from(lengths, (size) => takeBytes(reader, bytes, size))
  }
  if (encoding === 'DELTA_BYTE_ARRAY') return deltaTexts(reader, bytes, count)
  throw unsupported(`the encoding ${encoding}`)
}

type Reader = { view: DataView<ArrayBuffer>; offset: number }

function readerOf({ buffer, byteOffset, byteLength }: Uint8Array): Reader {
  return { view: new DataView(buffer as ArrayBuffer, byteOffset, byteLength), offset: 0 }
}

function requireBytes(needed: number, bytes: Uint8Array): void {
  if (needed > bytes.length) throw damaged('a page has fewer values than it says')
}

/** What is left over shows that values are wider, or more, than the file says elsewhere. */
function requireExactly(needed: number, bytes: Uint8Array): void {
  requireBytes(needed, bytes)
  if (needed < bytes.length) throw damaged('a page has more values than it says')
}

function widthOf({ type, length }: Storage): number {
  if (type === 'INT32' || type === 'FLOAT') return 4
  if (type === 'INT64' || type === 'DOUBLE') return 8
  if (type === 'FIXED_LEN_BYTE_ARRAY' && length !== undefined && length > 0) return length
  throw unsupported(`values of type ${type}`)
}

/** Numbers of so many bits each, the lowest bit first. */
function unpack(bytes: Uint8Array, from: number, width: number, into: Uint32Array): void {
  if (from + Math.ceil((into.length * width) / 8) > bytes.length) {
    throw damaged('a page has fewer values than it says')
  }
  let bit = from * 8
  for (let index = 0; index < into.length; index++) {
    let value = 0
    for (let got = 0; got < width; ) {
      const within = bit & 7
      const take = Math.min(8 - within, width - got)
      value += ((bytes[bit >>> 3] >>> within) & ((1 << take) - 1)) * 2 ** got
      got += take
      bit += take
    }
    into[index] = value
  }
}

function plainTexts(bytes: Uint8Array, count: number): Uint8Array[] {
  requireBytes(count * 4, bytes)
  const reader = readerOf(bytes)
  const texts: Uint8Array[] = []
  for (let index = 0; index < count; index++) {
    const size = reader.view.getUint32(reader.offset, true)
    reader.offset += 4
    texts.push(takeBytes(reader, bytes, size))
  }
  requireExactly(reader.offset, bytes)
  return texts
}

function takeBytes(reader: Reader, bytes: Uint8Array, size: number): Uint8Array {
  const from = reader.offset
  if (size < 0 || from + size > bytes.length) throw damaged('a text is longer than its page')
  reader.offset += size
  return bytes.subarray(from, from + size)
}

function unpackDeltas(reader: Reader, into: Int32Array | BigInt64Array): void {
  checkDeltas(reader, into.length)
  deltaBinaryUnpack(reader, into.length, into)
}

/**
 * Whether the blocks of so many deltas stand there, since hyparquet would put together whole numbers
 * of any length. https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC
 */
function checkDeltas({ view, offset }: Reader, count: number): void {
  const reader = { view, offset }
  const inBlock = stated(readVarInt(reader), 2 ** 20, 'values in a block')
  const parts = stated(readVarInt(reader), 2 ** 16, 'parts of a block')
  const inPart = inBlock / parts
  if (!(inPart > 0 && inPart % 32 === 0)) throw damaged('a block of deltas that cannot be parted')
  passNumber(reader)
  passNumber(reader)
  for (let left = count - 1; left > 0; ) {
    passNumber(reader)
    const widths = reader.offset
    reader.offset += parts
    for (let part = 0; part < parts && left > 0; part++, left -= inPart) {
      reader.offset += (inPart * view.getUint8(widths + part)) / 8
    }
  }
}

/** Of 64 bits at most, seven in a byte. */
function passNumber(reader: Reader): void {
  const most = reader.offset + 10
  while (reader.view.getUint8(reader.offset++) >= 0x80) {
    if (reader.offset === most) throw damaged('a number of more than 64 bits')
  }
}

function lengthsIn(reader: Reader, count: number): Int32Array {
  const lengths = new Int32Array(count)
  unpackDeltas(reader, lengths)
  return lengths
}

/** Each text begins as the one before it. */
function deltaTexts(reader: Reader, bytes: Uint8Array, count: number): Uint8Array[] {
  const prefixes = lengthsIn(reader, count)
  const suffixes = lengthsIn(reader, count)
  let before: Uint8Array = new Uint8Array()
  return Array.from(prefixes, (prefix, index) => {
    const suffix = takeBytes(reader, bytes, suffixes[index])
    if (prefix < 0 || prefix > before.length || prefix + suffix.length > MOST_TEXT_BYTES) {
      throw damaged('a text begins as none before it')
    }
    before = prefix === 0 ? suffix : Buffer.concat([before.subarray(0, prefix), suffix])
    return before
  })
}

/** As much as a row of CSV may have. */
const MOST_TEXT_BYTES = 1024 ** 2
