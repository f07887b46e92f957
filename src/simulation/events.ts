import Holidays from 'date-holidays'
import { civilFromDay, type Day, dayFromCivil, dayFromIso, weekday } from '../base/day.ts'

export const EVENTS = [
  'summer',
  'payday',
  'carnaval',
  'easter',
  'mothersDay',
  'juneFestivals',
  'childrensDay',
  'blackFriday',
  'christmas',
  'newYear',
  'backToSchool',
] as const

export type Event = (typeof EVENTS)[number]

/** By how much the log of demand changes at the height of an event; 0.7 doubles it. */
export type Season = Partial<Record<Event, number>>

/** What the year of a Brazilian supermarket does to its customers. */
export type RetailCalendar = {
  firstDay: Day
  days: number
  /** How strongly an event is felt each day: 0 to 1; for the summer −1 (July) to 1 (January). */
  intensity: Map<Event, Float64Array>
  blackFridays: Day[]
}

export function retailCalendar(firstDay: Day, days: number): RetailCalendar {
  const intensity = new Map(EVENTS.map((event) => [event, new Float64Array(days)]))
  const blackFridays: Day[] = []
  const lastYear = civilFromDay(firstDay + days - 1).year
  // New Year's Eve of the year before reaches into the first days of January.
  for (let year = civilFromDay(firstDay).year - 1; year <= lastYear; year++) {
    for (const span of spansOf(year)) raise(intensity.get(span.event)!, firstDay, span)
    blackFridays.push(blackFriday(year))
  }
  intensity.set(
    'summer',
    Float64Array.from({ length: days }, (_, i) => summer(firstDay + i)),
  )
  return { firstDay, days, intensity, blackFridays }
}

/** The store is open on every day but 25 December and 1 January. */
export function isClosed(day: Day): boolean {
  const { month, dayOfMonth } = civilFromDay(day)
  return (month === 12 && dayOfMonth === 25) || (month === 1 && dayOfMonth === 1)
}

/** An event rises from 0 on `start` to its height on `from`, and falls from `until` to 0 on `end`. */
type Span = { event: Event; start: Day; from: Day; until: Day; end: Day; height: number }

function spansOf(year: number): Span[] {
  const holidays = holidaysOf(year)
  const easter = holidays.get('easter')!
  const carnaval = holidays.get('easter -47')!
  const mothersDay = holidays.get('2nd sunday in May')!
  const friday = blackFriday(year)
  const on = (month: number, dayOfMonth: number) => date(year, month, dayOfMonth)
  const months = Array.from({ length: 12 }, (_, index) => on(index + 1, 1))
  const wages = months.map((first) => fifthWorkingDay(first, new Set(holidays.values())))
  const advances = months.map((first) => workdayUpTo(first + 19))
  return [
    span('backToSchool', on(1, 2), on(1, 20), on(2, 8), on(2, 26)),
    span('carnaval', carnaval - 9, carnaval - 4, carnaval, carnaval + 1),
    span('easter', easter - 35, easter - 5, easter - 1, easter + 1),
    span('mothersDay', mothersDay - 12, mothersDay - 3, mothersDay, mothersDay + 1),
    span('juneFestivals', on(5, 25), on(6, 12), on(6, 29), on(7, 8)),
    span('childrensDay', on(10, 1), on(10, 9), on(10, 12), on(10, 13)),
    span('blackFriday', friday - 4, friday, friday + 2, friday + 4),
    span('christmas', on(11, 5), on(12, 14), on(12, 24), on(12, 27)),
    span('newYear', on(12, 24), on(12, 28), on(12, 31), on(12, 31) + 2),
    ...wages.map((day) => span('payday', day - 1, day, day + 3, day + 7)),
    ...advances.map((day) => span('payday', day - 1, day, day + 1, day + 4, 0.6)),
  ]
}

function span(event: Event, start: Day, from: Day, until: Day, end: Day, height = 1): Span {
  return { event, start, from, until, end, height }
}

function raise(intensity: Float64Array, firstDay: Day, span: Span): void {
  const { start, from, until, end, height } = span
  for (let day = Math.max(start, firstDay); day < end; day++) {
    const index = day - firstDay
    if (index >= intensity.length) return
    const share = Math.min(1, (day - start) / (from - start), (end - day) / (end - until))
    intensity[index] = Math.max(intensity[index], height * share)
  }
}

/** The day of each holiday, under the rule that the library `date-holidays` has for it. */
function holidaysOf(year: number): Map<string, Day> {
  const brazil = new Holidays('BR', { types: ['public', 'bank', 'observance'] })
  const holidays = brazil.getHolidays(year)
  return new Map(holidays.map(({ rule, date }) => [rule, dayFromIso(date.slice(0, 10))!]))
}

/** Wages are due on the fifth working day of a month, Saturdays included (CLT, art. 459). */
function fifthWorkingDay(firstOfMonth: Day, holidays: Set<Day>): Day {
  let day = firstOfMonth - 1
  for (let worked = 0; worked < 5; ) {
    day++
    if (weekday(day) !== 6 && !holidays.has(day)) worked++
  }
  return day
}

/** The day, or the Friday before where it is on a weekend: when advances on wages are paid. */
function workdayUpTo(day: Day): Day {
  return day - Math.max(0, weekday(day) - 4)
}

/** The day after the fourth Thursday of November. */
function blackFriday(year: number): Day {
  const first = date(year, 11, 1)
  return first + ((10 - weekday(first)) % 7) + 22
}

/** Warmest in the middle of January. */
function summer(day: Day): number {
  const { year } = civilFromDay(day)
  return Math.cos((2 * Math.PI * (day - date(year, 1, 15))) / 365.25)
}

function date(year: number, month: number, dayOfMonth: number): Day {
  return dayFromCivil(year, month, dayOfMonth)!
}
