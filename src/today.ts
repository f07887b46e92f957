import { type Day, dayFromIso } from './day.ts'

/** The calendar day in the time zone of the shops: the only time that a clock is asked. */
export function today(): Day {
  const iso = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE }).format(new Date())
  const day = dayFromIso(iso)
  if (day === undefined) throw new Error(`the system's calendar gives ${iso} for today`)
  return day
}

const TIME_ZONE = 'America/Sao_Paulo'
