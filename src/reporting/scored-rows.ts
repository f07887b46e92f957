import { csvText } from '../base/csv-text.ts'
import { isoFromDay } from '../base/day.ts'
import { firstDay, periodOf } from '../demand/calendar.ts'
import type { Comparison, ContenderForecasts } from '../evaluation/gate/comparison.ts'

/**
 * Forecast and actual of every scored row as CSV, as `csvText` writes it, in parts of so many rows
 * that the whole need not be held: product, store, name and category; the last day known, the first
 * day of the period and how many periods ahead it is; what could have been sold; and of each model
 * the mean and the 10%, 50% and 90% quantiles in units, empty where it has none.
 */
export function* scoredRowsCsv(comparison: Comparison): Generator<string> {
  const sides = sidesOf(comparison)
  yield csvText([
    [
      ...KEYS,
      ...sides.flatMap(([side]) => [side, ...LEVELS_SHOWN.map(({ name }) => `${side}_${name}`)]),
    ],
  ])
  yield* scoredRecords(comparison)
}

/** The same without a header, to stand below other rows. */
export function* scoredRecords(comparison: Comparison): Generator<string> {
  const { rows, frequency } = comparison
  const sides = sidesOf(comparison)
  const levels = LEVELS_SHOWN.map(({ level }) => comparison.levels.indexOf(level))
  let records: (string | number)[][] = []
  for (const [origin, { day, series, horizon, actual }] of rows.entries()) {
    const known = isoFromDay(day)
    const period = periodOf(frequency, day) + 1
    for (let row = 0; row < actual.length; row++) {
      if (Number.isNaN(actual[row])) continue
      const { productId, storeId, name, category } = series[Math.floor(row / horizon)]
      const h = row % horizon
      records.push([
        productId,
        storeId ?? '',
        name ?? '',
        category ?? '',
        known,
        isoFromDay(firstDay(frequency, period + h)),
        h + 1,
        actual[row],
        ...sides.flatMap(([, { forecasts }]) => {
          const { mean, quantiles } = forecasts[origin]
          const at = row * comparison.levels.length
          return [mean[row], ...levels.map((level) => quantiles[at + level])].map(orEmpty)
        }),
      ])
      if (records.length === ROWS_OF_A_PART) {
        yield csvText(records)
        records = []
      }
    }
  }
  if (records.length > 0) yield csvText(records)
}

const KEYS = [
  'product_id',
  'store_id',
  'name',
  'category',
  'known_until',
  'period',
  'ahead',
  'actual',
]
const LEVELS_SHOWN = [
  { name: 'p10', level: 0.1 },
  { name: 'p50', level: 0.5 },
  { name: 'p90', level: 0.9 },
]
const ROWS_OF_A_PART = 2000

function sidesOf({ challenger, champion, baseline }: Comparison): [string, ContenderForecasts][] {
  return [
    ['challenger', challenger],
    ...(champion ? [['champion', champion] as [string, ContenderForecasts]] : []),
    ['seasonal_naive', baseline],
  ]
}

/** An empty cell where a model has no forecast. */
function orEmpty(value: number | undefined): number | string {
  return value !== undefined && Number.isFinite(value) ? value : ''
}
