import type { KnownTotals } from '../sales/totals/known-totals.ts'

/**
 * How much one customer takes, in the unit that sales are measured in: about the least that a series
 * sells on a day. What is expected by chance depends on how many customers there are, and not on
 * whether grams or tonnes are counted.
 *
 * It is told from the least that each series ever sold on a day: a low quantile of these, since those
 * that sell fast have no day with one customer, and a single slip of the scales is no customer. 1
 * where pieces are counted; 1 where nothing was sold.
 */
export function unitOfSale({ from, to, totals }: KnownTotals): number {
  const least: number[] = []
  for (let index = 0; index < from.length; index++) {
    let own = Number.POSITIVE_INFINITY
    for (let entry = from[index]; entry < to[index]; entry++) {
      if (totals.sold[entry] > 0 && totals.sold[entry] < own) own = totals.sold[entry]
    }
    if (own < Number.POSITIVE_INFINITY) least.push(own)
  }
  if (least.length === 0) return 1
  return least.sort((a, b) => a - b)[Math.floor(LOW * least.length)]
}

const LOW = 0.05
