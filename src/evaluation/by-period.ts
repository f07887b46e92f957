import { type Frequency, periodOf } from '../demand/calendar.ts'
import { seriesId } from '../sales/daily-totals.ts'
import { type Difference, type PairedCells, pairedDifference } from './bootstrap.ts'
import type { MetricName } from './evaluation.ts'
import { metricNames, score } from './metrics.ts'
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
  const cells: Row[] = []
  const longest = Math.max(0, ...rows.map(({ horizon }) => horizon))
  for (let h = 1; h <= longest; h++) {
    const scores = score(rows, forecasts, levels, { from: h, to: h })
    scores.cells.forEach(({ origin, series }, index) => {
      const at = index * metricNames.length + metric
      cells.push({
        period: periodOf(frequency, rows[origin].day) + h,
        series: seriesId(series),
        change: scores.numerators[at],
        base: scores.denominators[at],
      })
    })
  }
  if (name === 'coverage80') {
    for (const period of new Set(cells.map((cell) => cell.period))) {
      cells.push({ period, series: 'always within', change: 1, base: 1 })
      cells.push({ period, series: 'never within', change: 0, base: 1 })
    }
  }
  return pairedDifference(pairedCells(cells), 1)
}

type Row = { period: number; series: string; change: number; base: number }

/** With one cell for each series in each period. */
function pairedCells(rows: Row[]): PairedCells {
  const numberOf = new Map([...new Set(rows.map(({ series }) => series))].map((id, i) => [id, i]))
  const cells = new Map<string, Row>()
  for (const row of rows) {
    const key = `${row.period} ${numberOf.get(row.series)}`
    const { change, base } = cells.get(key) ?? { change: 0, base: 0 }
    cells.set(key, { ...row, change: change + row.change, base: base + row.base })
  }
  const all = [...cells.values()]
  return {
    origin: Int32Array.from(all, ({ period }) => period),
    series: Int32Array.from(all, ({ series }) => numberOf.get(series)!),
    change: Float64Array.from(all, ({ change }) => change),
    base: Float64Array.from(all, ({ base }) => base),
  }
}
