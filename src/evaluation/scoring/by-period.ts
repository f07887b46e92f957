import { type Frequency, periodOf } from '../../demand/calendar.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import { type Difference, type PairedCells, pairedDifference } from '../gate/bootstrap.ts'
import type { MetricName } from './metrics.ts'
import { metricNames } from './metrics.ts'
import { scoreOrigins } from './origin-scores.ts'
import type { OriginForecast, OriginRows } from './rows.ts'

/**
 * What the bias or the coverage of one model is a quotient of, by series in every period that it was
 * forecast for, at whatever origin.
 */
export type PeriodSums = {
  /** S: as `seriesId`. */
  series: string[]
  /** By period, S each: 0 where a series was not scored in it. */
  periods: Map<number, Sums>
}

type ByPeriod = Extract<MetricName, 'bias' | 'coverage80'>

export function periodSums(
  name: ByPeriod,
  rows: OriginRows[],
  forecasts: OriginForecast[],
  { levels, frequency }: { levels: number[]; frequency: Frequency },
): PeriodSums {
  const metric = metricNames.indexOf(name)
  const ids = new Set(rows.flatMap(({ series }) => series.map(seriesId)))
  const numbers = new Map([...ids].map((id, number) => [id, number]))
  const periods = new Map<number, Sums>()
  const longest = Math.max(0, ...rows.map(({ horizon }) => horizon))
  for (let h = 1; h <= longest; h++) {
    const scores = scoreOrigins(rows, forecasts, levels, { from: h, to: h })
    scores.cells.forEach(({ origin, series }, index) => {
      const period = periodOf(frequency, rows[origin].day) + h
      const ofPeriod = periods.get(period) ?? noSums(numbers.size)
      periods.set(period, ofPeriod)
      const at = index * metricNames.length + metric
      const number = numbers.get(seriesId(series))!
      ofPeriod.change[number] += scores.numerators[at]
      ofPeriod.base[number] += scores.denominators[at]
    })
  }
  return { series: [...ids], periods }
}

/** Those of several parts of the series beside each other, in the order given. */
export function mergedPeriodSums(parts: PeriodSums[]): PeriodSums {
  const series = parts.flatMap((part) => part.series)
  const found = [...new Set(parts.flatMap(({ periods }) => [...periods.keys()]))].sort(
    (a, b) => a - b,
  )
  const periods = new Map(found.map((period) => [period, noSums(series.length)]))
  let first = 0
  for (const part of parts) {
    for (const [period, { change, base }] of part.periods) {
      periods.get(period)?.change.set(change, first)
      periods.get(period)?.base.set(base, first)
    }
    first += part.series.length
  }
  return { series, periods }
}

/**
 * The bias or the coverage of one model, and how sure it is, where origins overlap: what several of
 * them forecast of one period goes wrong together, so that the periods take the place of the origins,
 * one row being one series in one period. The coverage is that with two more series, one always and
 * one never within the interval (Agresti & Coull 1998): that of few rows is often 0 or 1, of which
 * every resample is sure. Undefined where it cannot be computed.
 */
export function metricByPeriod(
  name: ByPeriod,
  { series, periods }: PeriodSums,
): Difference | undefined {
  const added = name === 'coverage80' ? { change: [1, 0], base: [1, 1] } : { change: [], base: [] }
  const sums = [...periods].map(([period, { change, base }]) => {
    const all = noSums(series.length + added.base.length)
    all.change.set(change)
    all.change.set(added.change, series.length)
    all.base.set(base)
    all.base.set(added.base, series.length)
    return [period, all] as const
  })
  return pairedDifference(cellsOf(sums), 1)
}

/** One number for each series, in the order of their numbers. */
type Sums = { change: Float64Array; base: Float64Array }

function noSums(series: number): Sums {
  return { change: new Float64Array(series), base: new Float64Array(series) }
}

/** Of each series in each period that it was scored in. */
function cellsOf(sums: (readonly [period: number, Sums])[]): PairedCells {
  const cells = sums.flatMap(([period, { change, base }]) =>
    Array.from(base.keys())
      .filter((series) => change[series] !== 0 || base[series] !== 0)
      .map((series) => ({ period, series, change: change[series], base: base[series] })),
  )
  return {
    origin: Int32Array.from(cells, ({ period }) => period),
    series: Int32Array.from(cells, ({ series }) => series),
    change: Float64Array.from(cells, ({ change }) => change),
    base: Float64Array.from(cells, ({ base }) => base),
  }
}
