/** How regularly demand comes, and how much its size varies when it does. */
export type DemandClass = 'smooth' | 'erratic' | 'intermittent' | 'lumpy'

/**
 * The class of a series by its average demand interval (known periods / periods with demand) and
 * the squared coefficient of variation of its sizes (those above 0): Syntetos, Boylan & Croston
 * 2005, "On the categorization of demand patterns", Journal of the Operational Research Society 56.
 *
 * |            | CV² ≤ 0.49   | CV² > 0.49 |
 * | ---------- | ------------ | ---------- |
 * | ADI ≤ 1.32 | smooth       | erratic    |
 * | ADI > 1.32 | intermittent | lumpy      |
 *
 * @param units demand per period; NaN where unknown, which does not count
 * @param factors seasonal factor of each period, for how many it counts; without them each for one
 * @returns `intermittent` where nothing was ever sold
 */
export function demandClass(units: Float64Array, factors?: Float64Array): DemandClass {
  let time = 0
  let demands = 0
  let mean = 0
  let squares = 0
  for (let period = 0; period < units.length; period++) {
    const size = units[period]
    if (Number.isNaN(size)) continue
    time += factors?.[period] ?? 1
    if (size === 0) continue
    demands++
    // Welford's update: sums of squares would cancel where sizes are large and alike.
    const from = size - mean
    mean += from / demands
    squares += from * (size - mean)
  }
  if (demands === 0) return 'intermittent'
  const varies = squares / demands > MOST_REGULAR_VARIATION * mean * mean
  if (time > LONGEST_REGULAR_INTERVAL * demands) return varies ? 'lumpy' : 'intermittent'
  return varies ? 'erratic' : 'smooth'
}

/** Periods from one demand to the next, and CV², from more than which they are not regular. */
const LONGEST_REGULAR_INTERVAL = 1.32
const MOST_REGULAR_VARIATION = 0.49
