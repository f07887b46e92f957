import type { Day } from '../../base/day.ts'
import { type DailyTotals, type SeriesKey, seriesId } from '../totals/daily-totals.ts'
import { mergeTotals } from '../totals/merged-totals.ts'
import { TotalsBuilder } from '../totals/totals-builder.ts'

/** Units that were bought on a day, and sold on one that cannot be told. */
export type UndatedSale = SeriesKey & {
  units: number
  purchaseDay: Day
  /** NaN where they do not expire. */
  expiryDay: Day
}

/**
 * Takes units off the shelf whose sale cannot be dated: once as many have left as stood there when
 * they came (first in, first out), but no earlier than four weeks after their purchase, and on their
 * expiry date at the latest. Left on the shelf for good, a single one would hide every later
 * stock-out of its product; taken off earlier, it would be missing on days on which it was there.
 *
 * Nothing later than the day on which they leave is looked at, so that totals cut before it are those
 * of data in which the units had not been sold yet.
 */
export function settleUndatedSales(totals: DailyTotals, sales: UndatedSale[]): DailyTotals {
  if (sales.length === 0) return totals
  const leaving = new TotalsBuilder(totals.columns)
  const salesOf = Map.groupBy(sales, seriesId)
  for (let from = 0; from < totals.day.length; ) {
    let end = from + 1
    while (totals.seriesIndex[end] === totals.seriesIndex[from]) end++
    const { productId, storeId } = totals.series[totals.seriesIndex[from]]
    const undated = salesOf.get(seriesId({ productId, storeId })) ?? []
    const gone = new Map<Day, number>()
    for (const sale of undated.toSorted((a, b) => a.purchaseDay - b.purchaseDay)) {
      const day = dayOfLeaving(totals, from, end, gone, sale)
      if (day === undefined) continue
      gone.set(day, (gone.get(day) ?? 0) + sale.units)
      const store = storeId === undefined ? -1 : leaving.intern(storeId)
      const entry = leaving.entry(leaving.intern(productId), store, day)
      leaving.measures.expired[entry] += sale.units
    }
    from = end
  }
  return mergeTotals(totals.columns, [totals, leaving.finish()])
}

const SHORTEST_STAY = 28

/** Undefined where the units are still there at the end of the entries `from` to before `end`. */
function dayOfLeaving(
  totals: DailyTotals,
  from: number,
  end: number,
  gone: ReadonlyMap<Day, number>,
  { purchaseDay, expiryDay }: UndatedSale,
): Day | undefined {
  let stock = 0
  /** Units on the shelf when these were put there, themselves included, that have not left yet. */
  let before = Number.POSITIVE_INFINITY
  for (let entry = from; entry < end; entry++) {
    const day = totals.day[entry]
    if (day >= expiryDay) break
    const left = totals.sold[entry] + totals.expired[entry] + (gone.get(day) ?? 0)
    stock = Math.max(0, stock + totals.bought[entry] + totals.returned[entry] - left)
    before = day <= purchaseDay ? stock : before - left
    if (day >= purchaseDay + SHORTEST_STAY && before <= 0) return day
  }
  return Number.isNaN(expiryDay) ? undefined : expiryDay
}
