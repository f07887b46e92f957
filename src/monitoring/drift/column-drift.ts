import { type Static, Type } from 'typebox'
import { weekday } from '../../base/day.ts'
import { object, share } from '../../base/schema-parts.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'
import { populationStability, Stability } from './population-stability.ts'

const columnNames = ['category', 'store', 'weekday', 'units', 'price', 'cost'] as const

/** One column of the sales, over the days of series on which anything sold. */
export const ColumnDrift = object({
  column: Type.Enum([...columnNames]),
  /** Of the values that are known; absent where all are in one bin. */
  values: Type.Optional(Stability),
  /** Share of the rows in which it is not known, and how much that has moved; none is absent. */
  unknown: Type.Optional(object({ now: share, before: share, ...Stability.properties })),
})
export type ColumnDrift = Static<typeof ColumnDrift>

/** Entries of the totals, R each. */
export type Rows = { now: Int32Array; before: Int32Array }

/**
 * How each column has moved that the contract maps. Texts are bins of their own, those that few rows
 * have are one; numbers are in the tenths of the time before.
 *
 * @param hasWeekdays - false where each row is the total of a week or a month
 */
export function columnDrifts(totals: DailyTotals, rows: Rows, hasWeekdays: boolean): ColumnDrift[] {
  const mapped: Record<(typeof columnNames)[number], boolean> = {
    category: totals.columns.category,
    store: totals.series.some(({ storeId }) => storeId !== undefined),
    weekday: hasWeekdays,
    units: true,
    price: totals.columns.price,
    cost: totals.columns.cost,
  }
  return columnNames
    .filter((column) => mapped[column])
    .map((column) => columnDrift(column, totals, rows))
}

function columnDrift(column: ColumnDrift['column'], totals: DailyTotals, rows: Rows): ColumnDrift {
  const read = reader(column, totals)
  const [now, before] = [rows.now, rows.before].map((of) => Float64Array.from(of, read))
  const seriesOf = (of: Int32Array) => of.map((entry) => totals.seriesIndex[entry])
  const isNumber = column === 'units' || column === 'price' || column === 'cost'
  const { binOf, bins } = isNumber ? tenths(before) : mostFrequent(before)
  const known = (of: Int32Array, values: Float64Array) => {
    const kept = of.filter((_, row) => !Number.isNaN(values[row]))
    return {
      bin: values.filter((value) => !Number.isNaN(value)).map(binOf),
      series: seriesOf(kept),
    }
  }
  const isUnknown = (of: Int32Array, values: Float64Array) => ({
    bin: values.map((value) => (Number.isNaN(value) ? 1 : 0)),
    series: seriesOf(of),
  })
  const series = totals.series.length
  const values = populationStability(known(rows.now, now), known(rows.before, before), {
    bins,
    series,
  })
  const unknown = populationStability(isUnknown(rows.now, now), isUnknown(rows.before, before), {
    bins: 2,
    series,
  })
  return {
    column,
    ...(values && { values }),
    ...(unknown && {
      unknown: { now: shareUnknown(now), before: shareUnknown(before), ...unknown },
    }),
  }
}

/** The value of a row, as a number that stands for it; NaN where it is not known. */
function reader(column: ColumnDrift['column'], totals: DailyTotals): (entry: number) => number {
  const { seriesIndex, day, sold, revenue, pricedUnits, costTotal, costedUnits } = totals
  switch (column) {
    case 'category':
      return (entry) => (totals.categoryIndex[entry] < 0 ? Number.NaN : totals.categoryIndex[entry])
    case 'store': {
      const stores = [...new Set(totals.series.map(({ storeId }) => storeId))]
      const numberOf = new Map(
        stores.map((store, i) => [store, store === undefined ? Number.NaN : i]),
      )
      return (entry) => numberOf.get(totals.series[seriesIndex[entry]].storeId) ?? Number.NaN
    }
    case 'weekday':
      return (entry) => weekday(day[entry])
    case 'units':
      return (entry) => sold[entry]
    // Nothing divided by nothing is not known.
    case 'price':
      return (entry) => revenue[entry] / pricedUnits[entry]
    case 'cost':
      return (entry) => costTotal[entry] / costedUnits[entry]
  }
}

type Bins = { bins: number; binOf: (value: number) => number }

/** The values that most rows had before, one bin each, and one bin for all others. */
function mostFrequent(values: Float64Array): Bins {
  const counts = new Map<number, number>()
  for (const value of values) {
    if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const named = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_BINS - 1)
  const binOf = new Map(named.map(([value], bin) => [value, bin]))
  return { bins: named.length + 1, binOf: (value) => binOf.get(value) ?? named.length }
}

const MOST_BINS = 50

/** Tenths of the rows before; fewer where many rows have the same value. */
function tenths(values: Float64Array): Bins {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const at = (tenth: number) => sorted[Math.floor((tenth * sorted.length) / 10)]
  const limits = [...new Set([1, 2, 3, 4, 5, 6, 7, 8, 9].map(at))]
  const above = (value: number) => limits.findIndex((limit) => value < limit)
  return {
    bins: limits.length + 1,
    binOf: (value) => (above(value) < 0 ? limits.length : above(value)),
  }
}

function shareUnknown(values: Float64Array): number {
  return values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0) / values.length
}
