import { type Day, dayFromCivil, dayFromIso, isoFromDay } from './day.ts'
import { remembered } from './remembered.ts'

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

/** Seconds since 1970 on a clock in a time zone, as if that clock showed UTC. */
export function localTime(moment: Date, timeZone: string): number {
  const calendar = remembered(clocks, timeZone, () => clockOf(timeZone))
  const parts = new Map(calendar.formatToParts(moment).map(({ type, value }) => [type, value]))
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type))
  const day = dayFromCivil(number('year'), number('month'), number('day'))
  if (day === undefined) throw new Error(`the system's calendar has no ${moment.toISOString()}`)
  return ((day * 24 + number('hour')) * 60 + number('minute')) * 60 + number('second')
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric'
  const date = { year: numeric, month: numeric, day: numeric } as const
  const time = { hour: numeric, minute: numeric, second: numeric, hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat('en', { timeZone, ...date, ...time })
}
