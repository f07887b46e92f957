import { type Day, weekday } from '../base/day.ts'
import { float64s } from '../base/memory.ts'
import { sum } from '../base/sum.ts'
import type { KnownTotals } from '../sales/totals/known-totals.ts'
import type { StockOut } from './stock-outs.ts'
import { unitOfSale } from './unit-of-sale.ts'

/**
 * How a week's demand of each series falls on its days, n × 7, Monday first; each row sums to 1.
 *
 * Learnt from the last 26 weeks, in units sold per day with stock. A series that sold little leans
 * on its category, a category on all series, and those on equal shares of the weekdays on which
 * anything was ever sold: the posterior mean of a Poisson rate per weekday whose gamma prior is the
 * wider group's profile and weighs `PRIOR_SALES` units of sale. What is expected of a series that was
 * not on offer on every weekday alike is told by that profile as well. A weekday on which the chain
 * never sells has a share of 0.
 */
export function weekdayShares(
  { totals, ...known }: KnownTotals,
  { categories, offeredFrom, outs, firstDay, lastDay }: PastSales,
): Float64Array {
  const from = Math.max(firstDay, lastDay - RECENT_DAYS + 1)
  const each = categories.map(emptyTally)
  const open = new Float64Array(7)
  for (const [index, { sold }] of each.entries()) {
    for (let entry = known.from[index]; entry < known.to[index]; entry++) {
      const day = totals.day[entry]
      if (totals.sold[entry] === 0 || day > lastDay) continue
      open[weekday(day)] = 1
      if (day >= from) sold[weekday(day)] += totals.sold[entry]
    }
  }
  for (const [index, { days }] of each.entries()) {
    countWeekdays(days, Math.max(from, offeredFrom[index]), lastDay, 1)
  }
  for (const [index, { days }] of each.entries()) {
    for (const out of outs[index]) countWeekdays(days, Math.max(from, out.from), out.to, -1)
  }

  const weight = PRIOR_SALES * unitOfSale({ ...known, totals })
  const profile = (tallies: Tally[], prior: Float64Array, usual = prior) =>
    drawnProfile(tallies, { prior, usual, weight })
  const even = normalised(open)
  const everyone = profile(each, even, profile(each, even, even))
  const profiles = new Map(
    [...Map.groupBy(each, (_, index) => categories[index])].map(([category, tallies]) => [
      category,
      profile(tallies, everyone),
    ]),
  )
  const shares = float64s(each.length * 7)
  for (const [index, tally] of each.entries()) {
    shares.set(profile([tally], profiles.get(categories[index]) ?? everyone), index * 7)
  }
  return shares
}

type PastSales = {
  /** n: each series' category, where one is known. */
  categories: (string | undefined)[]
  /** n: the first day on which each series was on offer; Infinity where it never was. */
  offeredFrom: Float64Array
  /** n, as `stockOuts` has them. */
  outs: StockOut[][]
  firstDay: Day
  lastDay: Day
}

/** Units sold and days with stock by weekday. */
type Tally = { sold: Float64Array; days: Float64Array }

const RECENT_DAYS = 26 * 7

const PRIOR_SALES = 20

function emptyTally(): Tally {
  return { sold: new Float64Array(7), days: new Float64Array(7) }
}

/** Adds `sign` to the weekday of every day from `from` to `to`. */
function countWeekdays(days: Float64Array, from: Day, to: Day, sign: 1 | -1): void {
  if (to < from) return
  const weeks = Math.floor((to - from + 1) / 7)
  for (let day = 0; day < 7; day++) days[day] += sign * weeks
  for (let day = from + weeks * 7; day <= to; day++) days[weekday(day)] += sign
}

/**
 * Units over what would have been sold at equal rates all week, drawn towards `prior`. At which level
 * a series sells is told by the shares `usual` of the weekdays on which it was on offer: one that has
 * only been sold on a Saturday does not sell as much on every day.
 */
function drawnProfile(
  tallies: Tally[],
  { prior, usual, weight }: { prior: Float64Array; usual: Float64Array; weight: number },
): Float64Array {
  const sold = prior.map((share) => weight * share)
  const expected = new Float64Array(7).fill(weight)
  for (const tally of tallies) {
    const weeks = tally.days.reduce((total, days, day) => total + days * usual[day], 0)
    const units = sum(tally.sold)
    if (units === 0 || !(weeks > 0)) continue
    for (let day = 0; day < 7; day++) {
      sold[day] += tally.sold[day]
      expected[day] += (units / weeks) * tally.days[day]
    }
  }
  return normalised(sold.map((units, day) => units / expected[day]))
}

function normalised(weights: Float64Array): Float64Array {
  const total = sum(weights)
  return total === 0 ? new Float64Array(7).fill(1 / 7) : weights.map((weight) => weight / total)
}
