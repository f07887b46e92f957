/**
 * Reorders `order[from … to − 1]` so that the rows that go left come first, both sides in the order
 * that they had, and returns where the right side starts. `shift` is that of the column's byte in
 * `words`.
 */
export function partition(
  order: Int32Array,
  spare: Int32Array,
  from: number,
  to: number,
  words: Uint32Array,
  shift: number,
  bin: number,
  missingLeft: boolean,
): number {
  // Bin 0, missing, becomes 255 and so the last one where it goes right.
  const step = missingLeft ? 0 : 1
  const limit = missingLeft ? bin + 1 : bin
  let left = from
  let right = 0
  for (let i = from; i < to; i++) {
    const row = order[i]
    const isLeft = ((((words[row] >>> shift) - step) & 255) - limit) >>> 31
    // Both are written and one counts: a branch would be mispredicted every other time.
    order[left] = row
    spare[right] = row
    left += isLeft
    right += 1 - isLeft
  }
  order.set(spare.subarray(0, right), left)
  return left
}
