import { civilFromDay, type Day, dayFromCivil, weekday } from '../base/day.ts'
import { remembered } from '../base/remembered.ts'
import { daysIn, type Frequency, firstDay, lastDay } from './calendar.ts'
import { type Holiday, type HolidayLister, holidaysOf } from './public-holidays.ts'

/** What a day can be to a shop; in this order in features and flags. */
export const holidayFeatureNames = [
  'public holiday',
  'day before a public holiday',
  'Carnaval',
  'week before Easter',
  "week of Mother's Day",
  "week of Father's Day",
  "week of Children's Day",
  'Black Friday',
  'week of Black Friday',
  'run-up to Christmas',
  'run-up to New Year',
  'after payday',
] as const

export type HolidayFeature = (typeof holidayFeatureNames)[number]

/** Bit i of `flags[d]`: whether day `firstDay + d` carries the feature `holidayFeatureNames[i]`. */
export type HolidayCalendar = { firstDay: Day; flags: Uint16Array }

/**
 * What each day from `first` to `last` is in a region, such as `BR` or `BR-SP`. Throws a
 * `UserError` for an unknown region.
 */
export function holidayCalendar(region: string, first: Day, last: Day): HolidayCalendar {
  const flags = new Uint16Array(last - first + 1)
  for (let day = first; day <= last; ) {
    const { year } = civilFromDay(day)
    const newYear = dayFromCivil(year, 1, 1)!
    const ofYear = flagsOfYear(region, year).subarray(day - newYear, last + 1 - newYear)
    flags.set(ofYear, day - first)
    day += ofYear.length
  }
  return { firstDay: first, flags }
}

/**
 * Shares of a period's days that carry each feature, in the order of `holidayFeatureNames`. Some
 * are the same in every period: Carnaval where it is not kept, paydays outside Brazil.
 */
export function holidayFeatures(
  region: string,
  frequency: Frequency,
  period: number,
): Float64Array {
  const first = firstDay(frequency, period)
  const { flags } = holidayCalendar(region, first, lastDay(frequency, period))
  const shares = new Float64Array(holidayFeatureNames.length)
  for (const flag of flags) {
    for (let bit = 0; bit < shares.length; bit++) shares[bit] += (flag >> bit) & 1
  }
  return shares.map((days) => days / daysIn(frequency, period))
}

/** The public holiday that a day is in a region, by its English name; undefined on other days. */
export function nameOfHoliday(region: string, day: Day): string | undefined {
  const { year } = civilFromDay(day)
  const ofYear = remembered(namesOfYears, `${region} ${year}`, () => {
    const names = new Map<Day, string>()
    for (const { name, isPublic, from, to } of listerOf(region)(year)) {
      for (let held = from; isPublic && held <= to; held++) {
        if (!names.has(held)) names.set(held, name)
      }
    }
    return names
  })
  return ofYear.get(day)
}

const namesOfYears = new Map<string, Map<Day, string>>()

/**
 * Features that hang on a listed holiday, and which days around it carry them; of several days of
 * one name the first. A holiday that a region does not list gives no feature there.
 */
const AROUND_HOLIDAYS: readonly Around[] = [
  { feature: 'Carnaval', holiday: 'Carnival', from: 0, to: 3 },
  { feature: 'week before Easter', holiday: 'Easter Sunday', from: -7, to: -1 },
  { feature: 'week before Easter', holiday: 'Easter Monday', from: -8, to: -2 },
  { feature: "week of Mother's Day", holiday: "Mother's Day", from: -6, to: 0 },
  { feature: "week of Father's Day", holiday: "Father's Day", from: -6, to: 0 },
  { feature: "week of Children's Day", holiday: "Children's Day", from: -6, to: 0 },
  // In Brazil, Children's Day is on the day of its patron saint.
  { feature: "week of Children's Day", holiday: 'Our Lady of Aparecida', from: -6, to: 0 },
  { feature: 'run-up to Christmas', holiday: 'Christmas Day', from: -15, to: -1 },
  { feature: 'run-up to New Year', holiday: "New Year's Day", from: -6, to: -1 },
]

type Around = { feature: HolidayFeature; holiday: string; from: number; to: number }

/** Listing holidays takes milliseconds, and every model asks for the same years. */
function flagsOfYear(region: string, year: number): Uint16Array {
  return remembered(years, `${region} ${year}`, () => paintYear(region, year))
}

const years = new Map<string, Uint16Array>()

function paintYear(region: string, year: number): Uint16Array {
  const newYear = dayFromCivil(year, 1, 1)!
  const flags = new Uint16Array(dayFromCivil(year + 1, 1, 1)! - newYear)
  const paint = (feature: HolidayFeature, from: Day, to: Day) => {
    const bit = 1 << holidayFeatureNames.indexOf(feature)
    const end = Math.min(to, newYear + flags.length - 1)
    for (let day = Math.max(from, newYear); day <= end; day++) flags[day - newYear] |= bit
  }

  const holidays = listerOf(region)
  const listed = [...holidays(year), ...holidays(year + 1)]
  const publicHolidays = listed.filter(({ isPublic }) => isPublic)
  for (const { from, to } of publicHolidays) {
    paint('public holiday', from, to)
    paint('day before a public holiday', from - 1, from - 1)
  }
  for (const { feature, holiday, from, to } of AROUND_HOLIDAYS) {
    for (const day of firstOfEachYear(listed, holiday)) paint(feature, day + from, day + to)
  }
  const friday = blackFriday(year)
  paint('Black Friday', friday, friday)
  paint('week of Black Friday', friday - 4, friday + 2)
  if (region.split('-')[0] === 'BR') {
    for (const day of brazilianPaydays(year, publicHolidays)) paint('after payday', day, day + 3)
  }
  return flags
}

function listerOf(region: string): HolidayLister {
  return remembered(listers, region, () => {
    const holidays = holidaysOf(region)
    const listed = new Map<number, Holiday[]>()
    return (year) => remembered(listed, year, () => holidays(year))
  })
}

const listers = new Map<string, HolidayLister>()

function firstOfEachYear(listed: Holiday[], name: string): Day[] {
  const first = new Map<number, Day>()
  for (const holiday of listed) {
    const { year } = civilFromDay(holiday.from)
    if (holiday.name === name && !first.has(year)) first.set(year, holiday.from)
  }
  return [...first.values()]
}

/** The day after the fourth Thursday of November, which is not always its last Friday. */
function blackFriday(year: number): Day {
  const earliest = dayFromCivil(year, 11, 23)!
  return earliest + ((4 - weekday(earliest) + 7) % 7)
}

/**
 * Wages are due by the fifth working day of the month, Saturdays included (CLT, article 459), and
 * many employers pay an advance on the 20th.
 */
function brazilianPaydays(year: number, publicHolidays: Holiday[]): Day[] {
  const closed = new Set(publicHolidays.map(({ from }) => from))
  const days: Day[] = []
  for (let month = 1; month <= 12; month++) {
    let day = dayFromCivil(year, month, 1)! - 1
    for (let worked = 0; worked < 5; ) {
      day++
      if (weekday(day) !== 6 && !closed.has(day)) worked++
    }
    days.push(day, dayFromCivil(year, month, 20)!)
  }
  return days
}
