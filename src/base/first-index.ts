/**
 * The first index from `from` to before `to` for which `isReached` holds; `to` where there is none. By
 * binary search: it has to hold for all indices after one for which it does.
 */
export function firstIndex(
  from: number,
  to: number,
  isReached: (index: number) => boolean,
): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isReached(middle)) high = middle
    else low = middle + 1
  }
  return low
}
