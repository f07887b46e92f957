import { weekday } from '../base/day.ts'
import { daysIn, firstDay } from './calendar.ts'
import type { Panel } from './panel.ts'

/**
 * How the demand of one period falls on its days: one share a day, which sum to 1. Forecasts of any
 * span of days are sums of such shares of whole periods, so that days, weeks and months agree.
 */
export function dayShares(
  { frequency, weekdayShares }: Panel,
  seriesIndex: number,
  period: number,
): Float64Array {
  const first = firstDay(frequency, period)
  const shares = new Float64Array(daysIn(frequency, period))
  if (frequency === 'day') return shares.fill(1)
  let total = 0
  for (let i = 0; i < shares.length; i++) {
    shares[i] = weekdayShares[seriesIndex * 7 + weekday(first + i)]
    total += shares[i]
  }
  for (let i = 0; i < shares.length; i++) shares[i] /= total
  return shares
}
