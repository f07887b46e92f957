import { errorFunction, probit } from 'simple-statistics'
import type { Day } from '../base/day.ts'
import { remembered } from '../base/remembered.ts'
import { type Demand, type DemandQuantiles, quantileAt } from './demand-quantiles.ts'
import { type Delivery, unitsOf } from './supply.ts'

/** The days of an order. */
export type OrderDays = {
  /** In whose morning it is placed. */
  day: Day
  /** In whose morning it is on the shelf. */
  arrival: Day
  /** The last day that it has to last. */
  through: Day
  /** The last day on which its units may be sold; Infinity where they do not expire. */
  expiry: Day
}

/** What only an order can serve. */
export type UnmetDemand = {
  /** One for each way in which the stock may last until the order arrives. */
  cases: UnmetCase[]
  /** Units that are expected to be asked for before it arrives, and that no stock can serve. */
  lost: number
}

/** In units; below 0 where stock is left even then. */
export type UnmetCase = {
  /** Its probability. */
  weight: number
  /** From the arrival of the order through the last day that it has to last. */
  covered: DemandQuantiles
  /** From its arrival until its units expire; absent where they do not. */
  untilExpiry?: DemandQuantiles
}

/**
 * The demand that an order has to serve: that of the days from its arrival on, less what will then be
 * left of the stock. What a shop is asked for and has not got is not sold later, so that the demand
 * before matters only as far as there is stock to serve it. What decides is the inventory level that
 * is projected to the arrival, not the inventory position (van Jaarsveld & Arts 2024, "Projected
 * Inventory Level Policies for Lost Sales Inventory Systems"), delivery by delivery, as each arrives
 * and expires (Broekmeulen & van Donselaar 2009, "A heuristic to manage perishable inventory with
 * batch ordering, positive lead-times, and time-varying demand").
 *
 * The demand until the arrival takes `CASES` values, falls on its days as is expected, and takes the
 * oldest units first. The demand afterwards is correlated with it as far as the quantiles of both
 * together lie further apart than those of independent ones would (a Gaussian copula).
 */
export function unmetDemand(
  stock: readonly Delivery[],
  { day, arrival, through, expiry }: OrderDays,
  demandOn: (from: Day, to: Day) => Demand,
): UnmetDemand {
  const covered = demandOn(arrival, through)
  const untilExpiry = expiry < Number.POSITIVE_INFINITY ? demandOn(arrival, expiry) : undefined
  const scores = scoresOf(covered.levels)
  const caseOf = (
    left: readonly Delivery[],
    { weight, score }: { weight: number; score: number },
    correlation: number,
  ): UnmetCase => {
    const given = levelsGiven(scores, correlation, score)
    const lessStock = (demand: Demand, there: readonly Delivery[], to: Day) =>
      unserved(demandAt(demand, given), there, arrival, to)
    // What arrives later sells after the units of this order.
    const before = left.filter((delivery) => delivery.day <= arrival)
    return {
      weight,
      covered: lessStock(covered, left, through),
      ...(untilExpiry && { untilExpiry: lessStock(untilExpiry, before, expiry) }),
    }
  }
  if (arrival === day) return { cases: [caseOf(stock, CERTAIN, 0)], lost: 0 }
  const leadTime = demandOn(day, arrival - 1)
  const parts = partsOf(stock, day, arrival, demandOn)
  const { lost } = sellOff(stock, parts, 1)
  const lasting = stock.some(({ lastDay }) => lastDay >= arrival)
  if (!lasting || leadTime.mean === 0) {
    return { cases: [caseOf(lasting ? stock : [], CERTAIN, 0)], lost }
  }
  const correlation = correlationOf(leadTime, covered, demandOn(day, through))
  const cases = CASES.map((at) => {
    const pace = quantileAt(leadTime, at.level) / leadTime.mean
    const { left } = sellOff(stock, parts, pace)
    const lasts = stock.flatMap(({ day, lastDay }, k) =>
      left[k] > 0 && lastDay >= arrival ? [{ units: left[k], day, lastDay }] : [],
    )
    return caseOf(lasts, at, correlation)
  })
  return { cases, lost }
}

/**
 * What stock, in the order of arrival, does for a demand that comes at an even pace on the days `from`
 * to `to`: the units that it serves or that are still there afterwards, and those that expire
 * meanwhile. What arrives after days without stock serves no more than is asked for from then on.
 */
