import { civilFromDay, type Day } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { daysIn, periodOf } from '../../demand/calendar.ts'
import { nameOfHoliday } from '../../demand/holidays.ts'
import type { UsualWeek } from './demand-level.ts'
import { meanOver, type RunningTotals } from './running-totals.ts'

/** What a chain sold on days like one to come. */
export type SpecialDays = {
  names: string[]
  /**
   * Writes from `column` on, for each of the names, how much more than usual was sold on days like
   * the target up to the origin, as a share; 0 where none is known. Both are indices of periods of
   * the panel.
   */
  write(row: Float64Array, column: number, origin: number, target: number): void
}

/**
 * How much more than usual a chain sells on a holiday of the same name, on the same day of the month,
 * and as many days before the end of the month, told from its own past: when wages are paid, and what a
 * holiday does, differs from country to country and
 * from chain to chain. Usual is the level of the four weeks before × the factor of the weekday.
 *
 * @param chain demand of all series together, by day
 * @param usualWeek of the chain; undefined where periods are no days, which then have no names
 * @param firstDay the day of its first period
 */
export function specialDays(
  chain: RunningTotals,
  usualWeek: UsualWeek | undefined,
  firstDay: Day,
  holidays: string,
): SpecialDays {
  if (usualWeek === undefined) return { names: [], write: () => {} }
  const kinds = remembering((period) => kindsOf(firstDay + period, holidays))
  const seen = new Map<string, Seen>()
  for (let period = WEEKS * 7; period < chain.periods; period++) {
    const usual = meanOver(chain, period - WEEKS * 7, period) * usualWeek(period % 7, period - 1)
    const sold = meanOver(chain, period, period + 1)
    if (!(usual > 0) || Number.isNaN(sold)) continue
    const { holiday, inMonth, toMonthEnd } = kinds(period)
    // What a holiday does is not the day of the month's doing.
    for (const kind of holiday ? [holiday] : [inMonth, toMonthEnd]) {
      const of = remembered(seen, kind, () => ({ periods: [], more: [] }))
      of.periods.push(period)
      of.more.push(Math.min(MOST_RATIO, sold / usual) - 1)
    }
  }
  const more = (kind: string, prior: number, origin: number) =>
    meanMore(seen.get(kind), prior, origin)
  return {
    names: [
      'chain, on the same holiday',
      'chain, on the same day of the month',
      'chain, as many days before the end of the month',
    ],
    write(row, column, origin, target) {
      const { holiday, inMonth, toMonthEnd } = kinds(target)
      row[column] = holiday === undefined ? 0 : more(holiday, PRIOR_HOLIDAYS, origin)
      row[column + 1] = more(inMonth, PRIOR_MONTHS, origin)
      row[column + 2] = more(toMonthEnd, PRIOR_MONTHS, origin)
    },
  }
}

const WEEKS = 4
/** One day of one large order is not news of all days of its kind. */
const MOST_RATIO = 4
/** So many days on which the chain sold as usual are added to those that were seen. */
const PRIOR_HOLIDAYS = 0.5
const PRIOR_MONTHS = 3

/** Periods of one kind, ascending, and how much more than usual the chain sold in them. */
type Seen = { periods: number[]; more: number[] }

function meanMore(seen: Seen | undefined, prior: number, origin: number): number {
  let sum = 0
  let days = 0
  while (seen !== undefined && days < seen.periods.length && seen.periods[days] <= origin) {
    sum += seen.more[days]
    days++
  }
  return sum / (days + prior)
}

type Kinds = { holiday: string | undefined; inMonth: string; toMonthEnd: string }

function kindsOf(day: Day, holidays: string): Kinds {
  const { dayOfMonth } = civilFromDay(day)
  const length = daysIn('month', periodOf('month', day))
  return {
    holiday: holidayOrNextTo(day, holidays),
    inMonth: `day ${dayOfMonth}`,
    toMonthEnd: `${length - dayOfMonth} days to the end`,
  }
}

/** The holiday that a day is, or is the day before or after of. */
function holidayOrNextTo(day: Day, holidays: string): string | undefined {
  for (const [offset, where] of [
    [0, ''],
    [1, 'before '],
    [-1, 'after '],
  ] as const) {
    const name = nameOfHoliday(holidays, day + offset)
    if (name !== undefined) return `${where}${name}`
  }
  return undefined
}

function remembering(compute: (period: number) => Kinds): (period: number) => Kinds {
  const computed = new Map<number, Kinds>()
  return (period) => remembered(computed, period, () => compute(period))
}
