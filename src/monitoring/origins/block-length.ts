import { type Static, Type } from 'typebox'
import { count, object } from '../../base/schema-parts.ts'
import { Frequency } from '../../demand/calendar.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import type { Ordering } from '../../ordering/buying-terms.ts'

/** What one number of the tests is about: so many periods, forecast from their start. */
export const BlockLength = object({
  frequency: Frequency,
  periods: Type.Integer({ minimum: 1, maximum: 10_000 }),
  /** How many of them there are in a year. */
  inYear: count,
})
export type BlockLength = Static<typeof BlockLength>

/**
 * The span that an order covers on the terms that hold for all, lead time and review period, in
 * whole periods: at least one, and no farther than is forecast.
 */
export function blockLength(
  { defaults: { leadTime, reviewPeriod } }: Pick<Ordering, 'defaults'>,
  { frequency, horizon }: Pick<Recipe, 'frequency' | 'horizon'>,
): BlockLength {
  const whole = Math.floor((leadTime + reviewPeriod) / DAYS[frequency])
  const periods = Math.min(horizon, Math.max(1, whole))
  return { frequency, periods, inYear: Math.round(IN_YEAR[frequency] / periods) }
}

/** Of the longest of each: a block is never longer than what is ordered for. */
const DAYS: Record<Frequency, number> = { day: 1, week: 7, month: 31 }
const IN_YEAR: Record<Frequency, number> = { day: 365, week: 52, month: 12 }
