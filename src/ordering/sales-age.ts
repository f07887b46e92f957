import { type Day, isoFromDay } from '../base/day.ts'
import { type DailyTotals, saleDays } from '../sales/totals/daily-totals.ts'

/** How old the sales are that orders rest on. */
export type SalesAge = {
  /** ISO day: the last one whose sales are known. */
  through: string
  /** From that day to today. */
  days: number
  /** The chain's rhythm: so many days come between two days with sales at the most. */
  rhythm: number
}

/**
 * The age of sales known through a day. New ones are due when they are older than the longest of
 * the last 30 times from one day with sales to the next: 1 day for a shop that never closes, 2 where
 * it does on Sundays, 7 for weekly totals.
 */
export function salesAge(totals: DailyTotals, through: Day, today: Day): SalesAge {
  const days = saleDays(totals, through).slice(-LOOKED_AT - 1)
  const gaps = days.slice(1).map((day, i) => day - days[i])
  return {
    through: isoFromDay(through),
    days: Math.max(0, today - through),
    rhythm: Math.max(1, ...gaps),
  }
}

const LOOKED_AT = 30
