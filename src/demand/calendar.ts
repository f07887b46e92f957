import { civilFromDay, type Day, daysInMonth } from '../day.ts'

export type Frequency = 'day' | 'week' | 'month'

/**
 * Periods are counted from the one that holds 1970-01-01 (for weeks: ISO weeks, Monday first), so
 * that a period is an integer and the next one is that plus 1.
 */
export function periodOf(frequency: Frequency, day: Day): number {
  if (frequency === 'day') return day
  if (frequency === 'week') return Math.floor((day + 3) / 7)
  const { year, month } = civilFromDay(day)
  return (year - 1970) * 12 + month - 1
}
