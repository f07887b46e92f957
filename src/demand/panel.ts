import type { Day } from '../day.ts'
import type { DailyTotals, SeriesKey } from '../sales/daily-totals.ts'
import type { Frequency } from './calendar.ts'

/** A series with what is known of it at the end of the panel. */
export type Series = SeriesKey & { name: string | undefined; category: string | undefined }

/**
 * Demand of n series over T periods, all arrays n × T, row by row: the value of series i in period
 * t stands at `i * periods + t`. The panel holds nothing later than its last period.
 */
export type Panel = {
  frequency: Frequency
  series: Series[]
  /** Index of the first period, as `calendar.ts` counts them. */
  firstPeriod: number
  /** T, the number of periods; the last one is finished. */
  periods: number
  /** Units sold: 0 where the product was on offer and sold nothing, NaN before its first offer. */
  units: Float64Array
  /** Share of the period's days on which there was stock to sell; 1 where stock is not known. */
  stockedShare: Float64Array
  /** Mean price in the period, carried forward where nothing was sold; NaN where never known. */
  price: Float64Array
  /** n × 7: how a week's demand falls on Monday … Sunday; each row sums to 1. */
  weekdayShares: Float64Array
}

/** Whether demand may have been higher than sales: a day of the period was without stock. */
export function isCensored(panel: Panel, cell: number): boolean {
  return panel.stockedShare[cell] < 1
}
