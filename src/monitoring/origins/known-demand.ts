import { remembered } from '../../base/remembered.ts'
import { isActive } from '../../demand/activity.ts'
import { firstDay, lastDay, periodOf } from '../../demand/calendar.ts'
import { type Panel, rowsBySeries } from '../../demand/panel.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { standings } from '../../forecasting/new-series.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import { type StoreSales, shareToCome } from './store-sales.ts'

export type DemandInput = {
  /** The panel as on the day of the rows, and one that knows what came after. */
  known: Panel
  later: Panel
  rows: OriginRows
  model: OriginForecast
  /** Periods of a block. */
  periods: number
  /** As `salesByStore` has them. */
  stores: ReadonlyMap<string, StoreSales>
}

export type DemandSeen = {
  /** n × H: those of the rows, but for what is not known or was not forecast: NaN. */
  actual: Float64Array
  /** Of what the series that sell would have sold in the block, the share that is known. */
  knownDemand: number
  /** Stores of which sales of the block are missing; `''` where the sales know no stores. */
  silentStores: string[]
  /** Series that sell and were not forecast. */
  unforecast: number
}

/**
 * What of the demand after an origin is known, weighing each series by what it sold per period until
 * then. Not known is what came while there was no stock, what was not forecast, and all of a store
 * in a block of which no sales came although it sold before, or none yet of its last days: whether it
 * was closed or its file is missing, nobody can tell from the sales.
 */
export function knownDemand(input: DemandInput): DemandSeen {
  const { known, later, rows, model, periods } = input
  const { horizon } = rows
  const sellers = sellersOf(known, later)
  const isSilent = silentBlocks(sellers, input)
  const actual = rows.actual.slice()
  const silentStores = new Set<string>()
  let [all, seen, unforecast] = [0, 0, 0]
  for (const { index, store, level, cell: first } of sellers) {
    const isForecast = !Number.isNaN(model.mean[index * horizon])
    if (!isForecast) unforecast++
    for (let h = 0; h < horizon; h++) {
      const cell = index * horizon + h
      const silent = isSilent(store, Math.floor(h / periods))
      if (silent || Number.isNaN(model.mean[cell])) actual[cell] = Number.NaN
      if (h >= periods) continue
      if (silent) silentStores.add(store)
      all += level
      if (isForecast && !silent && first !== undefined) {
        seen += level * later.stockedShare[first + h]
      }
    }
  }
  return {
    actual,
    knownDemand: all > 0 ? Math.min(1, seen / all) : 0,
    silentStores: [...silentStores].sort(),
    unforecast,
  }
}

/** A series that sold shortly before the origin. */
type Seller = {
  index: number
  store: string
  /** Units per period. */
  level: number
  /** Of the first period after the origin, in the later panel; undefined where that lacks the series. */
  cell: number | undefined
}

function sellersOf(known: Panel, later: Panel): Seller[] {
  const { level } = standings(known)
  const rowOf = rowsBySeries(later)
  const origin = known.firstPeriod + known.periods - later.firstPeriod
  return known.series.flatMap((series, index) => {
    if (!isActive(known, index)) return []
    const row = rowOf.get(seriesId(series))
    const cell = row === undefined ? undefined : row * later.periods + origin
    return { index, store: series.storeId ?? '', level: level[index], cell }
  })
}

/** Of a store and a block after the origin, whether something that should have come did not. */
function silentBlocks(
  sellers: readonly Seller[],
  { later, rows: { day, horizon }, periods, stores }: DemandInput,
): (store: string, block: number) => boolean {
  const first = periodOf(later.frequency, day + 1)
  const blocks = Math.ceil(horizon / periods)
  /** What it usually sells in as much time with stock. */
  const usual = new Map<string, Float64Array>()
  for (const { store, level, cell } of sellers) {
    if (cell === undefined) continue
    const of = remembered(usual, store, () => new Float64Array(blocks))
    for (let h = 0; h < horizon; h++) {
      of[Math.floor(h / periods)] += level * later.stockedShare[cell + h]
    }
  }
  // What is new or has another name was sold as well.
  const sold = new Map<string, Set<number>>()
  later.series.forEach(({ storeId = '' }, row) => {
    const soldIn = remembered(sold, storeId, () => new Set<number>())
    const cell = row * later.periods + first - later.firstPeriod
    for (let h = 0; h < horizon; h++) {
      if (later.units[cell + h] > 0) soldIn.add(Math.floor(h / periods))
    }
  })
  return (store, block) => {
    const [known, units] = [stores.get(store), usual.get(store)]
    if (!known || !units) return false
    const [from, end] = [block * periods, Math.min(horizon, (block + 1) * periods)]
    const span = {
      from: firstDay(later.frequency, first + from),
      to: lastDay(later.frequency, first + end - 1),
    }
    const missing = sold.get(store)?.has(block) ? shareToCome(known, span) : 1
    return units[block] * missing >= SURELY_SOLD
  }
}

/** Who usually sells so many units sells none by chance once in 20,000 times (Poisson). */
const SURELY_SOLD = 10
