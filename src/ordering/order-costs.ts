import { expectedLeftOver, expectedShort } from './demand-quantiles.ts'
import type { OrderSituation } from './order-quantity.ts'

/** What can be expected to be lost by ordering so many units: margin, urgent reorders, waste. */
export type OrderCosts = {
  /** Of the units that are advised. */
  advised: number
  /** Of other quantities, ascending: none, fewer and more packs, the advised one among them. */
  alternatives: { units: number; cost: number }[]
}

/**
 * What an order of so many units can be expected to cost in the time that it covers, in the currency
 * of the sales: Cu E[(D − S)⁺] + Ch E[(S − D)⁺] + Ce E[(S − E)⁺], where S is what is available with
 * the order, D the demand that it covers, E that until it expires, and Cu, Ch and Ce what a unit
 * short, held and expired costs. It is the newsvendor's cost (Silver, Pyke & Thomas 2017, "Inventory
 * and Production Management in Supply Chains", section 9.2), of which `orderQuantity` finds the
 * least: its derivative is what the last unit is worth there, turned.
 */
export function expectedCost(situation: OrderSituation, units: number): number {
  const { covered, untilExpiry, available, costs } = situation
  const stocked = available + units
  const short = costs.short * expectedShort(covered, stocked)
  const held = costs.held * expectedLeftOver(covered, stocked)
  const expired = untilExpiry ? costs.expired * expectedLeftOver(untilExpiry, stocked) : 0
  return short + held + expired
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
