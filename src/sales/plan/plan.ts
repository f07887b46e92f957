import type { Day } from '../../base/day.ts'

/**
 * What the chain has planned for some products on some days, as one row of the resource `plan` says
 * it. Of the rows that speak of a series on a day, the one counts that was known last; of those known
 * on one day, the one that names the most of product, store and category.
 */
export type PlannedDays = {
  /** Whom it is about: a product or a category, in all stores or in one; without any, the chain. */
  productId?: string
  category?: string
  storeId?: string
  /** The first and the last of the days. */
  from: Day
  to: Day
  /** The day on which it was decided: who forecasts as of an earlier one does not know of it. */
  knownOn: Day
  /** The price of a unit, or what is off the usual one, as a share of it: 0.2 is 20% off. */
  price?: number
  discount?: number
  /** What kind of promotion, in the chain's own words. */
  promotion?: string
  /** Whether it stands where customers see it. */
  display?: boolean
  /** Whether the store, or the product in it, is not sold on these days. */
  closed?: boolean
}

/** All that was ever planned, in the order in which it became known. */
export type Plan = {
  rows: PlannedDays[]
  /**
   * What models learn of prices: from those that were planned, or from those that came, where nobody
   * kept the plans.
   */
  prices: 'planned' | 'actual'
}
