/**
 * The least value that, with those up to it, has at least `level` of the weight; 0 where there are
 * no values. Found by quickselect (Hoare 1961), which reorders `values` and `weights`.
 */
export function weightedQuantile(
  values: Float64Array,
  weights: Float64Array,
  level: number,
): number {
  if (values.length === 0) return 0
  let low = 0
  let high = values.length - 1
  let wanted = level * weightOf(weights, low, high)
  while (low < high) {
    const pivot = medianOf(values[low], values[(low + high) >> 1], values[high])
    let left = low
    let right = high
    while (left <= right) {
      while (values[left] < pivot) left++
      while (values[right] > pivot) right--
      if (left <= right) swap(values, weights, left++, right--)
    }
    // Now those up to `right` are at most the pivot, those from `left` on at least, any others it.
    const below = weightOf(weights, low, right)
    if (below >= wanted) high = right
    else {
      const upToPivot = below + weightOf(weights, right + 1, left - 1)
      if (upToPivot >= wanted) return pivot
      wanted -= upToPivot
      low = left
    }
  }
  return values[low]
}

function weightOf(weights: Float64Array, first: number, last: number): number {
  let sum = 0
  for (let i = first; i <= last; i++) sum += weights[i]
  return sum
}

function medianOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

function swap(values: Float64Array, weights: Float64Array, i: number, j: number): void {
  const value = values[i]
  values[i] = values[j]
  values[j] = value
  const weight = weights[i]
  weights[i] = weights[j]
  weights[j] = weight
}
