import type { Day } from '../base/day.ts'
import { chainOf, type DailyTotals, saleDays, unitDays } from '../sales/totals/daily-totals.ts'
import { type Frequency, periodOf } from './calendar.ts'

/**
 * How finely the sales are reported. A file of weekly or monthly totals dates each total by one day
 * of its period (every Friday, every 1st): no period has two distinct sale days, and nearly every
 * one has a sale day. That is told from rare sales of single units by the second condition. Rows of
 * nothing sold and nothing returned prove no totals: some of the days must have moved units. Nothing
 * after `asOf` is looked at. A part of a chain is reported as its chain is.
 */
export function reportingFrequency(totals: DailyTotals, asOf?: Day): Frequency {
  const chain = chainOf(totals)
  const days = saleDays(chain, asOf)
  const daysWithUnits = unitDays(chain, asOf).length
  if (daysWithUnits >= 3 && holdsTotalsOf('month', days)) return 'month'
  if (daysWithUnits >= 4 && holdsTotalsOf('week', days)) return 'week'
  return 'day'
}

const LEAST_COVERAGE = 0.75

function holdsTotalsOf(frequency: Frequency, days: readonly Day[]): boolean {
  const periods = days.map((day) => periodOf(frequency, day))
  if (periods.some((period, i) => i > 0 && period === periods[i - 1])) return false
  const span = periods[periods.length - 1] - periods[0] + 1
  return periods.length >= LEAST_COVERAGE * span
}
