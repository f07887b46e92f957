import { median, medianAbsoluteDeviation } from 'simple-statistics'
import { type Static, Type } from 'typebox'
import { DEVIATION_OVER_MEDIAN, OF_MEDIAN_OVER_MEAN } from '../../base/normal.ts'
import { count, number, object, share } from '../../base/schema-parts.ts'
import { shortened } from '../../base/wording.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'
import type { Rows } from './column-drift.ts'
import { NORMAL_99 } from './population-stability.ts'

const ofSales = object({ series: count, share })
const names = Type.Array(Type.String({ maxLength: 300 }), { maxItems: 20 })

/** Which series sell, now and before. */
export const AssortmentChange = object({
  /** How many sold anything, and their units. */
  now: object({ series: count, units: number }),
  before: object({ series: count, units: number }),
  /** Series that sell now and did not before, with their share of the units now. */
  new: ofSales,
  /** Series that sold before and do not now, with their share of the units then. */
  gone: ofSales,
  /** Series that sell now and that the model was not trained on, with their share of the units now. */
  unknownToModel: ofSales,
  /** Of the series that sold before or now, the share that sold nothing now. */
  withoutSales: share,
  /** Stores that sold before and sell nothing now; empty without stores. */
  storesGone: names,
})
export type AssortmentChange = Static<typeof AssortmentChange>

/** @param trainedOn - ids of the series that the model knows */
export function assortmentChange(
  totals: DailyTotals,
  rows: Rows,
  trainedOn: ReadonlySet<string>,
): AssortmentChange {
  const [now, before] = [unitsOf(totals, rows.now), unitsOf(totals, rows.before)]
  const all = [...totals.series.keys()]
  const part = (of: Float64Array, isIn: (series: number) => boolean) => {
    const found = all.filter((series) => of[series] > 0 && isIn(series))
    return { series: found.length, share: Math.min(1, sumOf(of, found) / (sumOf(of, all) || 1)) }
  }
  const storesNow = new Set(all.filter((i) => now[i] > 0).map((i) => totals.series[i].storeId))
  const storesBefore = new Set(
    all.filter((i) => before[i] > 0).flatMap((i) => totals.series[i].storeId ?? []),
  )
  const gone = part(before, (series) => now[series] === 0)
  const selling = all.filter((series) => now[series] > 0)
  const ever = selling.length + gone.series
  return {
    now: { series: selling.length, units: sumOf(now, all) },
    before: { series: ever - part(now, (i) => before[i] === 0).series, units: sumOf(before, all) },
    new: part(now, (series) => before[series] === 0),
    gone,
    unknownToModel: part(now, (series) => !trainedOn.has(seriesId(totals.series[series]))),
    withoutSales: ever === 0 ? 0 : gone.series / ever,
    storesGone: [...storesBefore]
      .filter((store) => !storesNow.has(store))
      .map((store) => shortened(store, 300))
      .slice(0, 20),
  }
}

/** How prices have changed of the series that sold with a price both times. */
export const PriceChange = object({
  series: count,
  /** Median of the relative changes: 0.05 is 5% up. */
  median: number,
  /** Beyond it, up or down, chance does not explain the median. */
  limit: number,
})
export type PriceChange = Static<typeof PriceChange>

/** Undefined where no series sold with a price both times. */
export function priceChange(totals: DailyTotals, rows: Rows): PriceChange | undefined {
  const [now, before] = [pricesOf(totals, rows.now), pricesOf(totals, rows.before)]
  const changes = [...now]
    .map((price, series) => price / before[series] - 1)
    .filter(Number.isFinite)
  if (changes.length === 0) return undefined
  const spread = DEVIATION_OVER_MEDIAN * medianAbsoluteDeviation(changes)
  return {
    series: changes.length,
    median: median(changes),
    limit:
      PRICE_WORTH_A_WORD + (NORMAL_99 * OF_MEDIAN_OVER_MEAN * spread) / Math.sqrt(changes.length),
  }
}

const PRICE_WORTH_A_WORD = 0.05

function unitsOf(totals: DailyTotals, entries: Int32Array): Float64Array {
  const units = new Float64Array(totals.series.length)
  for (const entry of entries) units[totals.seriesIndex[entry]] += totals.sold[entry]
  return units
}

/** n: mean price of each series; NaN where none is known. */
function pricesOf(totals: DailyTotals, entries: Int32Array): Float64Array {
  const revenue = new Float64Array(totals.series.length)
  const units = new Float64Array(totals.series.length)
  for (const entry of entries) {
    revenue[totals.seriesIndex[entry]] += totals.revenue[entry]
    units[totals.seriesIndex[entry]] += totals.pricedUnits[entry]
  }
  return revenue.map((sum, series) => sum / units[series])
}

function sumOf(values: Float64Array, at: number[]): number {
  return at.reduce((sum, index) => sum + values[index], 0)
}
