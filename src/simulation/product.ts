import type { Day } from '../base/day.ts'
import type { Season } from './events.ts'

/** What the chain sells one of, and how its customers and its suppliers behave. */
export type CatalogueProduct = {
  id: number
  name: string
  category: string
  /** BRL, on the first day of the simulation. */
  price: number
  /** Share of the usual price that is not cost. */
  margin: number
  /** Units that customers want in a plain week: no season, no event, no promotion. */
  weeklyDemand: number
  /** Days from delivery to expiry; undefined where the product does not expire. */
  shelfLife?: number
  /** Demand is proportional to (price / usual price) to the power of minus this. */
  elasticity: number
  /** Demand on Monday … Sunday, in any unit. */
  weekdays: readonly number[]
  season: Season
  /** Units that the supplier sells together. */
  pack: number
  /** The buyer orders this many times what sold in the last weeks. */
  safety: number
  /** Days from order to delivery. */
  leadDays: number
  /** Weekdays on which the buyer orders, 0 = Monday. */
  orderWeekdays: readonly number[]
  /** First day on offer; undefined where the chain always had it. */
  launch?: Day
  /** First day on which nobody asks for it any more. */
  delisting?: Day
}
