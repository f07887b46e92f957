import type { Day } from '../day.ts'
import { type DailyTotals, saleDays } from '../sales/daily-totals.ts'
import { type Frequency, periodOf } from './calendar.ts'

/**
 * How finely the sales are reported. A file of weekly or monthly totals dates each total by one day
 * of its period (every Friday, every 1st): no period has two distinct sale days, and nearly every
 * one has a sale day. That is told from rare sales of single units by the second condition.
 */
export function reportingFrequency(totals: DailyTotals): Frequency {
  const days = saleDays(totals)
  if (holdsTotalsOf('month', days, 3)) return 'month'
  if (holdsTotalsOf('week', days, 4)) return 'week'
  return 'day'
}

const LEAST_COVERAGE = 0.75

function holdsTotalsOf(frequency: Frequency, days: readonly Day[], leastPeriods: number): boolean {
  if (days.length < leastPeriods) return false
  const periods = days.map((day) => periodOf(frequency, day))
  if (periods.some((period, i) => i > 0 && period === periods[i - 1])) return false
  const span = periods[periods.length - 1] - periods[0] + 1
  return periods.length >= LEAST_COVERAGE * span
}
