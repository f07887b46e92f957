/** How much may be asked for on some days: quantiles in units, ascending, at ascending levels. */
export type DemandQuantiles = { levels: readonly number[]; quantiles: ArrayLike<number> }

/** Units that will be asked for, with their mean. */
export type Demand = DemandQuantiles & { mean: number }

/** So many times the demand: of a share of its days, where it goes on at its pace. */
export function timesDemand({ mean, levels, quantiles }: Demand, times: number): Demand {
  return { mean: times * mean, levels, quantiles: levels.map((_, k) => times * quantiles[k]) }
}

/**
 * The demand that stays below the result with probability `level`, in units, never negative:
 * straight lines between the quantiles known, and an exponential tail through the outer two at
 * either end. 0 at level 0, and Infinity at 1.
 */
export function quantileAt({ levels, quantiles }: DemandQuantiles, level: number): number {
  const last = levels.length - 1
  if (level <= 0) return 0
  if (level >= 1) return Number.POSITIVE_INFINITY
  if (level < levels[0]) {
    const lower = tail(levels[0], levels[1], quantiles[1] - quantiles[0])
    return Math.max(0, quantiles[0] - lower * Math.log(levels[0] / level))
  }
  if (level > levels[last]) {
    const upper = tail(
      1 - levels[last],
      1 - levels[last - 1],
      quantiles[last] - quantiles[last - 1],
    )
    return Math.max(0, quantiles[last] + upper * Math.log((1 - levels[last]) / (1 - level)))
  }
  let above = 1
  while (levels[above] < level) above++
  const part = (level - levels[above - 1]) / (levels[above] - levels[above - 1])
  return Math.max(0, quantiles[above - 1] + part * (quantiles[above] - quantiles[above - 1]))
}

/** The probability that fewer than `units` are asked for: the inverse of `quantileAt`. */
export function shareBelow({ levels, quantiles }: DemandQuantiles, units: number): number {
  const last = levels.length - 1
  if (units <= 0) return 0
  if (units <= quantiles[0]) {
    const lower = tail(levels[0], levels[1], quantiles[1] - quantiles[0])
    return levels[0] * fall((quantiles[0] - units) / lower)
  }
  if (units > quantiles[last]) {
    const upper = tail(
      1 - levels[last],
      1 - levels[last - 1],
      quantiles[last] - quantiles[last - 1],
    )
    return 1 - (1 - levels[last]) * fall((units - quantiles[last]) / upper)
  }
  let above = 1
  while (quantiles[above] < units) above++
  const part = (units - quantiles[above - 1]) / (quantiles[above] - quantiles[above - 1])
  return levels[above - 1] + part * (levels[above] - levels[above - 1])
}

/**
 * How many of so many units are expected to be left over, E[(units − D)⁺] = ∫ P(D < x) dx from 0 to
 * `units`: exactly, by the lines and tails of `shareBelow`.
 */
export function expectedLeftOver(demand: DemandQuantiles, units: number): number {
  const { levels, quantiles } = demand
  const last = levels.length - 1
  let sum = 0
  const lower = tail(levels[0], levels[1], quantiles[1] - quantiles[0])
  const low = Math.min(units, quantiles[0])
  if (low > 0 && lower > 0) {
    sum += lower * levels[0] * (fall((quantiles[0] - low) / lower) - fall(quantiles[0] / lower))
  }
  for (let above = 1; above <= last; above++) {
    const [from, to] = [Math.max(0, quantiles[above - 1]), Math.min(units, quantiles[above])]
    // A line's integral is its height in the middle.
    if (to > from) sum += (to - from) * shareBelow(demand, (from + to) / 2)
  }
  const start = Math.max(0, quantiles[last])
  return units > start
    ? sum + units - start - (tailUnits(demand, start) - tailUnits(demand, units))
    : sum
}

/**
 * How many units are expected to be asked for beyond so many, E[(D − units)⁺] = ∫ P(D ≥ x) dx from
 * `units` on: exactly, as `expectedLeftOver`.
 */
export function expectedShort(demand: DemandQuantiles, units: number): number {
  const most = Math.max(0, demand.quantiles[demand.levels.length - 1])
  if (units >= most) return tailUnits(demand, units)
  const leftOver = expectedLeftOver(demand, most) - expectedLeftOver(demand, units)
  return most - units - leftOver + tailUnits(demand, most)
}

/** The units expected to be asked for from so many on, which the outermost quantile is not above. */
function tailUnits({ levels, quantiles }: DemandQuantiles, units: number): number {
  const last = levels.length - 1
  const upper = tail(1 - levels[last], 1 - levels[last - 1], quantiles[last] - quantiles[last - 1])
  return upper > 0 ? (1 - levels[last]) * upper * fall((units - quantiles[last]) / upper) : 0
}

/** Units over which a tail falls by the factor e, where it falls from `inner` to `outer` over `gap`. */
function tail(outer: number, inner: number, gap: number): number {
  return gap / Math.log(inner / outer)
}

/** exp(−distance); 0 / 0 is where the outer two quantiles are the same, and lies on them. */
function fall(distance: number): number {
  return Number.isNaN(distance) ? 1 : Math.exp(-distance)
}
