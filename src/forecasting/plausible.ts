import type { Panel } from '../demand/panel.ts'
import { type Family, forecasting, outlookOf } from './families/family.ts'
import { launchesOf } from './launch-curve.ts'
import { afterShift } from './level-shift.ts'
import { leanOnLike, standings } from './new-series.ts'

/**
 * No forecast of a period is more than so many times the most that could have been sold in any
 * period known: of the series itself, or, while it is young, of its like. A season can multiply
 * what a product has sold so far, and 3% more a week come to 4.65 times as much in a year; what is
 * beyond is a model's mistake and no forecast.
 */
export const MOST_TIMES = 5

/**
 * The family with forecasts that nobody needs to fear, whatever the panel: held to `MOST_TIMES` what
 * was sold, those of young series mixed with those of their like, and times what earlier launches
 * tell of so young a product: it is fitted, and forecasts, as if all had settled, and as if levels had
 * always been where they are since all of them moved. All forecasts pass this one place, in search,
 * backtest and production; a blend, which is a weighted mean of them, stays within the same bounds.
 */
export function plausible(family: Family): Family {
  return {
    ...family,
    fit: (panel, settings, context) =>
      family.fit(afterShift(launchesOf(panel).settled), settings, context),
    ...forecasting((panel, horizon, parameters) => {
      const { settled, factor } = launchesOf(panel)
      const result = outlookOf(family, afterShift(settled), horizon, parameters)
      holdToHistory(result.mean, panel, horizon)
      leanOnLike(result.mean, panel, horizon)
      for (let cell = 0; cell < result.mean.length; cell++) {
        result.mean[cell] *= factor(Math.floor(cell / horizon), cell % horizon)
      }
      return result
    }),
  }
}

/** Holds each forecast to `MOST_TIMES` what was sold. Changes `forecast`, n × horizon. What is NaN, as nothing is known of the series, stays so. */
export function holdToHistory(forecast: Float64Array, panel: Panel, horizon: number): void {
  const { most } = standings(panel)
  for (let cell = 0; cell < forecast.length; cell++) {
    const bound = MOST_TIMES * most[Math.floor(cell / horizon)]
    if (forecast[cell] > bound) forecast[cell] = bound
  }
}