export function servedBy(
  stock: readonly Delivery[],
  from: Day,
  to: Day,
  demand: number,
): { served: number; expired: number } {
  const daily = demand / (to - from + 1)
  let [served, expired] = [0, 0]
  let soldOut: number = from
  let wasEmpty = false
  for (const { units, day, lastDay } of stock) {
    wasEmpty ||= day > soldOut
    const start = Math.max(soldOut, day)
    const asked = Math.max(0, daily * (Math.min(lastDay, to) + 1 - start))
    const sold = Math.min(units, asked)
    served += lastDay < to || wasEmpty ? sold : units
    if (lastDay < to) expired += units - sold
    const end = Math.max(start, Math.min(lastDay, to) + 1)
    if (units > 0) soldOut = daily > 0 ? Math.min(end, start + units / daily) : end
  }
  return { served, expired }
}

/** Normal scores, evenly spaced so that tails count, with their levels and weights. */
const CASES = (() => {
  const scores = Array.from({ length: 7 }, (_, i) => i - 3)
  const densities = scores.map((score) => Math.exp(-(score ** 2) / 2))
  const sum = densities.reduce((total, density) => total + density)
  let below = 0
  return scores.map((score, i) => {
    const weight = densities[i] / sum
    below += weight
    return { score, level: below - weight / 2, weight }
  })
})()

const CERTAIN = { score: 0, weight: 1 }

/** Days in which nothing arrives or expires, from the first one on, with their expected demand. */
type Part = { from: Day; units: number }

function partsOf(
  stock: readonly Delivery[],
  day: Day,
  arrival: Day,
  demandOn: (from: Day, to: Day) => Demand,
): Part[] {
  const cuts = stock
    .flatMap(({ day: since, lastDay }) => [since, lastDay + 1])
    .filter((cut) => cut > day && cut < arrival)
  const starts = [...new Set([day, ...cuts])].sort((a, b) => a - b)
  return starts.map((from, k) => ({
    from,
    units: demandOn(from, (starts[k + 1] ?? arrival) - 1).mean,
  }))
}

/** Serves so many times the expected demand; what is left of each delivery, and what was not there. */
function sellOff(stock: readonly Delivery[], parts: readonly Part[], pace: number) {
  const left = stock.map(({ units }) => units)
  let lost = 0
  for (const { from, units } of parts) {
    let asked = pace * units
    for (let k = 0; k < left.length; k++) {
      if (stock[k].day > from || stock[k].lastDay < from) continue
      const sold = Math.min(asked, left[k])
      left[k] -= sold
      asked -= sold
    }
    lost += asked
  }
  return { left, lost }
}

/** Of the demand on the days before and after, so that together they spread as their total does. */
function correlationOf(before: Demand, after: Demand, total: Demand): number {
  const spread = (demand: Demand) => quantileAt(demand, 0.9) - quantileAt(demand, 0.1)
  const [a, b] = [spread(before), spread(after)]
  const correlation = (spread(total) ** 2 - a ** 2 - b ** 2) / (2 * a * b)
  if (!(Math.abs(correlation) > LEAST_CORRELATED)) return 0
  return Math.max(-MOST_CORRELATED, Math.min(MOST_CORRELATED, correlation))
}

/** Less than that is not to be told from none by quantiles. */
const LEAST_CORRELATED = 0.2
/** So that the cases overlap. */
const MOST_CORRELATED = 0.9

/** The normal scores of levels: of the same ones for all orders. */
function scoresOf(levels: readonly number[]): readonly number[] {
  return remembered(knownScores, levels, () => levels.map(probit))
}

const knownScores = new WeakMap<readonly number[], readonly number[]>()

/** At which levels demand of some scores lies where the demand before it was at another. */
function levelsGiven(scores: readonly number[], correlation: number, score: number) {
  if (correlation === 0) return
  const own = Math.sqrt(1 - correlation ** 2)
  return scores.map((later) => normalShare(correlation * score + own * later))
}

function demandAt(demand: Demand, given?: readonly number[]): DemandQuantiles {
  if (!given) return demand
  return { levels: demand.levels, quantiles: given.map((level) => quantileAt(demand, level)) }
}

/** The share of a standard normal distribution below a score. */
function normalShare(score: number): number {
  return (1 + errorFunction(score / Math.SQRT2)) / 2
}

function unserved(
  { levels, quantiles }: DemandQuantiles,
  stock: readonly Delivery[],
  from: Day,
  to: Day,
): DemandQuantiles {
  if (stock.length === 0) return { levels, quantiles }
  const units = unitsOf(stock)
  const isThere = stock.every(({ day }) => day <= from)
  let served = 0
  const unmet = levels.map((_, k) => {
    // Stock that is there from the start and served whole is so by any larger demand.
    if (!isThere || served !== units) served = servedBy(stock, from, to, quantiles[k]).served
    return quantiles[k] - served
  })
  return { levels, quantiles: unmet }
}
