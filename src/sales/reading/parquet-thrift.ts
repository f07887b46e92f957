import { damaged } from './parquet-refusals.ts'

/**
 * Walks a struct of Thrift's compact protocol, which begins at `from`, and returns where it ends.
 * Throws `FileRefused` where something in it is longer than what is left: whoever parses it afterwards
 * makes room for what it claims.
 */
export function endOfStruct(bytes: Uint8Array, from = 0, depth = 0): number {
  if (depth > MOST_DEPTH) throw damaged('its description is nested without end')
  let at = from
  for (;;) {
    const header = byteAt(bytes, at++)
    const type = header & 0x0f
    if (type === STOP) return at
    // The number of the field, where it does not follow from the one before.
    if (header >> 4 === 0) at = varint(bytes, at).end
    // The type says which of the two it is.
    if (type !== TRUE && type !== FALSE) at = endOfValue(bytes, at, type, depth)
  }
}

const MOST_DEPTH = 32

const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
]
const STRUCT = 12

function endOfValue(bytes: Uint8Array, from: number, type: number, depth: number): number {
  switch (type) {
    case TRUE:
    case FALSE:
    case BYTE:
      return held(bytes, from + 1)
    case I16:
    case I32:
    case I64:
      return varint(bytes, from).end
    case DOUBLE:
      return held(bytes, from + 8)
    case BINARY: {
      const { value, end } = varint(bytes, from)
      return held(bytes, end + value)
    }
    case LIST: {
      const header = byteAt(bytes, from)
      const short = header >> 4
      const { value: size, end } =
        short === 15 ? varint(bytes, from + 1) : { value: short, end: from + 1 }
      // Each takes a byte at least.
      held(bytes, end + size)
      let at = end
      for (let item = 0; item < size; item++) at = endOfValue(bytes, at, header & 0x0f, depth + 1)
      return at
    }
    case STRUCT:
      return endOfStruct(bytes, from, depth + 1)
    default:
      throw damaged('its description holds what Parquet does not use')
  }
}

function varint(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0
  for (let index = 0; index < 10; index++) {
    const byte = byteAt(bytes, from + index)
    value += (byte & 127) * 2 ** (7 * index)
    if (byte < 128) return { value, end: from + index + 1 }
  }
  throw damaged('its description holds a number without end')
}

function byteAt(bytes: Uint8Array, at: number): number {
  held(bytes, at + 1)
  return bytes[at]
}

/** `end`, as long as there are so many bytes. */
function held(bytes: Uint8Array, end: number): number {
  if (end > bytes.length) throw damaged('its description claims more than there is')
  return end
}
