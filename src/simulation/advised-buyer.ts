import type { Random } from '../base/random.ts'
import { normal } from './draws.ts'

/** What a buyer does with an order that is advised. */
export const buyers = ['follows', 'overrides', 'noise', 'none'] as const
export type SimulatedBuyer = (typeof buyers)[number]

/** An order that is advised, and what the buyer knows besides. */
export type BuyersCase = {
  /** Units that are advised. */
  units: number
  pack: number
  /** By how much promotions of the days to be covered multiply demand. */
  promotion: number
}

/** Units, and the reason in `decisions.yml` where they are others than advised. */
export type OrderedUnits = { units: number; reason?: 'promotion' | 'other' }

/**
 * `follows` orders what is advised. `overrides` knows the leaflet, as no sales file does, and orders
 * as much more as a promotion sells. `noise` changes every third order by chance, and knows nothing.
 */
export function decided(
  buyer: Exclude<SimulatedBuyer, 'none'>,
  { units, pack, promotion }: BuyersCase,
  random: Random,
): OrderedUnits {
  if (buyer === 'overrides' && promotion > WORTH_A_CHANGE) {
    const wanted = Math.max(units, pack) * promotion
    return changed(units, Math.ceil(wanted / pack) * pack, 'promotion')
  }
  if (buyer === 'noise' && random() < 1 / 3) {
    const guessed = units * Math.exp(0.4 * normal(random))
    return changed(units, Math.round(guessed / pack) * pack, 'other')
  }
  return { units }
}

const WORTH_A_CHANGE = 1.15

function changed(
  advised: number,
  units: number,
  reason: NonNullable<OrderedUnits['reason']>,
): OrderedUnits {
  return units === advised ? { units } : { units, reason }
}
