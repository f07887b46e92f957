import type { Day } from '../base/day.ts'
import type { Random } from '../base/random.ts'
import { normal, wholeBetween } from './draws.ts'
import type { CatalogueProduct } from './product.ts'

/** What the buyer looks at, on an evening on which he orders. */
export type BuyingSituation = {
  /** Units sold per day over the last four weeks. Empty shelves count as days without interest. */
  soldPerDay: number
  /** Units on the shelf and on their way. */
  available: number
  /** By how much the season multiplies demand in the days to be covered, against the last weeks. */
  comingSeason: number
  /** Days until the delivery of the next order. */
  daysToCover: number
}

export type ShopDelivery = { day: Day; units: number }

/**
 * Units to order, in whole packs: enough to sell as in the last weeks until the next order has
 * arrived, and a little more. The buyer sees a season coming, but believes in only half of it (the
 * square root), and guesses differently from week to week. An almost empty shelf gets a pack.
 */
export function orderUnits(
  product: CatalogueProduct,
  situation: BuyingSituation,
  random: Random,
): number {
  const { soldPerDay, available, comingSeason, daysToCover } = situation
  const guess = Math.exp(0.15 * normal(random))
  const target = soldPerDay * daysToCover * product.safety * Math.sqrt(comingSeason) * guess
  const packs = Math.ceil((target - available) / product.pack)
  return Math.max(packs, available <= 1 ? 1 : 0) * product.pack
}

/** One delivery in eight is late, and one in thirty never comes: the supplier had none. */
export function deliveryOf(
  product: CatalogueProduct,
  orderedOn: Day,
  units: number,
  random: Random,
): ShopDelivery | undefined {
  const luck = random()
  if (luck < 1 / 30) return undefined
  const delay = luck < 1 / 8 ? wholeBetween(random, 2, 6) : 0
  return { day: orderedOn + product.leadDays + delay, units }
}
