import { remembered } from '../../base/remembered.ts'
import { isActive } from '../../demand/activity.ts'
import { firstDay, lastDay, periodOf } from '../../demand/calendar.ts'
import { type Panel, rowsBySeries } from '../../demand/panel.ts'
import type { OriginForecast, OriginRows } from '../../evaluation/scoring/rows.ts'
import { standings } from '../../forecasting/new-series.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { ProductionOrigin } from './production-origin.ts'
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
  /** What `storesAfter` says of all parts in which these stores sell. */
  sellingAfter: StoresAfter
}

export type DemandSeen = Pick<ProductionOrigin, 'demand' | 'silentStores' | 'unforecast'> & {
  /** n × H: those of the rows, but for what is not known or was not forecast: NaN. */
  actual: Float64Array
}

/** By store, `''` where the sales know none, what happened in the blocks after an origin. */
export type StoresAfter = ReadonlyMap<
  string,
  {
    /** What it usually sells in as much time with stock. */
    usual: Float64Array
    /** The blocks in which it sold anything. */
    sold: ReadonlySet<number>
  }
>

/**
 * What of the demand after an origin is known, weighing each series by what it sold per period until
 * then. Not known is what came while there was no stock, what was not forecast, and all of a store
 * in a block of which no sales came although it sold before, or none yet of its last days: whether it
 * was closed or its file is missing, nobody can tell from the sales.
 */
export function knownDemand(input: DemandInput): DemandSeen {
  const { known, later, rows, model, periods } = input
  const { horizon } = rows
  const isSilent = silentBlocks(input)
  const actual = rows.actual.slice()
  const silentStores = new Set<string>()
  const demand = { all: 0, known: 0 }
  let unforecast = 0
  for (const { index, store, level, cell: first } of sellersOf(known, later)) {
    const isForecast = !Number.isNaN(model.mean[index * horizon])
    if (!isForecast) unforecast++
    for (let h = 0; h < horizon; h++) {
      const cell = index * horizon + h
      const silent = isSilent(store, Math.floor(h / periods))
      if (silent || Number.isNaN(model.mean[cell])) actual[cell] = Number.NaN
      if (h >= periods) continue
      if (silent) silentStores.add(store)
      demand.all += level
      if (isForecast && !silent && first !== undefined) {
        demand.known += level * later.stockedShare[first + h]
      }
    }
  }
  return { actual, demand, silentStores: [...silentStores].sort(), unforecast }
}

/** What stores sold, and usually sell, in each block of `periods` periods after an origin. */
export function storesAfter({
  known,
  later,
  horizon,
  periods,
}: Pick<DemandInput, 'known' | 'later' | 'periods'> & { horizon: number }): StoresAfter {
  const blocks = Math.ceil(horizon / periods)
  const stores = new Map<string, { usual: Float64Array; sold: Set<number> }>()
  const of = (store: string) =>
    remembered(stores, store, () => ({ usual: new Float64Array(blocks), sold: new Set<number>() }))
  for (const { store, level, cell } of sellersOf(known, later)) {
    if (cell === undefined) continue
    const { usual } = of(store)
    for (let h = 0; h < horizon; h++) {
      usual[Math.floor(h / periods)] += level * later.stockedShare[cell + h]
    }
  }
  // What is new or has another name was sold as well.
  const first = known.firstPeriod + known.periods - later.firstPeriod
  later.series.forEach(({ storeId = '' }, row) => {
    const { sold } = of(storeId)
    const cell = row * later.periods + first
    for (let h = 0; h < horizon; h++) {
      if (later.units[cell + h] > 0) sold.add(Math.floor(h / periods))
    }
  })
  return stores
}

/** The same of several parts together. */
export function addedStores(parts: readonly StoresAfter[]): StoresAfter {
  const stores = new Map<string, { usual: Float64Array; sold: Set<number> }>()
  for (const [store, { usual, sold }] of parts.flatMap((part) => [...part])) {
    const of = remembered(stores, store, () => ({
      usual: new Float64Array(usual.length),
      sold: new Set<number>(),
    }))
    for (const [block, units] of usual.entries()) of.usual[block] += units
    for (const block of sold) of.sold.add(block)
  }
  return stores
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
function silentBlocks({
  later,
  rows: { day, horizon },
  periods,
  stores,
  sellingAfter,
}: DemandInput): (store: string, block: number) => boolean {
  const first = periodOf(later.frequency, day + 1)
  return (store, block) => {
    const [known, after] = [stores.get(store), sellingAfter.get(store)]
    if (!known || !after) return false
    const [from, end] = [block * periods, Math.min(horizon, (block + 1) * periods)]
    const span = {
      from: firstDay(later.frequency, first + from),
      to: lastDay(later.frequency, first + end - 1),
    }
    const missing = after.sold.has(block) ? shareToCome(known, span) : 1
    return after.usual[block] * missing >= SURELY_SOLD
  }
}

/** Who usually sells so many units sells none by chance once in 20,000 times (Poisson). */
const SURELY_SOLD = 10
