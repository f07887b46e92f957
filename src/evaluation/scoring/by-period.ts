import { type Frequency, periodOf } from '../../demand/calendar.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import { type Difference, type PairedCells, pairedDifference } from '../gate/bootstrap.ts'
import type { MetricName } from './metrics.ts'
import { metricNames } from './metrics.ts'
import { scoreOrigins } from './origin-scores.ts'
import type { OriginForecast, OriginRows } from './rows.ts'

/**
 * The bias or the coverage of one model, and how sure it is, where origins overlap: what several of
 * them forecast of one period goes wrong together, so that the periods take the place of the origins,
 * one row being one series in one period. The coverage is that with two more series, one always and
 * one never within the interval (Agresti & Coull 1998): that of few rows is often 0 or 1, of which
 * every resample is sure. Undefined where it cannot be computed.
 */
export function metricByPeriod(
  name: Extract<MetricName, 'bias' | 'coverage80'>,
  rows: OriginRows[],
  forecasts: OriginForecast[],
  { levels, frequency }: { levels: number[]; frequency: Frequency },
): Difference | undefined {
  const metric = metricNames.indexOf(name)
  const ids = new Set(rows.flatMap(({ series }) => series.map(seriesId)))
  const numbers = new Map([...ids].map((id, number) => [id, number]))
  const sums = new Map<number, Sums>()
  const longest = Math.max(0, ...rows.map(({ horizon }) => horizon))
  for (let h = 1; h <= longest; h++) {
    const scores = scoreOrigins(rows, forecasts, levels, { from: h, to: h })
    scores.cells.forEach(({ origin, series }, index) => {
      const period = periodOf(frequency, rows[origin].day) + h
      const ofPeriod = sums.get(period) ?? noSums(numbers.size + 2)
      sums.set(period, ofPeriod)
      const at = index * metricNames.length + metric
      const number = numbers.get(seriesId(series))!
      ofPeriod.change[number] += scores.numerators[at]
      ofPeriod.base[number] += scores.denominators[at]
    })
  }
  if (name === 'coverage80') {
    for (const { change, base } of sums.values()) {
      change.set([1, 0], numbers.size)
      base.set([1, 1], numbers.size)
    }
  }
  return pairedDifference(cellsOf(sums), 1)
}

/** One number for each series, in the order of their numbers, and two for those that are added. */
type Sums = { change: Float64Array; base: Float64Array }

function noSums(series: number): Sums {
  return { change: new Float64Array(series), base: new Float64Array(series) }
}

/** Of each series in each period that it was scored in. */
function cellsOf(sums: Map<number, Sums>): PairedCells {
  const cells = [...sums].flatMap(([period, { change, base }]) =>
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
