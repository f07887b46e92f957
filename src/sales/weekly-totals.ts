import { type Day, weekday } from '../day.ts'

/** By which of its days a week is called. */
export type WeekLabel = 'first day' | 'last day'

/**
 * The Monday of the ISO week that holds most days of a week that is called by its first or last day:
 * a total dated Sunday, 4 January, is of the week from Monday, 5 January, where that Sunday is its
 * first day, and of the one from 29 December where it is its last.
 */
export function mondayOfWeek(day: Day, label: WeekLabel): Day {
  const middle = label === 'first day' ? day + 3 : day - 3
  return middle - weekday(middle)
}
