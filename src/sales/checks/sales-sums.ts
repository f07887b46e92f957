import { type Day, isoFromDay } from '../../base/day.ts'
import { toThousandths } from '../../base/sum.ts'
import { type DailyTotals, saleDays } from '../totals/daily-totals.ts'
import type { SlicedTotals } from '../totals/slices.ts'

/** Units, and the span of the days with a sale row as ISO days: absent where there is none. */
export type SalesSums = {
  unitsSold: number
  unitsReturned: number
  firstSaleDay?: string
  lastSaleDay?: string
}

/** What one file sold: all that is asked of its totals by themselves. */
export type FileSales = {
  sums: SalesSums
  /** Entries with units on each day. */
  entriesOn: Map<Day, number>
  /** Equal where the totals of all days are; hardly ever where they are not. */
  size: string
}

/** What all files sold. */
export type ChainSales = {
  sums: SalesSums
  products: number
  stores: number
  /** Those with a sale row, ascending. */
  saleDays: Day[]
}

/** What a file sold up to `lastDay`, inclusive; its size is that of all days. */
export function salesOfFile(totals: DailyTotals, lastDay: Day): FileSales {
  const { day, sold, series } = totals
  const entriesOn = new Map<Day, number>()
  let units = 0
  for (let entry = 0; entry < day.length; entry++) {
    units += sold[entry]
    if (day[entry] > lastDay || !hasSales(totals, entry)) continue
    entriesOn.set(day[entry], (entriesOn.get(day[entry]) ?? 0) + 1)
  }
  const size = [units, day.length, series.length].join(' ')
  return { sums: salesSums([totals], lastDay), entriesOn, size }
}

/** Whether an entry sold or returned units. */
export function hasSales({ sold, returned }: DailyTotals, entry: number): boolean {
  return sold[entry] !== 0 || returned[entry] !== 0
}

/** What all sales come to, which are cut already. */
export function salesOfAll(sales: SlicedTotals): ChainSales {
  const products = new Set<string>()
  const stores = new Set<string>()
  const days = new Set<Day>()
  const seen = function* () {
    for (const slice of sales) {
      for (const { productId, storeId } of slice.series) {
        products.add(productId)
        if (storeId !== undefined) stores.add(storeId)
      }
      for (const day of saleDays(slice)) days.add(day)
      yield slice
    }
  }
  return {
    sums: salesSums(seen(), Number.POSITIVE_INFINITY),
    products: products.size,
    stores: stores.size,
    saleDays: [...Int32Array.from(days).sort()],
  }
}

function salesSums(sales: SlicedTotals, lastDay: Day): SalesSums {
  let unitsSold = 0
  let unitsReturned = 0
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { day, sold, returned, offered } of sales) {
    for (let entry = 0; entry < day.length; entry++) {
      if (day[entry] > lastDay) continue
      unitsSold += sold[entry]
      unitsReturned += returned[entry]
      if (offered[entry] === 0) continue
      if (day[entry] < first) first = day[entry]
      if (day[entry] > last) last = day[entry]
    }
  }
  return {
    unitsSold: toThousandths(unitsSold),
    unitsReturned: toThousandths(unitsReturned),
    ...(first <= last && { firstSaleDay: isoFromDay(first), lastSaleDay: isoFromDay(last) }),
  }
}
