import { type Day, weekday } from '../base/day.ts'
import type { DailyTotals } from '../sales/totals/daily-totals.ts'
import type { KnownTotals } from '../sales/totals/known-totals.ts'
import { NOTHING, type StockOut } from './stock-outs.ts'

/** A day that sold its last unit: who came later went away with nothing. */
export type SellOut = {
  day: Day
  /** The share of the day's demand that came too late, in expectation. */
  lostShare: number
}

/** What is known of the series besides their totals; n series. */
export type SellOutContext = {
  /** n: the first day on which each series was on offer; Infinity where it never was. */
  offeredFrom: Float64Array
  /** n, as `stockOuts` has them. */
  outs: StockOut[][]
  /** n × 7, as in a panel. */
  weekdayShares: Float64Array
  firstDay: Day
  lastDay: Day
  /** As `unitOfSale` tells it of all sales. */
  unit: number
}

/**
 * n: the days of each series that sold out, by day; none where the data know neither purchases nor
 * stock. A day sold out if stock was carried into it, something was sold, and nothing was left when
 * it closed. Stock that came and went on the same day proves nothing: units without a purchase date
 * count as bought when they were sold. What expired unsold was there all day.
 *
 * How many units such a day usually sells is told from the four weeks before and after, by weekday;
 * that rate and the shares that were lost of the sold-out days in it depend on each other, and are
 * found in turn.
 */
export function sellOuts(known: KnownTotals, context: SellOutContext): SellOut[][] {
  const { totals } = known
  const { firstDay, lastDay, outs, unit } = context
  if (!totals.columns.stock && !totals.columns.purchaseDate) return known.series.map(() => [])
  // Filled anew for each series: arrays of their own would be most of what a panel leaves behind.
  const sold = new Float64Array(lastDay - firstDay + 1)
  const weights = new Float64Array(sold.length)
  const sums = {
    units: new Float64Array(sold.length + 1),
    stocked: new Float64Array(sold.length + 1),
  }
  return known.series.map((_, index) => {
    const from = known.from[index]
    let end = from
    while (end < known.to[index] && totals.day[end] <= lastDay) end++
    const days = soldOutDays(totals, from, end, unit).filter((day) => day >= firstDay)
    if (days.length === 0) return []
    dailySales(totals, from, end, firstDay, sold)
    stockedWeights(index, outs[index], context, weights)
    const lost = lostShares(
      days.map((day) => day - firstDay),
      sold,
      weights,
      sums,
      unit,
    )
    return days.map((day, i) => ({ day, lostShare: lost[i] }))
  })
}

/** Of the entries `from` to before `end`, all of one series. */
function soldOutDays(totals: DailyTotals, from: number, end: number, unit: number): Day[] {
  const nothing = NOTHING * unit
  const { columns, sold, bought, returned, expired, statedStock } = totals
  const days: Day[] = []
  let stock = columns.stock ? Number.NaN : 0
  for (let entry = from; entry < end; entry++) {
    const left = columns.stock
      ? statedStock[entry]
      : stock + bought[entry] - sold[entry] + returned[entry] - expired[entry]
    const isEmpty = Math.abs(left) <= nothing && expired[entry] === 0
    if (stock > nothing && sold[entry] > 0 && isEmpty) days.push(totals.day[entry])
    stock = columns.stock ? left : Math.max(0, left)
  }
  return days
}

/** Units sold on every day of the context, written into `sold`. */
function dailySales(
  totals: DailyTotals,
  from: number,
  end: number,
  firstDay: Day,
  sold: Float64Array,
): void {
  sold.fill(0)
  for (let entry = from; entry < end; entry++) {
    if (totals.day[entry] >= firstDay) sold[totals.day[entry] - firstDay] = totals.sold[entry]
  }
}

/**
 * The share of a week's demand that falls on every day; 0 where it could not be sold. Written into
 * `weights`.
 */
function stockedWeights(
  seriesIndex: number,
  outs: StockOut[],
  { firstDay, lastDay, offeredFrom, weekdayShares }: SellOutContext,
  weights: Float64Array,
): void {
  weights.fill(0)
  for (let day = Math.max(firstDay, offeredFrom[seriesIndex]); day <= lastDay; day++) {
    weights[day - firstDay] = weekdayShares[seriesIndex * 7 + weekday(day)]
  }
  for (const { from, to } of outs) {
    weights.fill(0, Math.max(0, from - firstDay), Math.max(0, to - firstDay + 1))
  }
}

const ROUNDS = 3
const AROUND = 28

/** The lost share of each of these days, ascending. What `sums` holds is overwritten. */
function lostShares(
  days: number[],
  sold: Float64Array,
  weights: Float64Array,
  sums: { units: Float64Array; stocked: Float64Array },
  unit: number,
): number[] {
  const units = runningSums(sold, sums.units)
  const stocked = runningSums(weights, sums.stocked)
  let lost = days.map(() => 0)
  for (let round = 0; round < ROUNDS; round++) {
    let first = 0
    lost = days.map((day) => {
      const from = Math.max(0, day - AROUND)
      const end = Math.min(sold.length, day + AROUND + 1)
      while (days[first] < from) first++
      let exposure = stocked[end] - stocked[from]
      for (let i = first; days[i] < end; i++) exposure -= weights[days[i]] * lost[i]
      const weekly = (units[end] - units[from]) / exposure
      return 1 - servedShare((weekly * weights[day]) / unit, sold[day] / unit)
    })
  }
  return lost
}

/** T + 1: the sum of all elements before each, in an array that begins with 0. */
function runningSums(values: Float64Array, sums: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i]
  return sums
}

/**
 * The share of a day's demand that came before its last unit was sold, in expectation, where
 * `expected` customers come on such a day and there was enough for `sold`. Customers of a Poisson process
 * come at rate λ = `expected`; the s-th of them, s = `sold`, at a time T that is gamma distributed,
 * and E(T | T < 1) = s / λ × P(N > s) / P(N ≥ s) with N the customers of a whole day. Sales over that
 * time are the maximum likelihood of λ (Cox & Oakes 1984, "Analysis of Survival Data", chapter 3).
 */
export function servedShare(expected: number, sold: number): number {
  // P(N ≥ s) / P(N = s) = 1 + λ/(s+1) + λ²/((s+1)(s+2)) + …
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-12 && sum < Number.MAX_VALUE; k++) {
    term *= expected / (sold + k)
    sum += term
  }
  const later = Number.isFinite(sum) ? (sum - 1) / sum : 1
  return Math.min(1, (sold / expected) * later)
}
