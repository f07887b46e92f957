/** Demand of spans of equally many known periods. */
export type SpanTotals = {
  units: Float64Array
  /** The sums of the factors of their periods. */
  factors: Float64Array
  /** The means of the numbers of their periods. */
  middles: Float64Array
}

/**
 * Adds demand up over spans of `length` known periods. The last one ends with the last known
 * period; of the oldest periods those too few for a span are left out.
 *
 * @param units per period; NaN where unknown
 * @param factors seasonal factor of each period
 */
export function spanTotals(units: Float64Array, factors: Float64Array, length: number): SpanTotals {
  const known = Int32Array.from(units.keys()).filter((period) => !Number.isNaN(units[period]))
  const count = Math.floor(known.length / length)
  const totals = {
    units: new Float64Array(count),
    factors: new Float64Array(count),
    middles: new Float64Array(count),
  }
  known.subarray(known.length - count * length).forEach((period, index) => {
    const span = Math.floor(index / length)
    totals.units[span] += units[period]
    totals.factors[span] += factors[period]
    totals.middles[span] += period / length
  })
  return totals
}
