import { isActive } from '../../demand/activity.ts'
import { type Panel, rowsBySeries } from '../../demand/panel.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { standings } from '../../forecasting/new-series.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'

export type DemandInput = {
  /** The panel as on the day of the rows, and one that knows what came after. */
  known: Panel
  later: Panel
  rows: OriginRows
  model: OriginForecast
  /** Periods of a block. */
  periods: number
}

export type DemandSeen = {
  /** n × H: those of the rows, but for what is not known or was not forecast: NaN. */
  actual: Float64Array
  /** Of what the series that sell would have sold in the block, the share that is known. */
  knownDemand: number
  /** Stores of which no sales came for the whole block; `''` where the sales know no stores. */
  silentStores: string[]
  /** Series that sell and were not forecast. */
  unforecast: number
}

/**
 * What of the demand after an origin is known, weighing each series by what it sold per period until
 * then. Not known is what came while there was no stock, what was not forecast, and all of a store
 * of which no sales came for a whole block although it sold before: whether it was closed or its file
 * is missing, nobody can tell from the sales.
 */
export function knownDemand(input: DemandInput): DemandSeen {
  const { known, rows, model, periods } = input
  const { horizon, series } = rows
  const actual = rows.actual.slice()
  const { level } = standings(known)
  const stocked = stockedShareOf(input)
  const isSilent = silentBlocks(input, level)
  const silentStores = new Set<string>()
  let [all, seen, unforecast] = [0, 0, 0]
  series.forEach(({ storeId = '' }, i) => {
    if (!isActive(known, i)) return
    const isForecast = !Number.isNaN(model.mean[i * horizon])
    if (!isForecast) unforecast++
    for (let h = 0; h < horizon; h++) {
      const cell = i * horizon + h
      const silent = isSilent(storeId, Math.floor(h / periods))
      if (silent || Number.isNaN(model.mean[cell])) actual[cell] = Number.NaN
      if (h >= periods) continue
      if (silent) silentStores.add(storeId)
      all += level[i]
      if (isForecast && !silent) seen += level[i] * stocked(i, h)
    }
  })
  return {
    actual,
    knownDemand: all > 0 ? Math.min(1, seen / all) : 0,
    silentStores: [...silentStores].sort(),
    unforecast,
  }
}

/** Of a series and a period after the origin, the share of its demand that came while there was stock. */
function stockedShareOf({ known, later }: DemandInput): (series: number, h: number) => number {
  const rowOf = rowsBySeries(later)
  const rowsOfSeries = known.series.map((it) => rowOf.get(seriesId(it)))
  const origin = known.firstPeriod + known.periods - later.firstPeriod
  return (i, h) => {
    const row = rowsOfSeries[i]
    return row === undefined ? 0 : later.stockedShare[row * later.periods + origin + h]
  }
}

/** Of a store and a block after the origin, whether nothing came of it that should have. */
function silentBlocks(
  { known, later, rows: { horizon }, periods }: DemandInput,
  level: Float64Array,
): (store: string, block: number) => boolean {
  const rowOf = rowsBySeries(later)
  const origin = known.firstPeriod + known.periods - later.firstPeriod
  const blocks = Math.ceil(horizon / periods)
  const sold = new Map<string, { usually: number; units: Float64Array }>()
  known.series.forEach((it, i) => {
    const row = rowOf.get(seriesId(it))
    if (row === undefined || !isActive(known, i)) return
    const store = it.storeId ?? ''
    const of = sold.get(store) ?? { usually: 0, units: new Float64Array(blocks) }
    sold.set(store, of)
    of.usually += level[i] * periods
    for (let h = 0; h < horizon; h++) {
      const units = later.units[row * later.periods + origin + h]
      if (units > 0) of.units[Math.floor(h / periods)] += units
    }
  })
  return (store, block) => {
    const of = sold.get(store)
    return of !== undefined && of.usually >= SURELY_SOLD && of.units[block] === 0
  }
}

/** Who usually sells so many units sells none by chance once in 20,000 blocks (Poisson). */
const SURELY_SOLD = 10
