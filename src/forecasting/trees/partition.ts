import { type BinnedColumns, COLUMNS_PER_WORD } from './bins.ts'

/** Bins of `column` up to `bin` go left, and missing values where `missingLeft` says so. */
export type Division = { column: number; bin: number; missingLeft: boolean }

/**
 * Reorders the rows `order[from … to − 1]` so that those that go left come first, both sides in the
 * order that they had, and returns where the right side starts.
 */
export function partition(
  order: Int32Array,
  spare: Int32Array,
  from: number,
  to: number,
  { words }: BinnedColumns,
  { column, bin, missingLeft }: Division,
): number {
  const word = words[Math.floor(column / COLUMNS_PER_WORD)]
  const shift = 8 * (column % COLUMNS_PER_WORD)
  // Where missing values go right, their bin 0 becomes 255 and so the last.
  const offset = missingLeft ? 0 : 1
  const limit = missingLeft ? bin + 1 : bin
  const middle = divide(order, spare, from, to, word, shift, offset, limit)
  order.set(spare.subarray(0, to - middle), middle)
  return middle
}

/** Moves together what goes left, where (bin − offset) & 255 < limit, and copies the rest to `spare`. */
function divide(
  order: Int32Array,
  spare: Int32Array,
  from: number,
  to: number,
  words: Uint32Array,
  shift: number,
  offset: number,
  limit: number,
): number {
  let left = from
  let right = 0
  for (let i = from; i < to; i++) {
    const row = order[i]
    const isLeft = ((((words[row] >>> shift) - offset) & 255) - limit) >>> 31
    // Both are written and one counts: a branch would be mispredicted every other time.
    order[left] = row
    spare[right] = row
    left += isLeft
    right += 1 - isLeft
  }
  return left
}
