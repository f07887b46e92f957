import { type DemandQuantiles, quantileAt, shareBelow } from './demand-quantiles.ts'

/** What one order is decided on. Money is in the currency of the sales files. */
export type OrderSituation = {
  /** From the order until the next one arrives, or until what is ordered now has expired. */
  covered: DemandQuantiles
  /** Until the units of this order expire; absent where they do not. */
  untilExpiry?: DemandQuantiles
  /** Units on hand and on order that can be sold in that time. */
  available: number
  costs: UnitCosts
  /** Units that are bought together. */
  pack: number
  /** Share of cases in which demand is to be met, whatever it costs; 0 for none. */
  minimumService: number
}

/** What one unit too few or too many costs. */
export type UnitCosts = {
  /** Too few: the margin that is lost, and what an urgent reorder costs more. */
  short: number
  /** Too many: keeping it until the next order arrives. */
  held: number
  /** Too many, and expired unsold: what it cost. */
  expired: number
}

export type OrderQuantity = {
  /** Whole packs. */
  units: number
  packs: number
  /** Units, with those available, that cost least to have: not rounded to packs. */
  target: number
  /** Share of cases in which the target meets demand: the critical ratio Cu / (Cu + Co). */
  criticalRatio: number
  /**
   * What decided the target where it is not short and holding costs alone; `loss` where a unit too
   * few costs nothing, as selling it would lose money.
   */
  limit?: 'expiry' | 'minimum service' | 'loss'
}

/**
 * The order with the least expected cost: the newsvendor's (Arrow, Harris & Marschak 1951, "Optimal
 * Inventory Policy"), in whole packs.
 *
 * With D the demand until the next order arrives and E that until the units expire, the n-th unit
 * saves Cu = `short` where D ≥ n, costs `held` where D < n and `expired` where E < n. It is worth
 * ordering as long as Cu P(D ≥ n) > `held` P(D < n) + `expired` P(E < n). The last such n is where
 * P(D < n) = Cu / (Cu + Co) with Co = `held` + `expired` × P(E < n) / P(D < n): the share of units
 * left over that expires counts (Silver, Pyke & Thomas 2017, "Inventory and Production Management
 * in Supply Chains", chapters 9 and 10). No more is ordered than sells before it expires in
 * Cu / (Cu + `expired`) of cases, whatever the minimum service. Where Cu is 0, nothing is ordered
 * but for a minimum service of what does not expire.
 */
export function orderQuantity(situation: OrderSituation): OrderQuantity {
  const { covered, untilExpiry, available, costs, pack, minimumService } = situation
  const worth = (units: number) => worthOfUnit(situation, units)
  const cheapest = lastWorthwhile(situation, worth)
  const sellable = untilExpiry
    ? quantileAt(untilExpiry, criticalRatio(costs.short, costs.expired))
    : Number.POSITIVE_INFINITY
  const required = Math.min(quantileAt(covered, minimumService), sellable)
  const target = Math.max(cheapest, required)
  const packs = wholePacks({ worth, available, pack, cheapest, required })
  const limit = limitOf(situation, cheapest, required)
  return {
    units: packs * pack,
    packs,
    target,
    criticalRatio: shareBelow(covered, target),
    ...(limit && { limit }),
  }
}

/** What the last of so many units saves, less what it costs, in expectation; falls with the units. */
function worthOfUnit({ covered, untilExpiry, costs }: OrderSituation, units: number): number {
  const left = shareBelow(covered, units)
  const expired = untilExpiry ? shareBelow(untilExpiry, units) : 0
  return costs.short * (1 - left) - costs.held * left - costs.expired * expired
}

/**
 * Where the worth of a unit becomes 0. Between none and all of what is left over expires, so that it
 * lies between the critical ratios of both, and is found there by bisection.
 */
function lastWorthwhile(
  { covered, untilExpiry, costs }: OrderSituation,
  worth: (units: number) => number,
) {
  const { short, held, expired } = costs
  let high = quantileAt(covered, criticalRatio(short, held))
  if (!untilExpiry) return high
  let low = quantileAt(covered, criticalRatio(short, held + expired))
  while (high - low > PRECISION * Math.max(1, high)) {
    const middle = (low + high) / 2
    if (worth(middle) > 0) low = middle
    else high = middle
  }
  return low
}

/** Cu / (Cu + Co): 0 where a unit too few costs nothing, even where one too many does not either. */
function criticalRatio(short: number, over: number): number {
  return short > 0 ? Math.min(SUREST, short / (short + over)) : 0
}

/** Of a unit, or relative to many. */
const PRECISION = 1e-4

/** More is never stocked for than this share of cases: no tail is known so far out. */
const SUREST = 0.9999

/** Packs that are worth it whole, and one more where its units together are. */
function wholePacks({
  worth,
  available,
  pack,
  cheapest,
  required,
}: {
  worth: (units: number) => number
  available: number
  pack: number
  cheapest: number
  required: number
}): number {
  const packs = Math.max(0, Math.floor((cheapest - available) / pack))
  const reached = available + packs * pack
  const needed = Math.max(packs, Math.ceil((required - available) / pack))
  let sum = 0
  // Demand comes in whole units: at least n is more than n − ½ on a line through its quantiles.
  for (let unit = 0; unit < pack; unit++) sum += worth(reached + unit + 0.5)
  return Math.max(needed, sum > 0 ? packs + 1 : packs)
}

function limitOf(
  { covered, costs }: OrderSituation,
  cheapest: number,
  required: number,
): OrderQuantity['limit'] {
  if (required > cheapest) return 'minimum service'
  if (costs.short <= 0) return 'loss'
  const unlimited = quantileAt(covered, criticalRatio(costs.short, costs.held) - NOTICEABLE)
  return unlimited - cheapest > PRECISION * Math.max(1, cheapest) ? 'expiry' : undefined
}

/** Of cases, by which expiry has to lower the critical ratio. */
const NOTICEABLE = 0.01
