import { type Day, weekday } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { spokenForBy } from '../../demand/panel.ts'
import { reportingFrequency } from '../../demand/reporting-frequency.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { knownOn } from '../../sales/totals/known-totals.ts'

/** How far the sales of a store are known. */
export type StoreSales = {
  /** The day of its last sale, or the last one that its last total speaks for. */
  through: Day
  /** 7, Monday first: units sold in its last weeks. */
  units: Float64Array
}

/** Of every store that sold, by its id; of `''` where the sales know no stores. */
export function salesByStore(totals: DailyTotals): Map<string, StoreSales> {
  const { series, from, to } = knownOn(totals)
  const reporting = reportingFrequency(totals)
  const stores = new Map<string, StoreSales>()
  series.forEach(({ storeId = '' }, index) => {
    let last = to[index] - 1
    while (last >= from[index] && totals.offered[last] === 0) last--
    if (last < from[index]) return
    const through = spokenForBy(totals.day[last], reporting)
    const of = remembered(stores, storeId, () => ({ through, units: new Float64Array(7) }))
    of.through = Math.max(of.through, through)
  })
  series.forEach(({ storeId = '' }, index) => {
    const of = stores.get(storeId)
    if (!of) return
    const { through, units } = of
    for (let entry = to[index] - 1; entry >= from[index]; entry--) {
      if (totals.day[entry] <= through - LATELY) break
      units[weekday(totals.day[entry])] += totals.sold[entry]
    }
  })
  return stores
}

const LATELY = 26 * 7

/** What share of the sales in a span of days usually falls on those that are not known yet. */
export function shareToCome(
  { through, units }: StoreSales,
  { from, to }: { from: Day; to: Day },
): number {
  if (to <= through) return 0
  const usualFrom = (first: Day) => {
    let sum = 0
    for (let day = first; day <= to; day++) sum += units[weekday(day)]
    return sum
  }
  return usualFrom(Math.max(from, through + 1)) / (usualFrom(from) || 1)
}
