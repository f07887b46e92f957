import { type Day, weekday } from '../../base/day.ts'
import type { WeekLabel } from '../contract/contract-schema.ts'

/**
 * The day on which the total of a week counts that is called by its first or last day: the nearest
 * one of the ISO week, Monday to Sunday, that holds most of its days. A total dated Sunday, 4 January,
 * counts on Monday, 5 January, where that Sunday is its first day, and on the Sunday itself where it
 * is its last: not earlier, since nobody knew it then. (A week that ends on a Monday, Tuesday or
 * Wednesday counts on the Sunday before.)
 */
export function dayOfWeeklyTotal(day: Day, label: WeekLabel): Day {
  const middle = label === 'first day' ? day + 3 : day - 3
  const monday = middle - weekday(middle)
  return Math.min(Math.max(day, monday), monday + 6)
}
