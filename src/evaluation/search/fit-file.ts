import { bytesOf } from '../../base/number-array.ts'
import { sealedBytes, unsealedBytes } from '../../base/sealed.ts'
import type { FitResult } from './fit-task.ts'

/**
 * A fit as a file of the store, sealed by its key: how many cells it has and how long its parameters
 * are (two numbers of 32 bits), the parameters, and its arrays of numbers one after another. Reading
 * that runs nothing, and believes no length that the bytes themselves do not have.
 */
export function fitFile(key: string, { parameters, mean, shape }: FitResult): Buffer {
  const text = Buffer.from(parameters)
  const sizes = Buffer.alloc(SIZES_BYTES)
  sizes.writeUInt32LE(mean.length, 0)
  sizes.writeUInt32LE(text.length, 4)
  const arrays = shape ? [mean, shape.median, shape.width] : [mean]
  return sealedBytes(key, Buffer.concat([sizes, text, ...arrays.map(bytesOf)]))
}

/** What `fitFile` made these bytes of; undefined where they are damaged, or of another key. */
export function fitFrom(key: string, bytes: Buffer): FitResult | undefined {
  const content = unsealedBytes(key, bytes)
  if (!content || content.length < SIZES_BYTES) return undefined
  const cells = content.readUInt32LE(0)
  const numbersAt = SIZES_BYTES + content.readUInt32LE(4)
  const arrays = (content.length - numbersAt) / (cells * Float64Array.BYTES_PER_ELEMENT)
  if (arrays !== 1 && arrays !== 3) return undefined
  const [mean, median, width] = Array.from({ length: arrays }, (_, k) => {
    const at = numbersAt + k * cells * Float64Array.BYTES_PER_ELEMENT
    return cellsOf(content.subarray(at, at + cells * Float64Array.BYTES_PER_ELEMENT))
  })
  return {
    parameters: content.toString('utf8', SIZES_BYTES, numbersAt),
    mean,
    ...(median && width && { shape: { median, width } }),
  }
}

const SIZES_BYTES = 8

/** Copied: within the file they need not begin where an array of numbers may. */
function cellsOf(bytes: Uint8Array): Float64Array {
  const numbers = new Float64Array(bytes.length / Float64Array.BYTES_PER_ELEMENT)
  bytesOf(numbers).set(bytes)
  return numbers
}
