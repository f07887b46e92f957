import { type Day, weekday } from '../../base/day.ts'
import { firstDay, lastDay, periodOf } from '../../demand/calendar.ts'
import { dayShares } from '../../demand/day-shares.ts'
import { uncensoredUnitsOf } from '../../demand/demand-estimate.ts'
import type { Panel } from '../../demand/panel.ts'

/**
 * What could have been sold of one series on each day from `from` to `to`, in units: the panel's
 * uncensored demand, spread over the days of longer periods. A period of unknown demand, without
 * stock for most of it, gets the mean of the known ones around it, by weekday where periods are
 * days: leaving it out would forgive whoever orders too little just then. 0 before the first offer,
 * and where nothing around is known.
 */
export function simulatedDemand(
  panel: Panel,
): (series: number, from: Day, to: Day) => Float64Array {
  const { frequency, firstPeriod, periods } = panel
  return (series, from, to) => {
    const days = new Float64Array(to - from + 1)
    const own = Float64Array.from({ length: periods }, (_, t) =>
      uncensoredUnitsOf(panel, series * periods + t),
    )
    const sold = panel.units.subarray(series * periods, (series + 1) * periods)
    const last = Math.min(periodOf(frequency, to), firstPeriod + periods - 1)
    for (let period = Math.max(firstPeriod, periodOf(frequency, from)); period <= last; period++) {
      const t = period - firstPeriod
      if (Number.isNaN(sold[t])) continue
      const demand = Number.isNaN(own[t])
        ? Math.max(sold[t], usualDemand(panel, series, own, t))
        : own[t]
      const shares = dayShares(panel, series, period)
      const start = firstDay(frequency, period)
      for (
        let day = Math.max(from, start);
        day <= Math.min(to, lastDay(frequency, period));
        day++
      ) {
        days[day - from] = demand * shares[day - start]
      }
    }
    return days
  }
}

/** Periods before and after that tell what is usual: two weeks of days, four weeks, two months. */
const AROUND = { day: 14, week: 4, month: 2 }

function usualDemand(panel: Panel, series: number, own: Float64Array, t: number): number {
  const { frequency, firstPeriod, weekdayShares } = panel
  const weight = (at: number) =>
    frequency === 'day' ? weekdayShares[series * 7 + weekday(firstPeriod + at)] : 1
  let sum = 0
  let weights = 0
  const end = Math.min(own.length - 1, t + AROUND[frequency])
  for (let at = Math.max(0, t - AROUND[frequency]); at <= end; at++) {
    if (Number.isNaN(own[at])) continue
    sum += own[at]
    weights += weight(at)
  }
  return weights > 0 ? (weight(t) * sum) / weights : 0
}
