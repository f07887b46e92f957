import type { Drift } from './drift.ts'
import { NORMAL_99, type Stability } from './population-stability.ts'

/** Something in the sales that is different enough to explain a model's errors. */
export type DriftSign =
  | { sign: 'distribution'; column: DriftColumn }
  | { sign: 'unknown'; column: DriftColumn; now: number; before: number }
  | { sign: 'units'; change: number }
  | { sign: 'prices'; change: number; series: number }
  | {
      sign: 'new series' | 'gone series' | 'series unknown to the model'
      series: number
      share: number
    }
  | { sign: 'stores gone'; stores: string[] }
  | { sign: 'series without sales'; share: number }

type Compared = Extract<Drift, { outcome: 'compared' }>
type DriftColumn = Compared['columns'][number]['column']

/** What of a drift is worth a word, the most telling kinds first; nothing where it cannot be told. */
export function driftSigns(drift: Drift): DriftSign[] {
  if (drift.outcome === 'cannot tell') return []
  const { columns, prices, assortment } = drift
  const { now, before, storesGone, withoutSales } = assortment
  const signs: DriftSign[] = []
  if (storesGone.length > 0) signs.push({ sign: 'stores gone', stores: storesGone })
  const change = now.units / before.units - 1
  if (Math.abs(change) > UNITS) signs.push({ sign: 'units', change })
  if (prices && Math.abs(prices.median) > prices.limit) {
    signs.push({ sign: 'prices', change: prices.median, series: prices.series })
  }
  const parts = [
    ['new series', assortment.new],
    ['gone series', assortment.gone],
    ['series unknown to the model', assortment.unknownToModel],
  ] as const
  for (const [sign, part] of parts) {
    if (part.share > SHARE) signs.push({ sign, ...part })
  }
  if (withoutSales > limitOfShare(now.series + assortment.gone.series)) {
    signs.push({ sign: 'series without sales', share: withoutSales })
  }
  const unknown = columns.filter((it) => isBeyond(it.unknown))
  for (const { column, unknown: { now = 0, before = 0 } = {} } of unknown) {
    signs.push({ sign: 'unknown', column, now, before })
  }
  const moved = columns.filter((it) => isBeyond(it.values))
  moved.sort((a, b) => strength(b.values) - strength(a.values))
  for (const { column } of moved) signs.push({ sign: 'distribution', column })
  return signs
}

const UNITS = 0.2
const SHARE = 0.05
const WITHOUT_SALES = 0.1

function limitOfShare(series: number): number {
  const error = Math.sqrt((WITHOUT_SALES * (1 - WITHOUT_SALES)) / series)
  return WITHOUT_SALES + NORMAL_99 * error
}

function isBeyond(stability: Stability | undefined): boolean {
  return stability !== undefined && stability.index > stability.limit
}

function strength(stability: Stability | undefined): number {
  return stability === undefined ? 0 : stability.index / stability.limit
}
