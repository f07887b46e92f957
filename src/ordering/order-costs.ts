import { expectedLeftOver, expectedShort } from './demand-quantiles.ts'
import { type OrderSituation, shareOf, spared } from './order-quantity.ts'

/** What can be expected to be lost by ordering so many units: margin, urgent reorders, waste. */
export type OrderCosts = {
  /** Of the units that are advised. */
  advised: number
  /** Of other quantities, ascending: none, fewer and more packs, the advised one among them. */
  alternatives: { units: number; cost: number }[]
}

/**
 * What ordering so many units can be expected to cost, in the currency of the sales: Cu E[(D − q)⁺] +
 * Ch E[(q − D)⁺] + Ce E[(q − E)⁺] − what it spares the next order in waste, where q are the units
 * ordered, D the demand that only they can serve until the next order arrives, E that until they
 * expire, and Cu, Ch and Ce what a unit short, held and expired costs. It is the newsvendor's cost
 * (Silver, Pyke & Thomas 2017, "Inventory and Production Management in Supply Chains", section 9.2),
 * of which `orderQuantity` finds the least: its derivative is what the last unit is worth there,
 * turned. What is lost before the order arrives, or expires of the stock, no order can change: it is
 * not in it.
 */
export function expectedCost(situation: OrderSituation, units: number): number {
  const { unmet, costs } = situation
  let sum = 0
  for (const { weight, covered, untilExpiry } of unmet) {
    const short = costs.short * expectedShort(covered, units)
    const held = costs.held * expectedLeftOver(covered, units)
    const expired = untilExpiry ? costs.expired * expectedLeftOver(untilExpiry, units) : 0
    sum += weight * (short + held + expired)
  }
  return sum - sparedBy(situation, units)
}

/** What the advised packs can be expected to cost, and what ordering none, fewer or more would. */
export function orderCosts(situation: OrderSituation, packs: number): OrderCosts {
  const { pack } = situation
  const step = Math.max(1, Math.round(packs / 4))
  const others = [-2, -1, 0, 1, 2].map((steps) => packs + steps * step)
  const amounts = [...new Set([0, ...others.filter((amount) => amount > 0)])]
  return {
    advised: expectedCost(situation, packs * pack),
    alternatives: amounts.map((amount) => ({
      units: amount * pack,
      cost: expectedCost(situation, amount * pack),
    })),
  }
}

/** By units that are left over and sell before they expire. */
function sparedBy({ unmet, costs, packWaste }: OrderSituation, units: number): number {
  if (!unmet[0].untilExpiry || units === 0) return 0
  const steps = Math.min(MOST_STEPS, Math.ceil(units))
  let sum = 0
  for (let step = 0; step < steps; step++) {
    const n = (units * (step + 0.5)) / steps
    const expired = shareOf(unmet, 'untilExpiry', n)
    const later = Math.max(0, shareOf(unmet, 'covered', n) - expired)
    sum += later * spared(costs, { expired, later }, packWaste)
  }
  return (sum * units) / steps
}

const MOST_STEPS = 100
