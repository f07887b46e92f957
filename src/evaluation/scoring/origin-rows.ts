import { isActive } from '../../demand/activity.ts'
import { season } from '../../demand/calendar.ts'
import { uncensoredUnitsOf } from '../../demand/demand-estimate.ts'
import { endOf, type Panel, rowsBySeries, type Series } from '../../demand/panel.ts'
import { volumeClasses } from '../../demand/volume-class.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { OriginRows } from './rows.ts'

/**
 * The rows of one origin: `known` is the panel as on that day, `later` one that knows what came
 * after. Scored is every period that is over, of every series that was active at the origin, on what
 * could have been sold in it. Of periods that were without stock for most of their demand that is not
 * known: they are left out. Leaving out all that ran out would not be honest, since it is high demand
 * that empties shelves: what is left is low, and flatters whoever forecasts too little.
 */
export function originRows(known: Panel, later: Panel, horizon: number): OriginRows {
  return {
    day: endOf(known),
    horizon,
    series: known.series,
    volumeClasses: volumeClasses(known),
    actual: demandAfter(scoredSeries(known), later, horizon),
    ...naiveErrors(known),
  }
}

/** The series of an origin, which of them are scored there, and the first period after it. */
export type ScoredSeries = { series: Series[]; isScored: boolean[]; firstPeriod: number }

/** Of the last period of the panel. */
export function scoredSeries(known: Panel): ScoredSeries {
  return {
    series: known.series,
    isScored: known.series.map((_, i) => isActive(known, i)),
    firstPeriod: known.firstPeriod + known.periods,
  }
}

/** n × H: units that could have been sold, as `later` knows them; NaN where a row is not scored. */
export function demandAfter(
  { series, isScored, firstPeriod }: ScoredSeries,
  later: Panel,
  horizon: number,
): Float64Array {
  const rowOf = rowsBySeries(later)
  const actual = new Float64Array(series.length * horizon).fill(Number.NaN)
  series.forEach((it, i) => {
    const row = isScored[i] ? rowOf.get(seriesId(it)) : undefined
    if (row === undefined) return
    for (let h = 0; h < horizon; h++) {
      const period = firstPeriod + h - later.firstPeriod
      if (period < 0 || period >= later.periods) continue
      actual[i * horizon + h] = uncensoredUnitsOf(later, row * later.periods + period)
    }
  })
  return actual
}

/** n: mean absolute and mean squared error of the seasonal naive forecast within the history. */
function naiveErrors(panel: Panel): Pick<OriginRows, 'naiveAbsoluteError' | 'naiveSquaredError'> {
  const { series, periods, units, frequency } = panel
  const lag = periods > season(frequency) ? season(frequency) : 1
  const naiveAbsoluteError = new Float64Array(series.length)
  const naiveSquaredError = new Float64Array(series.length)
  for (let i = 0; i < series.length; i++) {
    let absolute = 0
    let squared = 0
    let count = 0
    for (let t = lag; t < periods; t++) {
      const error = units[i * periods + t] - units[i * periods + t - lag]
      if (Number.isNaN(error)) continue
      absolute += Math.abs(error)
      squared += error * error
      count++
    }
    naiveAbsoluteError[i] = absolute / count
    naiveSquaredError[i] = squared / count
  }
  return { naiveAbsoluteError, naiveSquaredError }
}
