import type { MeasuredErrors } from './error-scale.ts'
import type { Outlook } from './families/family.ts'
import type { Spread } from './new-series.ts'
import { gapOf } from './period-sums.ts'
import { MOST_TIMES } from './plausible.ts'

/** Forecasts of one origin and what then happened. */
export type BacktestErrors = Outlook & {
  /** n. */
  spread: Spread[]
  /** n × H, NaN where it is not known. */
  actual: Float64Array
  /** What is known by day, where a period is longer than that. */
  days?: DaysOfHorizon | undefined
}

/** The D days of a horizon, of m of the n series of an origin. */
export type DaysOfHorizon = {
  /** m: which of the n. */
  rows: number[]
  /** D: the period, counted from 0, that each day is of. */
  period: Int32Array
  /** m × D: which share of the period's demand was expected on the day. */
  share: Float64Array
  /** m × D: units, NaN where it is not known. */
  actual: Float64Array
}

/** Rows of H cells, one for each series at each origin; `firstRow` is that of each origin. */
export type Measured = MeasuredErrors & {
  /** By how much the median was expected to be above the mean, in units. */
  gap: Float64Array
  widening: Float64Array
  surprise: Float64Array
  firstRow: number[]
}

/**
 * All errors, m series at an origin × H. What sold more than any interval may reach counts as that
 * much: a quantity with three zeros too many would make the intervals of all others as wide.
 */
export function measuredErrors(errors: BacktestErrors[], horizon: number): Measured {
  const cells = errors.reduce((sum, { mean }) => sum + mean.length, 0)
  const width = errors.some(({ shape }) => shape) ? new Float64Array(cells).fill(1) : undefined
  const measured = {
    error: new Float64Array(cells),
    mean: new Float64Array(cells),
    gap: new Float64Array(cells),
    width,
    spread: new Float64Array(cells),
    widening: new Float64Array(cells),
    surprise: new Float64Array(cells),
    firstRow: [] as number[],
  }
  let from = 0
  for (const it of errors) {
    const { spread, mean, shape, actual } = it
    measured.firstRow.push(from / horizon)
    for (let cell = 0; cell < mean.length; cell++) {
      const { deviation, widening, surprise, most } = spread[Math.floor(cell / horizon)]
      const reached = Math.min(actual[cell], Math.max(mean[cell], MOST_TIMES * most))
      measured.error[from + cell] = reached - mean[cell]
      measured.mean[from + cell] = mean[cell]
      measured.gap[from + cell] = gapOf(it, cell)
      if (width && shape) width[from + cell] = shape.width[cell]
      measured.spread[from + cell] = deviation
      measured.widening[from + cell] = widening
      measured.surprise[from + cell] = surprise
    }
    from += mean.length
  }
  return measured
}
