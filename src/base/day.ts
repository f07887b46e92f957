/**
 * A calendar day as the number of days since 1970-01-01: no clock, no time zone.
 * Days can be subtracted, compared and used as array indices.
 */
export type Day = number

/** Of a day in UTC. */
export const MILLISECONDS_A_DAY = 86_400_000

/** `2026-10-31` → 20757. Undefined unless the text is an existing day as YYYY-MM-DD. */
export function dayFromIso(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return match ? dayFromCivil(Number(match[1]), Number(match[2]), Number(match[3])) : undefined
}

/** 1 January 0001 and 31 December 9999: what can be written as a day. */
export const FIRST_DAY: Day = -719_162
export const LAST_DAY: Day = 2_932_896

/** 20757 → `2026-10-31`. */
export function isoFromDay(day: Day): string {
  const { year, month, dayOfMonth } = civilFromDay(day)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`
}

/** Undefined where the calendar has no such day, such as 31 February. */
export function dayFromCivil(year: number, month: number, dayOfMonth: number): Day | undefined {
  if (month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month)) return
  return daysBeforeMonth(year, month) + dayOfMonth - 1
}

/** The proleptic Gregorian date of a day (Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
export function civilFromDay(day: Day): { year: number; month: number; dayOfMonth: number } {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}

/** 0 = Monday … 6 = Sunday (ISO 8601). */
export function weekday(day: Day): number {
  return (((day + 3) % 7) + 7) % 7
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function daysBeforeMonth(year: number, month: number): Day {
  const shiftedYear = month <= 2 ? year - 1 : year
  const era = Math.floor(shiftedYear / 400)
  const yearOfEra = shiftedYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5)
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * 146_097 + dayOfEra + dayOfYear - 719_468
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
