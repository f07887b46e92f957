import { type BinnedColumns, COLUMNS_PER_WORD } from './bins.ts'
import type { Team } from './team.ts'

/** Bins of `column` up to `bin` go left, and missing values where `missingLeft` says so. */
export type Division = { column: number; bin: number; missingLeft: boolean }

/**
 * Reorders the rows `order[from … to − 1]` of a leaf so that those that go left come first, both
 * sides in the order that they had, and returns where the right side starts. Each thread divides a
 * part; from how many went left in each, all know where theirs belong.
 *
 * @param spare as long as `order`
 * @param lefts as long as the team is large
 */
export function partition(
  order: Int32Array,
  spare: Int32Array,
  lefts: Int32Array,
  from: number,
  to: number,
  { words }: BinnedColumns,
  { column, bin, missingLeft }: Division,
  team: Team,
): number {
  const startOf = (member: number) => from + Math.floor(((to - from) * member) / team.size)
  const start = startOf(team.member)
  const end = startOf(team.member + 1)
  const word = words[Math.floor(column / COLUMNS_PER_WORD)]
  const shift = 8 * (column % COLUMNS_PER_WORD)
  const middle = divide(order, spare, start, end, word, shift, bin, missingLeft)
  lefts[team.member] = middle - start
  team.wait()
  let right = from
  for (let member = 0; member < team.size; member++) right += lefts[member]
  let left = from
  for (let member = 0; member < team.member; member++) left += lefts[member]
  order.set(spare.subarray(start, middle), left)
  copyReversed(spare, middle, end, order, right + start - left)
  team.wait()
  return right
}

/**
 * Copies `order[start … end − 1]` to the same places of `spare`: what goes left from the start on,
 * what goes right from the end on, backwards. Returns where they meet.
 */
function divide(
  order: Int32Array,
  spare: Int32Array,
  start: number,
  end: number,
  words: Uint32Array,
  shift: number,
  bin: number,
  missingLeft: boolean,
): number {
  // Bin 0, missing, becomes 255 and so the last one where it goes right.
  const step = missingLeft ? 0 : 1
  const limit = missingLeft ? bin + 1 : bin
  let left = start
  let right = end - 1
  for (let i = start; i < end; i++) {
    const row = order[i]
    const isLeft = ((((words[row] >>> shift) - step) & 255) - limit) >>> 31
    // Both are written and one counts: a branch would be mispredicted every other time.
    spare[left] = row
    spare[right] = row
    left += isLeft
    right += isLeft - 1
  }
  return left
}

function copyReversed(
  source: Int32Array,
  start: number,
  end: number,
  target: Int32Array,
  at: number,
): void {
  for (let i = end - 1; i >= start; i--) target[at + end - 1 - i] = source[i]
}
