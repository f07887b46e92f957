import { civilFromDay, dayFromCivil, weekday } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { daysIn, type Frequency, firstDay } from '../../demand/calendar.ts'
import { holidayFeatureNames, holidayFeatures } from '../../demand/holidays.ts'

/** What the calendar says of a period, of any one: past or to come. */
export type CalendarFeatures = {
  names: string[]
  /** Values in the order of `names`; the array is shared, so it must not be changed. */
  at(period: number): Float64Array
}

/**
 * The time of the year (two harmonics of a Fourier series), the weekday of a day, the day of the
 * month on which a day is or a week begins, the length and the weekend days of a month, the holidays of
 * the period and of its neighbours.
 *
 * @param holidays country or region, such as `BR`
 * @param yearly whether the time of the year is told
 */
export function calendarFeatures(
  frequency: Frequency,
  holidays: string,
  yearly: boolean,
): CalendarFeatures {
  const holidaysIn = remembering((period) => holidayFeatures(holidays, frequency, period))
  const at = remembering((period) =>
    Float64Array.from([
      ...(yearly ? timeOfYear(frequency, period) : []),
      ...DATES[frequency].at(period),
      ...NEIGHBOURS.flatMap(([, offset]) => [...holidaysIn(period + offset)]),
    ]),
  )
  return {
    names: [
      ...(yearly ? HARMONICS.flatMap((k) => [`year sine ${k}`, `year cosine ${k}`]) : []),
      ...DATES[frequency].names,
      ...NEIGHBOURS.flatMap(([which]) => holidayFeatureNames.map((name) => `${which}${name}`)),
    ],
    at,
  }
}

const HARMONICS = [1, 2]

/** Sine and cosine of each harmonic in the middle of the period. */
function timeOfYear(frequency: Frequency, period: number): number[] {
  const middle = firstDay(frequency, period) + Math.floor(daysIn(frequency, period) / 2)
  const yearShare = (middle - dayFromCivil(civilFromDay(middle).year, 1, 1)!) / 365.25
  return HARMONICS.flatMap((k) => [
    Math.sin(2 * Math.PI * k * yearShare),
    Math.cos(2 * Math.PI * k * yearShare),
  ])
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** What the date of a period says beside the time of the year. */
const DATES: Record<Frequency, { names: string[]; at: (period: number) => number[] }> = {
  day: {
    names: [...WEEKDAYS, 'day of the month'],
    at: (day) => [
      ...WEEKDAYS.map((_, index) => (weekday(day) === index ? 1 : 0)),
      civilFromDay(day).dayOfMonth,
    ],
  },
  week: {
    names: ['day of the month'],
    at: (week) => [civilFromDay(firstDay('week', week)).dayOfMonth],
  },
  month: {
    names: ['length of the month', 'weekend days of the month'],
    at: (month) => {
      const days = daysIn('month', month)
      return [days / 30 - 1, weekendDays(firstDay('month', month), days) / 8 - 1]
    },
  },
}

const NEIGHBOURS = [
  ['', 0],
  ['next period: ', 1],
  ['previous period: ', -1],
] as const

function remembering(compute: (period: number) => Float64Array): (period: number) => Float64Array {
  const computed = new Map<number, Float64Array>()
  return (period) => remembered(computed, period, () => compute(period))
}

function weekendDays(first: number, days: number): number {
  let count = 0
  for (let day = first; day < first + days; day++) if (weekday(day) >= 5) count++
  return count
}
