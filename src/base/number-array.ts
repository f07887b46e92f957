/** Numbers in one piece of memory. */
export type NumberArray = Float64Array | Int32Array | Uint8Array

/** A kind of them: makes an array of as many zeros. */
export type NumberArrayKind<Numbers extends NumberArray = NumberArray> = {
  new (length: number): Numbers
  readonly BYTES_PER_ELEMENT: number
}

/** The bytes of an array, which are not copied. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Whether an array has numbers, and all are the same: -0 is not 0, and NaN is NaN. */
export function isConstant(array: NumberArray): boolean {
  const [first] = array
  return array.length > 0 && array.every((number: number) => Object.is(number, first))
}

/** As many times the same number. Zeros take no memory until they are written to. */
export function constantArray<Numbers extends NumberArray>(
  kind: NumberArrayKind<Numbers>,
  length: number,
  number: number,
): Numbers {
  const array = new kind(length)
  if (!Object.is(number, 0)) array.fill(number)
  return array
}
