/**
 * The least value that, with the ones below it, has at least `level` of the weight; without
 * weights all count the same. 0 where there are no values. Reorders `values`.
 */
export function weightedQuantile(
  values: Float64Array,
  weights: Float64Array | undefined,
  level: number,
): number {
  if (values.length === 0) return 0
  if (weights === undefined) {
    values.sort()
    return values[Math.max(0, Math.ceil(level * values.length) - 1)]
  }
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b])
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let below = 0
  for (const index of order) {
    below += weights[index]
    if (below >= level * total) return values[index]
  }
  return values[order[order.length - 1]]
}
