import { damaged } from './parquet-refusals.ts'

/** What a struct may hold: whoever parses it makes an object, or a number, of each value. */
export type ThriftBudget = { values: number }

/** Real ones have less than one value in two bytes: names, places and sizes are longer. */
const VALUES_A_BYTE = 0.5
/** As 100,000 columns in row groups have; as many take some hundred megabytes. */
const MOST_VALUES = 2 ** 22

/** What a description of so many bytes may hold. */
export function budgetOf(bytes: number): ThriftBudget {
  return { values: Math.min(MOST_VALUES, 64 + bytes * VALUES_A_BYTE) }
}

/**
 * Walks a struct of Thrift's compact protocol, which begins at `from`, and returns where it ends.
 * Throws `FileRefused` where something in it is longer than what is left, and where it holds more
 * values than `budget`, from which they are taken: whoever parses it afterwards makes room for them.
 */
export function endOfStruct(bytes: Uint8Array, budget: ThriftBudget, from = 0, depth = 0): number {
  if (depth > MOST_DEPTH) throw damaged('its description is nested without end')
  let at = from
  for (;;) {
    const header = byteAt(bytes, at++)
    const type = header & 0x0f
    if (type === STOP) return at
    take(budget, 1)
    // The number of the field, where it does not follow from the one before.
    if (header >> 4 === 0) at = varint(bytes, at).end
    // The type says which of the two it is.
    if (type !== TRUE && type !== FALSE) at = endOfValue(bytes, budget, at, type, depth)
  }
}

function take(budget: ThriftBudget, values: number): void {
  budget.values -= values
  if (budget.values < 0) throw damaged('its description holds more than those of real files do')
}

const MOST_DEPTH = 32

const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
]
const STRUCT = 12

function endOfValue(
  bytes: Uint8Array,
  budget: ThriftBudget,
  from: number,
  type: number,
  depth: number,
): number {
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
      take(budget, size)
      let at = end
      for (let item = 0; item < size; item++) {
        at = endOfValue(bytes, budget, at, header & 0x0f, depth + 1)
      }
      return at
    }
    case STRUCT:
      return endOfStruct(bytes, budget, from, depth + 1)
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
