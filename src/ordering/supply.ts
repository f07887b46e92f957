import type { Day } from '../base/day.ts'
import { type DailyTotals, seriesId } from '../sales/totals/daily-totals.ts'
import { firstEntryAfter, knownOn } from '../sales/totals/known-totals.ts'
import type { BuyingTerms, Ordering } from './buying-terms.ts'

/** What the sales files say on a day about the supply of one series. What is absent is not known. */
export type Supply = {
  /** Mean price and cost of a unit over the last 8 weeks that know one. */
  price?: number
  cost?: number
  /** Days from purchase to expiry, whole; absent where it does not expire. */
  shelfLife?: number
  /** Units on hand and on order, in the order of arrival. */
  stock?: Delivery[]
}

/** Units that arrive together. */
export type Delivery = {
  units: number
  /** In whose morning they are on the shelf; −Infinity of what is there and was never seen to come. */
  day: Day
  /** The last day on which they may be sold; Infinity where they do not expire. */
  lastDay: Day
}

export function unitsOf(stock: readonly Delivery[]): number {
  return stock.reduce((sum, { units }) => sum + units, 0)
}

/** All that was bought in the entries `from` to before `to` of one series, in the order of time. */
export function deliveriesIn(totals: DailyTotals, from: number, to: number): Delivery[] {
  const found: Delivery[] = []
  for (let entry = from; entry < to; entry++) {
    const units = totals.bought[entry]
    if (units !== 0) found.push(deliveryOf(totals, entry, units))
  }
  return found
}

/**
 * The supply of every series by its `seriesId`, as known at the end of a day; and what is on order, as
 * far as purchases dated later, up to `purchasedBy`, are known already.
 */
export function supplyAsOf(totals: DailyTotals, day: Day, purchasedBy = day): Map<string, Supply> {
  const { series, from, to } = knownOn(totals, purchasedBy)
  return new Map(
    series.map((key, index) => {
      const supply = supplyIn(totals, from[index], to[index], day)
      const later = firstEntryAfter(totals, day, from[index], to[index])
      const onOrder = deliveriesIn(totals, later, to[index])
      const stock = supply.stock && [...supply.stock, ...onOrder]
      return [seriesId(key), { ...supply, ...(stock && { stock }) }]
    }),
  )
}

/**
 * A supply by the days on which purchases arrive: where they are dated by their order, that is a lead
 * time later, and they have lost that much of their life then.
 */
export function suppliedBy(ordering: Ordering, terms: BuyingTerms, supply: Supply): Supply {
  const days = daysToArrival(ordering, terms)
  const { shelfLife, stock } = supply
  return {
    ...supply,
    ...(shelfLife !== undefined && { shelfLife: Math.max(0, shelfLife - days) }),
    ...(stock && { stock: stock.map((delivery) => daysLater(delivery, days)) }),
  }
}

/** From the purchase date of the sales files on. */
export function daysToArrival({ purchaseDate }: Ordering, { leadTime }: BuyingTerms): number {
  return purchaseDate === 'order' ? leadTime : 0
}

/** A delivery that comes so many days later, and expires when it would have. */
export function daysLater(delivery: Delivery, days: number): Delivery {
  return { ...delivery, day: delivery.day + days }
}

/**
 * The supply of the series whose entries are those `from` to before `to`, as known at the end of a
 * day: of later entries nothing is seen.
 */
export function supplyIn(totals: DailyTotals, from: number, to: number, day: Day): Supply {
  const end = firstEntryAfter(totals, day, from, to)
  if (end === from) return {}
  const mean = (sums: Float64Array, units: Float64Array) =>
    recentMean(totals.day, sums, units, from, end)
  const price = mean(totals.revenue, totals.pricedUnits)
  const cost = mean(totals.costTotal, totals.costedUnits)
  const life = mean(totals.shelfLifeTotal, totals.expiringUnits)
  const onHand = unitsOnHand(totals, from, end)
  return {
    ...(price !== undefined && { price }),
    ...(cost !== undefined && { cost }),
    ...(life !== undefined && { shelfLife: Math.floor(life) }),
    ...(onHand !== undefined && { stock: deliveriesOnHand(totals, from, end, onHand, day) }),
  }
}

const RECENT_DAYS = 56

/** Σ sums / Σ units over the 8 weeks up to the last entry that has any units. */
function recentMean(
  days: Int32Array,
  sums: Float64Array,
  units: Float64Array,
  from: number,
  end: number,
): number | undefined {
  let last = end - 1
  while (last >= from && units[last] === 0) last--
  let sum = 0
  let count = 0
  for (let entry = last; entry >= from && days[entry] > days[last] - RECENT_DAYS; entry--) {
    sum += sums[entry]
    count += units[entry]
  }
  return count > 0 ? sum / count : undefined
}

/** As stated last, and what came and went since; from the first purchase on where none is stated. */
function unitsOnHand(totals: DailyTotals, from: number, end: number): number | undefined {
  const { columns, statedStock, bought, sold, returned, expired } = totals
  let units = columns.stock ? Number.NaN : 0
  for (let entry = from; entry < end; entry++) {
    const left = units + bought[entry] - sold[entry] + returned[entry] - expired[entry]
    const stated = statedStock[entry]
    // Below 0 units were sold whose purchase is not in the data.
    units = columns.stock && !Number.isNaN(stated) ? Math.max(0, stated) : Math.max(0, left)
  }
  const isKnown = (columns.stock || columns.purchaseDate) && !Number.isNaN(units)
  return isKnown ? units : undefined
}

/** First in, first out: what is on hand is what was bought last, less what has expired. */
function deliveriesOnHand(
  totals: DailyTotals,
  from: number,
  end: number,
  onHand: number,
  day: Day,
): Delivery[] {
  const found: Delivery[] = []
  let left = onHand
  for (let entry = end - 1; entry >= from && left > 0; entry--) {
    const units = Math.min(left, totals.bought[entry])
    if (units === 0) continue
    left -= units
    const delivery = deliveryOf(totals, entry, units)
    if (delivery.lastDay > day) found.unshift(delivery)
  }
  const unseen = { units: left, day: Number.NEGATIVE_INFINITY, lastDay: Number.POSITIVE_INFINITY }
  return left > 0 ? [unseen, ...found] : found
}

/** Units of what was bought in an entry, with the mean shelf life of those bought with it. */
function deliveryOf(totals: DailyTotals, entry: number, units: number): Delivery {
  const expiring = totals.expiringUnits[entry]
  const life = expiring > 0 ? totals.shelfLifeTotal[entry] / expiring : Number.POSITIVE_INFINITY
  const day = totals.day[entry]
  return { units, day, lastDay: day + Math.floor(life) }
}
