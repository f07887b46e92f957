import { type Day, dayFromCivil, weekday } from '../base/day.ts'
import type { Random } from '../base/random.ts'
import { between, negativeBinomial, normal } from './draws.ts'
import { isClosed, type RetailCalendar } from './events.ts'
import type { Prices } from './prices.ts'
import type { CatalogueProduct } from './product.ts'

/** What customers want of a product, whatever is on the shelf; one element a day. */
export type CustomerDemand = {
  /** Whole units. */
  units: Float64Array
  /** By how much season and events, without payday, multiply a plain day. */
  season: Float64Array
}

/** A competitor opens across the street; within a month this share of the customers is gone. */
const COMPETITOR = { opens: dayFromCivil(2025, 6, 2)!, share: 0.12 }

/** Negative binomial: a busy day is more uneven than chance alone makes it. */
const DISPERSION = 20

/** The popularity of a product wanders week by week and is slowly drawn back to its usual level. */
const WANDERING = { step: 0.03, memory: 0.985 }

const LAUNCH_DAYS = 42

/** By how much the demand for a product is multiplied on a day, besides all that is usual. */
export type Shift = (day: Day) => number

const NO_SHIFT: Shift = () => 1

/**
 * Expected demand is the product of: level × yearly growth × wandering popularity × weekday × season
 * and events × (price / usual price)^−elasticity × competition × launch × shift. It is 0 while the
 * store is closed or the product is not on offer. Units are drawn around it from a negative binomial.
 */
export function demandOf(
  product: CatalogueProduct,
  calendar: RetailCalendar,
  prices: Prices,
  random: Random,
  shift = NO_SHIFT,
): CustomerDemand {
  const { firstDay, days } = calendar
  const units = new Float64Array(days)
  const season = new Float64Array(days)
  const { elasticity, weeklyDemand, weekdays } = product
  const weekdayTotal = weekdays.reduce((sum, share) => sum + share, 0)
  const payday = calendar.intensity.get('payday')!
  const growth = between(random, -0.08, 0.16)
  let popularity = 0.2 * normal(random)
  for (let index = 0; index < days; index++) {
    const day = firstDay + index
    if (weekday(day) === 0) {
      popularity = WANDERING.memory * popularity + WANDERING.step * normal(random)
    }
    season[index] = Math.exp(seasonEffect(product, calendar, index))
    if (isClosed(day) || !onOffer(product, day)) continue
    const expected =
      ((weeklyDemand * weekdays[weekday(day)]) / weekdayTotal) *
      Math.exp((growth * index) / 365.25 + popularity) *
      season[index] *
      Math.exp((product.season.payday ?? 0) * payday[index]) *
      (prices.price[index] / prices.usualPrice[index]) ** -elasticity *
      (1 - COMPETITOR.share * ramp(day, COMPETITOR.opens, 28)) *
      launchShare(product, day) *
      shift(day)
    units[index] = negativeBinomial(random, expected, DISPERSION)
  }
  return { units, season }
}

/** Whether the product is part of the assortment. */
export function onOffer(product: CatalogueProduct, day: Day): boolean {
  const { launch = Number.NEGATIVE_INFINITY, delisting = Number.POSITIVE_INFINITY } = product
  return launch <= day && day < delisting
}

/** The log of what season and events multiply demand by. */
function seasonEffect(
  product: CatalogueProduct,
  { intensity }: RetailCalendar,
  index: number,
): number {
  let effect = 0
  for (const [event, felt] of intensity) {
    if (event !== 'payday') effect += (product.season[event] ?? 0) * felt[index]
  }
  return effect
}

/** Customers find a new product little by little: from 40% of its demand to all of it. */
function launchShare({ launch }: CatalogueProduct, day: Day): number {
  return launch === undefined ? 1 : 0.4 + 0.6 * ramp(day, launch, LAUNCH_DAYS)
}

/** Rises from 0 on `from` to 1 after `length` days, and stays there. */
function ramp(day: Day, from: Day, length: number): number {
  return Math.min(1, Math.max(0, (day - from) / length))
}
