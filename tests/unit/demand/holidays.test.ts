import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import { periodOf } from '../../../src/demand/calendar.ts'
import {
  type HolidayFeature,
  holidayCalendar,
  holidayFeatureNames,
  holidayFeatures,
} from '../../../src/demand/holidays.ts'
import { hasHolidays } from '../../../src/demand/public-holidays.ts'
import { dayOf } from './totals.ts'

describe('what the days are to a Brazilian shop', () => {
  it.each<[HolidayFeature, string, string[]]>([
    ['Carnaval', '2026-02', ['14', '15', '16', '17']],
    ['Carnaval', '2025-03', ['01', '02', '03', '04']],
    ['week before Easter', '2024-03', ['24', '25', '26', '27', '28', '29', '30']],
    ["week of Mother's Day", '2026-05', ['04', '05', '06', '07', '08', '09', '10']],
    ["week of Father's Day", '2026-08', ['03', '04', '05', '06', '07', '08', '09']],
    ["week of Children's Day", '2026-10', ['06', '07', '08', '09', '10', '11', '12']],
    ['Black Friday', '2018-11', ['23']],
    ['Black Friday', '2024-11', ['29']],
    ['week of Black Friday', '2026-11', ['23', '24', '25', '26', '27', '28', '29']],
    ['run-up to New Year', '2026-12', ['26', '27', '28', '29', '30', '31']],
    ['public holiday', '2025-12', ['25']],
    ['day before a public holiday', '2025-12', ['24', '31']],
    ['after payday', '2026-06', ['05', '06', '07', '08', '20', '21', '22', '23']],
  ])('%s in %s', (feature, month, days) => {
    expect(daysWith('BR', feature, month)).toEqual(days)
  })

  it('run up to Christmas from the 10th to the 24th', () => {
    const days = daysWith('BR', 'run-up to Christmas', '2026-12')
    expect([days[0], days.at(-1), days.length]).toEqual(['10', '24', 15])
  })

  it('include the holidays of the state, and the national one that the state had first', () => {
    expect(daysWith('BR-SP', 'public holiday', '2026-07')).toEqual(['09'])
    expect(daysWith('BR', 'public holiday', '2026-07')).toEqual([])
    expect(daysWith('BR-SP', 'public holiday', '2026-11')).toEqual(['02', '15', '20'])
  })
})

it('another country has its own holidays, and none of the Brazilian ones', () => {
  expect(daysWith('FR', 'public holiday', '2022-07')).toEqual(['14'])
  expect(daysWith('FR', 'Carnaval', '2022-02')).toEqual([])
  expect(daysWith('FR', 'after payday', '2022-07')).toEqual([])
  expect(daysWith('FR', 'week before Easter', '2022-04')).toHaveLength(7)
})

it('a calendar over the turn of the year is the two years side by side', () => {
  const first = dayOf('2025-12-20')
  const { flags } = holidayCalendar('BR', first, dayOf('2026-01-10'))
  const january = holidayCalendar('BR', dayOf('2026-01-01'), dayOf('2026-01-10'))
  expect(flags).toHaveLength(22)
  expect(flags.subarray(12)).toEqual(january.flags)
})

it('features are the share of the period that carries each flag', () => {
  const of = (features: Float64Array, name: HolidayFeature) =>
    features[holidayFeatureNames.indexOf(name)]
  const week = holidayFeatures('BR', 'week', periodOf('week', dayOf('2026-11-27')))
  expect(of(week, 'week of Black Friday')).toBe(1)
  expect(of(week, 'Black Friday')).toBeCloseTo(1 / 7, 12)
  const month = holidayFeatures('BR', 'month', periodOf('month', dayOf('2026-12-01')))
  expect(of(month, 'run-up to Christmas')).toBeCloseTo(15 / 31, 12)
  const day = holidayFeatures('BR', 'day', dayOf('2026-12-25'))
  expect(of(day, 'public holiday')).toBe(1)
})

describe('an unknown region is refused with the regions that are known', () => {
  it.each([
    ['XX', /Known countries: .*\bBR\b/],
    ['BR-XX', /Known parts of BR: .*\bSP\b/],
    ['BR-SP-XX', /Known parts of BR-SP: SP/],
    ['AO-X', /no parts of AO: leave "-X" away/],
    ['__proto__', /Known countries/],
  ])('%s', (region, remedy) => {
    const ask = () => holidayCalendar(region, dayOf('2026-01-01'), dayOf('2026-01-02'))
    expect(ask).toThrow(UserError)
    expect(ask).toThrow(remedy)
  })
})

function daysWith(region: string, feature: HolidayFeature, month: string): string[] {
  const first = dayOf(`${month}-01`)
  const { flags } = holidayCalendar(region, first, first + 30)
  const bit = holidayFeatureNames.indexOf(feature)
  return [...flags.keys()]
    .filter((index) => (flags[index] >> bit) & 1)
    .map((index) => isoFromDay(first + index))
    .filter((iso) => iso.startsWith(month))
    .map((iso) => iso.slice(-2))
}

it('is known of a country before it is written into a recipe whether its holidays are listed', () => {
  expect(hasHolidays('BR')).toBe(true)
  expect(hasHolidays('AQ')).toBe(false)
})
