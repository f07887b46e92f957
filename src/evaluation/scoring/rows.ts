import type { Day } from '../../base/day.ts'
import type { Series } from '../../demand/panel.ts'
import type { VolumeClass } from '../../demand/volume-class.ts'

/**
 * What happened in the H periods after one origin: n series × H horizons, row by row. It is the
 * same for every model that is scored, so that all are judged on the same rows.
 */
export type OriginRows = {
  /** The last day that a forecast of this origin may know. */
  day: Day
  horizon: number
  series: Series[]
  volumeClasses: VolumeClass[]
  /** n × H: units that could have been sold; NaN where the row is not scored. */
  actual: Float64Array
  /**
   * n: the scales of MASE and RMSSE: mean absolute and mean squared error of the seasonal naive
   * forecast within the history known at the origin; NaN where the history is too short.
   */
  naiveAbsoluteError: Float64Array
  naiveSquaredError: Float64Array
}

/** What one model forecast at that origin, for the same series and horizons. */
export type OriginForecast = {
  /** n × H expected units. */
  mean: Float64Array
  /** n × H × L, the quantiles at the levels of the recipe, ascending. */
  quantiles: Float64Array
}
