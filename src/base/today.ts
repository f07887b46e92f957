import { type Day, dayFromIso, isoFromDay } from './day.ts'

/** The calendar day in a time zone: the only time that a clock is asked. */
export function today(timeZone: string): Day {
  return dayAt(new Date(), timeZone)
}

/** The calendar day of a moment in a time zone. */
export function dayAt(moment: Date, timeZone: string): Day {
  const iso = new Intl.DateTimeFormat('en-CA', { timeZone }).format(moment)
  const day = dayFromIso(iso)
  if (day === undefined) throw new Error(`the system's calendar gives ${iso} for ${moment}`)
  return day
}

/** The moment at which a calendar day begins in a time zone. */
export function startOfDay(day: Day, timeZone: string): Date {
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone })
  const iso = isoFromDay(day)
  const quarter = 15 * 60_000
  let moment = Date.parse(iso) - 15 * 60 * 60_000
  // Zones are up to 14 hours before UTC, and change at quarters of an hour.
  while (calendar.format(moment) < iso) moment += quarter
  return new Date(moment)
}
