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

/** What a part of the sales says of a store: units by day, of as long as they may count. */
type StoreDays = { through: Day; units: Map<Day, number> }

/** Of every store that sold, by its id; of `''` where the sales know no stores. */
export function salesByStore(totals: DailyTotals): Map<string, StoreSales> {
  return salesOfStores([storeDays(totals)])
}

/** The same of several parts, in each of which some series of a store may be. */
export function salesOfStores(
  parts: readonly ReadonlyMap<string, StoreDays>[],
): Map<string, StoreSales> {
  const all = Map.groupBy(
    parts.flatMap((part) => [...part]),
    ([store]) => store,
  )
  return new Map(
    [...all].map(([store, found]) => {
      const through = Math.max(...found.map(([, of]) => of.through))
      const units = new Float64Array(7)
      for (const [day, sold] of found.flatMap(([, of]) => [...of.units])) {
        if (day > through - LATELY) units[weekday(day)] += sold
      }
      return [store, { through, units }]
    }),
  )
}

/** Of every store that sold in a part of the sales, by its id. */
export function storeDays(totals: DailyTotals): Map<string, StoreDays> {
  const { series, from, to } = knownOn(totals)
  const reporting = reportingFrequency(totals)
  const stores = new Map<string, StoreDays>()
  series.forEach(({ storeId = '' }, index) => {
    let last = to[index] - 1
    while (last >= from[index] && totals.offered[last] === 0) last--
    if (last < from[index]) return
    const through = spokenForBy(totals.day[last], reporting)
    const of = remembered(stores, storeId, () => ({ through, units: new Map() }))
    of.through = Math.max(of.through, through)
  })
  series.forEach(({ storeId = '' }, index) => {
    const of = stores.get(storeId)
    if (!of) return
    const { through, units } = of
    for (let entry = to[index] - 1; entry >= from[index]; entry--) {
      const day = totals.day[entry]
      if (day <= through - LATELY) break
      units.set(day, (units.get(day) ?? 0) + totals.sold[entry])
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
