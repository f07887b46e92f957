import { type Static, Type } from 'typebox'
import { type Day, dayFromIso } from '../../base/day.ts'
import { count, isoDay, object } from '../../base/schema-parts.ts'
import { salesAge } from '../../ordering/sales-age.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'

/** How old the model in production is, and the sales that it forecasts from. */
export const Ages = object({
  /** Days since the last one that it has learnt from, and how many of sales it may lack. */
  model: object({ trainedThrough: isoDay, days: count, maxAge: count }),
  /** Days since the last one whose sales are known; new ones are due after `rhythm`. */
  sales: object({ through: isoDay, days: count, rhythm: count, due: Type.Boolean() }),
})
export type Ages = Static<typeof Ages>

export function agesOf({
  trainedThrough,
  maxAge,
  totals,
  salesThrough,
  today,
}: {
  /** ISO day. */
  trainedThrough: string
  maxAge: number
  totals: DailyTotals
  salesThrough: Day
  today: Day
}): Ages {
  const { through, days, rhythm } = salesAge(totals, salesThrough, today)
  const learnt = dayFromIso(trainedThrough) ?? today
  return {
    model: { trainedThrough, days: Math.max(0, today - learnt), maxAge },
    sales: { through, days, rhythm, due: days > rhythm },
  }
}
