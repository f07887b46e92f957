/**
 * Sums over any stretch of a series in constant time. Stretches reach from one period, inclusive,
 * to another, exclusive, and are cut where the series begins and ends.
 */
export type RunningTotals = {
  periods: number
  /** Prefix sums: of the known values, their number, and the number of those above 0. */
  sum: Float64Array
  known: Int32Array
  positive: Int32Array
}

/** The totals of one series; NaN where a value is unknown. */
export function runningTotals(values: Float64Array): RunningTotals {
  const periods = values.length
  const sum = new Float64Array(periods + 1)
  const known = new Int32Array(periods + 1)
  const positive = new Int32Array(periods + 1)
  for (let period = 0; period < periods; period++) {
    const value = values[period]
    const isKnown = !Number.isNaN(value)
    sum[period + 1] = sum[period] + (isKnown ? value : 0)
    known[period + 1] = known[period] + (isKnown ? 1 : 0)
    positive[period + 1] = positive[period] + (value > 0 ? 1 : 0)
  }
  return { periods, sum, known, positive }
}

/** Mean of the known values; NaN where there is none, exactly 0 where none is above 0. */
export function meanOver(totals: RunningTotals, from: number, to: number): number {
  const start = Math.max(0, from)
  const end = Math.min(totals.periods, to)
  if (end <= start) return Number.NaN
  const known = totals.known[end] - totals.known[start]
  if (known === 0) return Number.NaN
  if (totals.positive[end] === totals.positive[start]) return 0
  return Math.max(0, totals.sum[end] - totals.sum[start]) / known
}

export function knownIn(totals: RunningTotals, from: number, to: number): number {
  const end = Math.min(totals.periods, to)
  return end <= 0 ? 0 : totals.known[end] - totals.known[Math.max(0, Math.min(from, end))]
}
