import { createHash } from 'node:crypto'
import { Deserializer, deserialize, Serializer, serialize } from 'node:v8'
import { bytesOf, constantArray, isConstant, type NumberArray } from './number-array.ts'

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

/**
 * As `sealed`, in chunks, of a value with arrays of numbers that are too large to be copied: they stand
 * behind it as they are, and of one that is equal throughout its first number.
 */
export function sealedChunks(key: string, value: unknown): Uint8Array[] {
  const writer = new ArraysApart()
  writer.writeHeader()
  writer.writeValue(value)
  const outline = writer.releaseBuffer()
  const content = [outline, ...writer.arrays].flatMap((part) => {
    const bytes = bytesOf(part)
    return [bytes, new Uint8Array(paddingOf(bytes.length))]
  })
  const chunks = [Buffer.from(new Uint32Array([outline.length, 0]).buffer), ...content]
  return [digestOf(key, ...chunks), ...chunks]
}

/** What `sealedChunks` made these bytes of, as `unsealed` has it: its arrays are views of them. */
export function unsealedChunks<T>(key: string, bytes: Buffer<ArrayBuffer>): T | undefined {
  const content = unsealedBytes(key, bytes)
  if (!content) return undefined
  const length = content.readUInt32LE(0)
  const reader = new ViewsOf(content.subarray(LENGTH_BYTES, LENGTH_BYTES + length), {
    buffer: bytes.buffer,
    at: content.byteOffset + LENGTH_BYTES + length + paddingOf(length),
  })
  reader.readHeader()
  return reader.readValue()
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

function digestOf(key: string, ...content: Uint8Array[]): Buffer {
  const hash = createHash('sha256').update(key)
  for (const chunk of content) hash.update(chunk)
  return hash.digest()
}

const DIGEST_BYTES = 32
const LENGTH_BYTES = 8

/** To where an array of any numbers may begin. */
function paddingOf(bytes: number): number {
  return (8 - (bytes % 8)) % 8
}

const KINDS = [Float64Array, Int32Array, Uint8Array]

declare module 'node:v8' {
  // Node has it, and documents it; its types do not.
  interface Serializer {
    _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void
  }
}

/** Writes of an array which kind it is, how long it is, and whether its first number is all there is. */
class ArraysApart extends Serializer {
  readonly arrays: NumberArray[] = []

  constructor() {
    super()
    this._setTreatArrayBufferViewsAsHostObjects(true)
  }

  _writeHostObject(array: NumberArray): void {
    const kind = KINDS.findIndex((it) => array instanceof it)
    if (kind < 0) throw new Error(`no ${array.constructor.name} can be sealed`)
    const isOne = isConstant(array)
    for (const number of [kind, array.length, Number(isOne)]) this.writeUint32(number)
    this.arrays.push(isOne ? array.subarray(0, 1) : array)
  }
}

class ViewsOf extends Deserializer {
  readonly #arrays: { buffer: ArrayBuffer; at: number }

  constructor(outline: Buffer, arrays: { buffer: ArrayBuffer; at: number }) {
    super(outline)
    this.#arrays = arrays
  }

  _readHostObject(): NumberArray {
    const Kind = KINDS[this.readUint32()]
    const length = this.readUint32()
    const isOne = this.readUint32() === 1
    const { buffer, at } = this.#arrays
    const view = new Kind(buffer, at, isOne ? 1 : length)
    this.#arrays.at += view.byteLength + paddingOf(view.byteLength)
    return isOne ? constantArray<NumberArray>(Kind, length, view[0]) : view
  }
}
