import { civilFromDay, dayFromCivil, weekday } from '../../base/day.ts'
import { daysIn, type Frequency, firstDay } from '../../demand/calendar.ts'
import { holidayFeatureNames, holidayFeatures } from '../../demand/holidays.ts'

/** What the calendar says of a period, of any one: past or to come. */
export type CalendarFeatures = {
  names: string[]
  /** Values in the order of `names`; the array is shared, so it must not be changed. */
  at(period: number): Float64Array
}

/**
 * The time of the year (two harmonics of a Fourier series), the holidays of the period and of its
 * neighbours, the weekday of a day, the length and the weekend days of a month.
 *
 * @param holidays country or region, such as `BR`
 * @param yearly whether the time of the year is told; without it, it is 0 throughout
 */
export function calendarFeatures(
  frequency: Frequency,
  holidays: string,
  yearly: boolean,
): CalendarFeatures {
  const holidaysIn = remembering((period) => holidayFeatures(holidays, frequency, period))
  const at = remembering((period) => {
    const day = firstDay(frequency, period)
    const days = daysIn(frequency, period)
    const middle = day + Math.floor(days / 2)
    const yearShare = (middle - dayFromCivil(civilFromDay(middle).year, 1, 1)!) / 365.25
    return Float64Array.from([
      ...HARMONICS.flatMap((k) => [
        yearly ? Math.sin(2 * Math.PI * k * yearShare) : 0,
        yearly ? Math.cos(2 * Math.PI * k * yearShare) : 0,
      ]),
      ...NEIGHBOURS.flatMap(([, offset]) => [...holidaysIn(period + offset)]),
      ...WEEKDAYS.map((_, index) => (frequency === 'day' && weekday(day) === index ? 1 : 0)),
      frequency === 'month' ? days / 30 - 1 : 0,
      frequency === 'month' ? weekendDays(day, days) / 8 - 1 : 0,
    ])
  })
  return {
    names: [
      ...HARMONICS.flatMap((k) => [`year sine ${k}`, `year cosine ${k}`]),
      ...NEIGHBOURS.flatMap(([which]) => holidayFeatureNames.map((name) => `${which}${name}`)),
      ...WEEKDAYS,
      'length of the month',
      'weekend days of the month',
    ],
    at,
  }
}

const HARMONICS = [1, 2]

const NEIGHBOURS = [
  ['', 0],
  ['next period: ', 1],
  ['previous period: ', -1],
] as const

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function remembering(compute: (period: number) => Float64Array): (period: number) => Float64Array {
  const computed = new Map<number, Float64Array>()
  return (period) => {
    const values = computed.get(period) ?? compute(period)
    computed.set(period, values)
    return values
  }
}

function weekendDays(first: number, days: number): number {
  let count = 0
  for (let day = first; day < first + days; day++) if (weekday(day) >= 5) count++
  return count
}
