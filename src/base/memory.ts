/** Zeros in memory that threads can share. */
export function float64s(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length))
}

/**
 * Gives the memory of an array back at once, and not when garbage is collected: it is empty then.
 * Memory that the array has not to itself, as one that was read from a file or is shared by threads,
 * is left as it is.
 */
export function release({ buffer, byteLength }: ArrayBufferView): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.detached) return
  if (buffer.byteLength === byteLength) buffer.transfer(0)
}
