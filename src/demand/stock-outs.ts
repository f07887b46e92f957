import type { Day } from '../base/day.ts'
import type { DailyTotals } from '../sales/totals/daily-totals.ts'
import type { KnownTotals } from '../sales/totals/known-totals.ts'
import { type Frequency, firstDay, lastDay, periodOf } from './calendar.ts'
import { unitOfSale } from './unit-of-sale.ts'

/** Consecutive days on which a series could not sell because there was none of it. */
export type StockOut = { from: Day; to: Day }

/**
 * n: the stock-outs of each series up to the day `end`, by day; none where the data know neither
 * purchases nor stock.
 *
 * Where the stock is stated, a day is without stock if the last statement before it and its own are
 * not above 0 and nothing was sold; a day without a statement takes the one before, and where there
 * is none the series counts as in stock. Where it is not stated, a day is without stock if what was
 * left over from the day before and what was bought that day are not above 0 and nothing was sold.
 * A day that sold its last unit is a day with stock; see `sell-outs.ts`.
 *
 * More than 8 weeks without stock are not a stock-out: the product was taken out of the range, for
 * good or for the season, and the zeros of that time are demand that nobody has to meet. That holds
 * whether it has come back since or not, so the judgement needs nothing later than `end`.
 *
 * @param reporting Each entry speaks for its whole period of this frequency.
 */
export function stockOuts(known: KnownTotals, end: Day, reporting: Frequency): StockOut[][] {
  const { stock, purchaseDate } = known.totals.columns
  if (!stock && !purchaseDate) return known.series.map(() => [])
  const nothing = NOTHING * unitOfSale(known)
  return known.series.map((_, index) =>
    outsOfSeries(known, index, { end, reporting, nothing }).filter(
      ({ from, to }) => to - from + 1 <= LONGEST_STOCK_OUT,
    ),
  )
}

const LONGEST_STOCK_OUT = 56

/** Of what one customer takes: fractions of kilograms do not add up to exactly 0. */
export const NOTHING = 1e-6

/** However long they are. */
function outsOfSeries(
  { totals, from, to }: KnownTotals,
  index: number,
  { end, reporting, nothing }: { end: Day; reporting: Frequency; nothing: number },
): StockOut[] {
  const found: StockOut[] = []
  let current: StockOut | undefined
  const withoutStock = (first: Day, last: Day) => {
    const through = Math.min(last, end)
    if (through < first) return
    if (current?.to === first - 1) {
      current.to = through
    } else {
      current = { from: first, to: through }
      found.push(current)
    }
  }

  let seenThrough: Day | undefined
  let stock = totals.columns.stock ? Number.NaN : 0
  for (let entry = from[index]; entry < to[index]; entry++) {
    const offered = totals.offered[entry] === 1 || totals.bought[entry] > 0
    if (seenThrough === undefined && !offered) continue
    const period = periodOf(reporting, totals.day[entry])
    const opens = firstDay(reporting, period)
    const unseen: Day = seenThrough === undefined ? opens : seenThrough + 1
    if (stock <= nothing) withoutStock(unseen, opens - 1)
    const { inStock, left } = dayOf(totals, entry, stock, nothing)
    seenThrough = lastDay(reporting, period)
    if (!inStock) withoutStock(Math.max(opens, unseen), seenThrough)
    stock = left
  }
  if (seenThrough !== undefined && stock <= nothing) withoutStock(seenThrough + 1, end)
  return found
}

/** Whether there was stock on the day of an entry, and what was left at its end. */
function dayOf(
  totals: DailyTotals,
  entry: number,
  stock: number,
  nothing: number,
): { inStock: boolean; left: number } {
  const sold = totals.sold[entry]
  if (totals.columns.stock) {
    const left = totals.statedStock[entry]
    return { inStock: sold > 0 || !(stock <= nothing && left <= nothing), left }
  }
  const available = stock + totals.bought[entry]
  // Below 0 units were sold whose purchase is not in the data: they do not use up later purchases.
  const left = Math.max(0, available - sold + totals.returned[entry] - totals.expired[entry])
  return { inStock: sold > 0 || available > nothing, left }
}
