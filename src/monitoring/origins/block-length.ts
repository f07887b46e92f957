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
 * whole periods: at least one, and no farther than is forecast. Of days so many that they are whole
 * weeks, at least one: the origins of a backtest are a horizon apart, mostly on one day of the week,
 * and say little about blocks of other days.
 */
export function blockLength(
  { defaults: { leadTime, reviewPeriod } }: Pick<Ordering, 'defaults'>,
  { frequency, horizon }: Pick<Recipe, 'frequency' | 'horizon'>,
): BlockLength {
  const { days, least, inYear } = unit[frequency]
  const covered = Math.floor((leadTime + reviewPeriod) / days)
  const periods = Math.min(horizon, least * Math.max(1, Math.floor(covered / least)))
  return { frequency, periods, inYear: Math.round(inYear / periods) }
}

/** `days` of the longest period: a block is no longer than what is ordered for, but for `least`. */
const unit: Record<Frequency, { days: number; least: number; inYear: number }> = {
  day: { days: 1, least: 7, inYear: 365 },
  week: { days: 7, least: 1, inYear: 52 },
  month: { days: 31, least: 1, inYear: 12 },
}
