import type { Day } from '../../base/day.ts'
import type { DaySums } from './day-changes.ts'

/** Nights on which a day that seems to be loaded in part is waited for. */
export const NIGHTS_WAITED = 3

/**
 * The newest days that seem to be loaded only in part, ascending: each has less than half of the rows,
 * or of the units, that the same weekday had in the four weeks before (their median), which is more
 * than counts vary by chance (four times their Poisson standard deviation). A whole day that follows
 * shows that loading was done, and one of which fewer than two such weekdays are known cannot be told.
 *
 * @param newest days with their sums, in any order
 * @param known sums of the days before these
 */
export function halfLoadedDays(
  newest: ReadonlyMap<Day, DaySums>,
  known: ReadonlyMap<Day, DaySums>,
): Day[] {
  const days = [...newest.keys()].sort((a, b) => a - b)
  const whole = days.findLastIndex((day) => !isHalf(newest.get(day)!, alike(day, known)))
  return days.slice(whole + 1)
}

/** Days before the newest that are looked at. */
export const DAYS_COMPARED = 28

function alike(day: Day, known: ReadonlyMap<Day, DaySums>): DaySums[] {
  const before = [7, 14, 21, 28].map((back) => known.get(day - back))
  return before.filter((sums) => sums !== undefined && sums.rows > 0) as DaySums[]
}

function isHalf(sums: DaySums, usual: readonly DaySums[]): boolean {
  if (usual.length < 2) return false
  return (['rows', 'units'] as const).some((of) =>
    isFarBelow(sums[of], median(usual.map((day) => day[of]))),
  )
}

function isFarBelow(count: number, usual: number): boolean {
  return count * 2 < usual && usual - count > 4 * Math.sqrt(usual)
}

/** Of an even number the lower of the two in the middle: rather too little is asked than too much. */
function median(values: number[]): number {
  return values.sort((a, b) => a - b)[(values.length - 1) >> 1]
}
