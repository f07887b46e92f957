import type { Panel } from '../demand/panel.ts'
import { type Family, forecasting, outlookOf } from './families/family.ts'
import { asUsual, type PlanEffect, planEffect } from './plan-effect.ts'
import { holdToHistory } from './plausible.ts'

/**
 * The family as it forecasts where prices, promotions and closings are planned: what sold in the past
 * is divided by what plans did to it then, so that no promotion is taken for the level or the season,
 * and the forecast is multiplied by what the plan of the coming periods will do. Trees and ridge learn
 * beside that from what is planned. Without a plan, the family itself.
 */
export function planned(family: Family): Family {
  return {
    ...family,
    fit: (panel, settings, context) => family.fit(asUsual(panel), settings, context),
    ...forecasting((panel, horizon, parameters) => {
      const effect = planEffect(panel)
      const result = outlookOf(family, asUsual(panel), horizon, parameters)
      if (!effect) return result
      liftAhead(result.mean, panel, horizon, effect)
      holdToHistory(result.mean, panel, horizon)
      return result
    }),
  }
}

/** Changes `forecast`, n × horizon. */
function liftAhead(
  forecast: Float64Array,
  { series, periods }: Panel,
  horizon: number,
  { columns, ofSeries }: PlanEffect,
): void {
  const row = new Float64Array(columns.names.length)
  for (let index = 0; index < series.length; index++) {
    const effect = ofSeries(index)
    if (!effect) continue
    for (let step = 0; step < horizon; step++) {
      const open = effect.write(row, periods - 1, periods + step)
      forecast[index * horizon + step] *= effect.liftOf(row, open)
    }
  }
}
