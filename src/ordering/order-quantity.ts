import { type DemandQuantiles, quantileAt, shareBelow } from './demand-quantiles.ts'
import type { UnmetCase } from './unmet-demand.ts'

/** What one order is decided on. Money is in the currency of the sales files. */
export type OrderSituation = {
  /** What only this order can serve; the weights add up to 1. */
  unmet: readonly UnmetCase[]
  costs: UnitCosts
  /** Units that are bought together. */
  pack: number
  /** Units that expire for each one that sells, of a pack for an empty shelf; 0 where none do. */
  packWaste: number
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
  /** Units that cost least to order: not rounded to packs. */
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
 * With D the demand that only this order can serve until the next one arrives, and E that until its
 * units expire, the n-th unit saves Cu = `short` where D ≥ n, costs `held` where D < n and `expired`
 * where E < n (Nahmias 1976, "Myopic Approximations for the Perishable Inventory Problem"). One that
 * is left over and sells later, D < n ≤ E, replaces one of the next order, and spares what that would
 * have cost in waste: see `spared`. It is worth ordering as long as
 *
 *   Cu P(D ≥ n) > `held` P(D < n) + `expired` P(E < n) − `spared` P(D < n ≤ E)
 *
 * of which the last such n is where P(D < n) = Cu / (Cu + Co): the critical ratio, with Co what a unit
 * left over can be expected to cost (Silver, Pyke & Thomas 2017, "Inventory and Production Management
 * in Supply Chains", chapters 9 and 10). For a minimum service no more is ordered than sells before it
 * expires in Cu / (Cu + `expired`) of cases. Where Cu is 0, nothing is ordered but for a minimum
 * service of what does not expire.
 */
export function orderQuantity(situation: OrderSituation): OrderQuantity {
  const { unmet, costs, pack, minimumService } = situation
  const cheapest = lastWorthwhile(situation)
  const required = minimumService > 0 ? leastFor(situation) : 0
  const target = Math.max(cheapest, required)
  const packs = wholePacks(situation, cheapest, required)
  const limit = limitOf(situation, cheapest, required)
  return {
    units: packs * pack,
    packs,
    target,
    criticalRatio:
      limit === 'minimum service'
        ? shareOf(unmet, 'covered', target)
        : criticalRatio(costs.short, costOver(situation, Math.max(target, HALF))),
    ...(limit && { limit }),
  }
}

/** What the n-th unit saves, less what it costs, in expectation; falls with n. */
function worthOfUnit(situation: OrderSituation, n: number): number {
  const { unmet, costs } = situation
  const left = shareOf(unmet, 'covered', n)
  return costs.short * (1 - left) - costOfLeft(situation, n, left)
}

/** What a unit that is left over with probability `left` can be expected to cost. */
function costOfLeft({ unmet, costs, packWaste }: OrderSituation, n: number, left: number): number {
  const expired = shareOf(unmet, 'untilExpiry', n)
  const later = Math.max(0, left - expired)
  const saved = later * spared(costs, { expired, later }, packWaste)
  return costs.held * left + costs.expired * expired - saved
}

/**
 * What waste a unit that sells later spares the next order, if its place there is as likely to expire
 * as it is here: w = Ce P(expired) − w P(later), since the unit that it replaces would have spared the
 * order after it as much. Where packs are larger than what is asked for meanwhile, it is what a pack
 * wastes for each unit that it sells. Never more than a sale is worth.
 */
export function spared(
  costs: UnitCosts,
  { expired, later }: { expired: number; later: number },
  packWaste: number,
): number {
  return Math.min(costs.short, costs.expired * Math.max(expired / (1 + later), packWaste))
}

/** Of the n-th unit, where it is left over. */
function costOver(situation: OrderSituation, n: number): number {
  const left = shareOf(situation.unmet, 'covered', n)
  return left > 0 ? Math.max(0, costOfLeft(situation, n, left) / left) : situation.costs.held
}

/** Where the worth of a unit becomes 0: never beyond what the costs of keeping alone would have. */
function lastWorthwhile(situation: OrderSituation): number {
  const { unmet, costs } = situation
  const kept = criticalRatio(costs.short, costs.held)
  const most = unmet.map(({ covered }) => quantileAt(covered, kept))
  const low = unmet[0].untilExpiry ? 0 : Math.min(...most)
  return bisected(low, Math.max(...most), (n) => worthOfUnit(situation, n) > 0)
}

/** Units for the minimum service, as far as they sell before they expire. */
function leastFor({ unmet, costs, minimumService }: OrderSituation): number {
  const sells = unmet[0].untilExpiry
    ? quantileOf(unmet, 'untilExpiry', criticalRatio(costs.short, costs.expired))
    : Number.POSITIVE_INFINITY
  return Math.min(quantileOf(unmet, 'covered', minimumService), sells)
}

/** Cu / (Cu + Co): 0 where a unit too few costs nothing, even where one too many does not either. */
function criticalRatio(short: number, over: number): number {
  return short > 0 ? Math.min(SUREST, short / (short + over)) : 0
}

/** The probability that fewer units are asked for; 0 until an expiry that never comes. */
export function shareOf(
  unmet: readonly UnmetCase[],
  what: 'covered' | 'untilExpiry',
  units: number,
): number {
  let share = 0
  for (const one of unmet) {
    const demand = one[what]
    if (demand) share += one.weight * shareBelow(demand, units)
  }
  return share
}

function quantileOf(
  unmet: readonly UnmetCase[],
  what: 'covered' | 'untilExpiry',
  level: number,
): number {
  const found = unmet
    .map((one) => one[what])
    .filter((demand): demand is DemandQuantiles => demand !== undefined)
    .map((demand) => quantileAt(demand, level))
  return bisected(Math.min(...found), Math.max(...found), (n) => shareOf(unmet, what, n) < level)
}

/** The last number of units between two for which something is so that is so of fewer. */
function bisected(from: number, to: number, isSo: (units: number) => boolean): number {
  let [low, high] = [from, to]
  while (high - low > PRECISION * Math.max(1, high)) {
    const middle = (low + high) / 2
    if (isSo(middle)) low = middle
    else high = middle
  }
  return low
}

/** Of a unit, or relative to many. */
const PRECISION = 1e-4

/** More is never stocked for than this share of cases: no tail is known so far out. */
const SUREST = 0.9999

/** Demand comes in whole units: at least n is more than n − ½ on a line through its quantiles. */
const HALF = 0.5

/** Packs that are worth it whole, and one more where its units together are. */
function wholePacks(situation: OrderSituation, cheapest: number, required: number): number {
  const { pack } = situation
  const packs = Math.floor(cheapest / pack)
  const needed = Math.max(packs, Math.ceil(required / pack))
  const step = pack / Math.min(pack, MOST_STEPS)
  let sum = 0
  for (let units = 0; units < pack; units += step) {
    sum += worthOfUnit(situation, packs * pack + units + HALF * step)
  }
  return Math.max(needed, sum > 0 ? packs + 1 : packs)
}

/** Into which a pack is cut at most to see what it is worth. */
const MOST_STEPS = 12

function limitOf(
  situation: OrderSituation,
  cheapest: number,
  required: number,
): OrderQuantity['limit'] {
  const { unmet, costs } = situation
  if (required > cheapest) return 'minimum service'
  if (costs.short <= 0) return 'loss'
  if (!unmet[0].untilExpiry) return
  const unlimited = criticalRatio(costs.short, costs.held) - NOTICEABLE
  const more = cheapest + PRECISION * Math.max(1, cheapest)
  return shareOf(unmet, 'covered', more) < unlimited ? 'expiry' : undefined
}

/** Of cases, by which expiry has to lower the critical ratio. */
const NOTICEABLE = 0.01
