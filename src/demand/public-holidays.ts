import { createRequire } from 'node:module'
import type Holidays from 'date-holidays'
import { type Day, dayFromIso, MILLISECONDS_A_DAY } from '../base/day.ts'
import { UserError, unlessMistaken } from '../base/errors.ts'

/** A day, or days on end, that a region keeps, under its English name. */
export type Holiday = { name: string; isPublic: boolean; from: Day; to: Day }

/** The holidays and observances of a year, by day, as the library `date-holidays` lists them. */
export type HolidayLister = (year: number) => Holiday[]

/**
 * The holidays of a country or one of its parts, such as `BR`, `BR-SP` or `US-LA-NO`. Throws a
 * `UserError` where the library does not know the region.
 */
export function holidaysOf(region: string): HolidayLister {
  // Loaded when it is first asked: it takes longer to load than all other packages together.
  const Holidays: typeof import('date-holidays').default = createRequire(import.meta.url)(
    'date-holidays',
  )
  const [country, ...parts] = region.split('-')
  const lister = new Holidays()
  const states = lister.getStates(country) ?? {}
  const regions = lister.getRegions(country, parts[0]) ?? {}
  refuseUnknown(region, country, lister.getCountries('en'), 'countries')
  if (parts.length > 0) refuseUnknown(region, parts[0], states, `parts of ${country}`)
  if (parts.length > 1) refuseUnknown(region, parts[1], regions, `parts of ${country}-${parts[0]}`)

  const local = new Holidays([country, ...parts].join('.'))
  const national = new Holidays(country)
  const localRules = new Set(local.getRules().map((entry) => ruleOf(entry)))
  return (year) => {
    const listed = local.getHolidays(year, 'en')
    // Where a state's own law on a day ended when the nation's began, as on 20 November in Brazil,
    // the library applies the ended one only and loses the day.
    const lost = national
      .getHolidays(year, 'en')
      .filter(({ rule }) => localRules.has(rule) && !listed.some((one) => one.rule === rule))
    return [...listed, ...lost].map(toHoliday).sort((a, b) => a.from - b.from)
  }
}

/** Whether the library knows the holidays of a region: not every country is in it. */
export function hasHolidays(region: string): boolean {
  return unlessMistaken(() => holidaysOf(region)) !== undefined
}

type Listed = ReturnType<Holidays['getHolidays']>[number]

function refuseUnknown(
  region: string,
  part: string,
  known: { [code: string]: string },
  what: string,
): void {
  if (Object.hasOwn(known, part)) return
  const codes = Object.keys(known).sort()
  throw new UserError(
    `holidays must be a region whose holidays are known, but is ${JSON.stringify(region)}`,
    {
      key: 'holidays',
      remedy:
        codes.length === 0
          ? `There are no ${what}: leave ${JSON.stringify(`-${part}`)} away.`
          : `Known ${what}: ${codes.join(', ')}.`,
    },
  )
}

function ruleOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'rule' in entry ? entry.rule : entry
}

/** The listed date is a calendar date of the region; start and end only give the length. */
function toHoliday({ name, type, date, start, end }: Listed): Holiday {
  const from = dayFromIso(date.slice(0, 10))!
  const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / MILLISECONDS_A_DAY))
  return { name, isPublic: type === 'public', from, to: from + days - 1 }
}
