import type { Series } from '../../demand/panel.ts'
import type { VolumeClass } from '../../demand/volume-class.ts'
import {
  type MetricSums,
  type Metrics,
  metricNames,
  metricSums,
  metricsFrom,
  type Scores,
  score,
} from './metrics.ts'
import type { OriginForecast, OriginRows } from './rows.ts'

/** The scored rows of one series at one origin. */
export type ScoreCell = {
  /** Index of the origin. */
  origin: number
  series: Series
  volumeClass: VolumeClass
  /** How many horizons were scored, at least 1. */
  rows: number
}

/** What a model scored in a backtest; of the cells those of which any row was. */
export type OriginScores = Omit<Scores, 'rows'> & { cells: ScoreCell[] }

/** The metrics of one model over all rows, one forecast for each origin. */
export function metrics(
  rows: OriginRows[],
  forecasts: OriginForecast[],
  levels: number[],
): Metrics {
  return metricsOfCells(scoreOrigins(rows, forecasts, levels))
}

/** Scores one model on the horizons `from` to `to` (counted from 1, inclusive), or on all. */
export function scoreOrigins(
  rows: OriginRows[],
  forecasts: OriginForecast[],
  levels: number[],
  horizons: Horizons = { from: 1, to: Number.POSITIVE_INFINITY },
): OriginScores {
  const most = rows.reduce((sum, { series }) => sum + series.length, 0)
  const numerators = new Float64Array(most * metricNames.length)
  const denominators = new Float64Array(most * metricNames.length)
  const cells: ScoreCell[] = []
  rows.forEach((origin, index) => {
    const { series, horizon, volumeClasses, naiveAbsoluteError, naiveSquaredError } = origin
    const actual = actualWithin(origin, horizons)
    const scores = score({
      cell: cellsOf(series.length, horizon),
      actual,
      ...forecasts[index],
      levels,
      naiveAbsoluteError,
      naiveSquaredError,
    })
    for (let i = 0; i < series.length; i++) {
      if (scores.rows[i] === 0) continue
      const [from, at] = [i * metricNames.length, cells.length * metricNames.length]
      for (let m = 0; m < metricNames.length; m++) {
        numerators[at + m] = scores.numerators[from + m]
        denominators[at + m] = scores.denominators[from + m]
      }
      cells.push({
        origin: index,
        series: series[i],
        volumeClass: volumeClasses[i],
        rows: scores.rows[i],
      })
    }
  })
  const used = cells.length * metricNames.length
  return {
    cells,
    numerators: numerators.subarray(0, used),
    denominators: denominators.subarray(0, used),
  }
}

/** The metrics over the cells that `keep` accepts. */
export function metricsOfCells(
  scores: OriginScores,
  keep: (cell: ScoreCell) => boolean = () => true,
): Metrics {
  return metricsFrom(sumsOfCells(scores, keep))
}

/** What these metrics are quotients of. */
export function sumsOfCells(
  { cells, ...scores }: OriginScores,
  keep: (cell: ScoreCell) => boolean = () => true,
): MetricSums {
  const rows = Int32Array.from(cells, (cell) => cell.rows)
  return metricSums({ ...scores, rows }, (index) => keep(cells[index]))
}

type Horizons = { from: number; to: number }

/** n × H: what is scored of the origin, NaN at all other horizons. */
function actualWithin({ actual, horizon }: OriginRows, { from, to }: Horizons): Float64Array {
  const within = new Float64Array(actual.length).fill(Number.NaN)
  for (let row = 0; row < actual.length; row++) {
    const ahead = (row % horizon) + 1
    if (ahead >= from && ahead <= to) within[row] = actual[row]
  }
  return within
}

/** n × H: the number of each row's series. */
function cellsOf(series: number, horizon: number): Int32Array {
  const cell = new Int32Array(series * horizon)
  for (let i = 0; i < series; i++) cell.fill(i, i * horizon, (i + 1) * horizon)
  return cell
}
