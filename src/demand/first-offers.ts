import { type Day, weekday } from '../base/day.ts'
import type { DailyTotals } from '../sales/totals/daily-totals.ts'
import type { KnownTotals } from '../sales/totals/known-totals.ts'
import { type Frequency, firstDay, lastDay, periodOf } from './calendar.ts'

/**
 * n: the day of each series' first sale row or purchase; Infinity where it has none. Where what was
 * bought did not sell for longer than chance explains of what sells as it has since, up to `end`, it was
 * not on the shelf yet, and the first sale row counts. What was gone for a year, longer than chance
 * explains, and came back, begins anew.
 */
export function firstOffers(
  { series, from, to, totals }: KnownTotals,
  { reporting, end }: Pick<Making, 'reporting' | 'end'>,
): Float64Array {
  const { day, offered, bought, sold } = totals
  const first = new Float64Array(series.length).fill(Number.POSITIVE_INFINITY)
  for (let index = 0; index < series.length; index++) {
    let entry = relaunched(totals, from[index], to[index])
    while (entry < to[index] && offered[entry] === 0 && bought[entry] === 0) entry++
    if (entry === to[index]) continue
    first[index] = day[entry]
    if (reporting !== 'day') continue
    while (entry < to[index] && offered[entry] === 0) entry++
    if (entry === to[index] || day[entry] > end) continue
    const [opened, waited] = [day[entry], day[entry] - first[index]]
    const last = Math.min(end, opened + DAYS_LOOKED_AT - 1)
    let withSales = 0
    for (; entry < to[index] && day[entry] <= last; entry++) if (sold[entry] > 0) withSales++
    // A day more than there were: of few, none says that it sells on each.
    const share = withSales / (last - opened + 2)
    if ((1 - share) ** waited < BY_CHANCE) first[index] = opened
  }
  return first
}

/** How likely it has to be that a product on the shelf did not sell for so long. */
const BY_CHANCE = 0.05

/**
 * Of the entries `from` to before `to` of a series the first one after it was gone for a year or more;
 * `from` where it never was. That all of n sales come in the part s of a time is as likely as s^(n − 1),
 * the last of them being its end: what sells three times a year is not gone after one without.
 */
function relaunched({ day, sold }: DailyTotals, from: number, to: number): number {
  let [first, sales] = [from, 0]
  for (let entry = from; entry < to; entry++) {
    const last = day[Math.max(from, entry - 1)]
    if (day[entry] - last > YEAR) {
      const part = (last - day[first]) / (day[entry] - day[first])
      if (part ** (sales - 1) < GONE) [first, sales] = [entry, 0]
    }
    if (sold[entry] > 0) sales++
  }
  return first
}

/** Seasonal goods come back within it. */
const YEAR = 364
const GONE = 1e-3

/** A panel that is being made, and the sales that it is made of; n series. */
type Making = {
  frequency: Frequency
  /** What an entry of the sales is the total of. */
  reporting: Frequency
  /** n, as `firstOffers` has them. */
  offeredFrom: Float64Array
  /** n × 7, as in a panel. */
  weekdayShares: Float64Array
  /** The first day of the sales, and the last one of the panel. */
  salesFrom: Day
  end: Day
}

/**
 * n: the share of the demand of each series' first period that falls on days on which it could be
 * sold: 5/7 of a week where demand is the same every day and the first offer is on a Wednesday. No
 * more is known of the first period of all sales than its days from the first sale on.
 */
export function firstShares(known: KnownTotals, making: Making): Float64Array {
  const { frequency, offeredFrom, weekdayShares, salesFrom, end } = making
  return Float64Array.from(offeredFrom, (offered, index) => {
    if (offered > end) return 1
    const period = periodOf(frequency, Math.max(offered, salesFrom))
    const [opens, closes] = [firstDay(frequency, period), lastDay(frequency, period)]
    const from = Math.max(opens, salesFrom, soldFrom(known, making, index))
    const shares = weekdayShares.subarray(index * 7, index * 7 + 7)
    const whole = demandOn(shares, opens, closes)
    return from > opens && whole > 0 ? demandOn(shares, from, closes) / whole : 1
  })
}

/** The share of a week's demand, which the 7 `shares` part, that falls on the days `from` to `to`. */
export function demandOn(shares: Float64Array, from: Day, to: Day): number {
  let sum = 0
  for (let day = from; day <= to; day++) sum += shares[weekday(day)]
  return sum
}

/**
 * The day from which on a series can have sold. Where the first that is known of it is a sale, it had
 * waited for it, as long as it waits for one as a rule: (1 − q) / q days, where it sells on a share q
 * of the open days. So a product that sells every day was launched on the day of its first sale, and
 * the first sale of one that sells once a week says nothing of its launch.
 */
function soldFrom(
  { from, to, totals }: KnownTotals,
  { reporting, offeredFrom, weekdayShares, end }: Making,
  index: number,
): Day {
  const first = offeredFrom[index]
  if (reporting !== 'day') return firstDay(reporting, periodOf(reporting, first))
  let entry = from[index]
  while (totals.day[entry] < first) entry++
  if (totals.bought[entry] > 0 || totals.sold[entry] === 0) return first
  const isOpen = (day: Day) => weekdayShares[index * 7 + weekday(day)] > 0
  const last = Math.min(end, first + DAYS_LOOKED_AT - 1)
  let open = 0
  for (let day = first; day <= last; day++) if (isOpen(day)) open++
  let withSales = 0
  for (; entry < to[index] && totals.day[entry] <= last; entry++) {
    if (totals.sold[entry] > 0) withSales++
  }
  let launched = first
  for (let waited = Math.round(open / withSales) - 1; waited > 0; launched--) {
    if (isOpen(launched - 1)) waited--
  }
  return launched
}

const DAYS_LOOKED_AT = 56
