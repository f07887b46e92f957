import { type Day, dayFromIso } from './day.ts'

/** The calendar day in a time zone: the only time that a clock is asked. */
export function today(timeZone: string): Day {
  const iso = new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date())
  const day = dayFromIso(iso)
  if (day === undefined) throw new Error(`the system's calendar gives ${iso} for today`)
  return day
}
