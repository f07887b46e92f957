import type { Day } from '../../base/day.ts'
import { endOf, type Panel } from '../../demand/panel.ts'
import { firstPeriods } from '../../evaluation/backtest.ts'
import {
  demandAfter,
  type ScoredSeries,
  scoredSeries,
} from '../../evaluation/scoring/origin-rows.ts'
import type { OriginForecast } from '../../evaluation/scoring/rows.ts'
import { rollingOrigins } from '../../evaluation/search/history.ts'
import { calibrate } from '../../forecasting/calibrate.ts'
import { families } from '../../forecasting/families/families.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { fitContext, periodQuantiles } from '../../forecasting/model.ts'
import { type Spread, spreads } from '../../forecasting/new-series.ts'
import type { Recipe } from '../../forecasting/recipe.ts'

/**
 * What seasonal naive would have forecast as on the last day of a panel, of its series, calibrated on
 * what was known then: of the first periods of the recipe's horizon.
 */
export type NaiveForecaster = (known: Panel, periods: number) => OriginForecast

/**
 * The same numbers as the baseline of a backtest has (`trainAsOf` with `baselineRecipe`): with one
 * candidate there is nothing to judge, so that only its errors at the origins of the search are
 * needed. What it forecast at each of these is made once, from a panel that is not kept: a year of
 * weekly origins looks at each of them four times, and all their panels would not fit into memory.
 *
 * @param panelAt - as on a day, as the recipe takes the sales
 */
export function naiveForecaster(recipe: Recipe, panelAt: (day: Day) => Panel): NaiveForecaster {
  const { horizon, search } = recipe
  const made = new Map<Day, Made | undefined>()
  const madeOn = (day: Day) => {
    if (!made.has(day)) {
      const panel = panelAt(day)
      made.set(day, endOf(panel) === day ? madeFrom(panel, recipe) : undefined)
    }
    return made.get(day)
  }
  return (known, periods) => {
    const earlier = rollingOrigins(known, horizon, search.origins, search.step)
    const errors = earlier.flatMap((day) => {
      const found = madeOn(day)
      if (!found) return []
      const { scored, spread, mean } = found
      return { spread, mean, actual: demandAfter(scored, known, horizon) }
    })
    const now = madeFrom(known, recipe)
    made.set(endOf(known), now)
    // Of totals over several periods nothing is asked here.
    const calibration = calibrate(errors, horizon, LEVELS, 1)
    const quantiles = periodQuantiles(calibration, now.spread, now, horizon)
    const { mean } = now
    return firstPeriods({ mean, quantiles, horizon, series: known.series }, periods)
  }
}

/** What it forecast at an origin. */
type Made = { scored: ScoredSeries; spread: Spread[]; mean: Float64Array }

function madeFrom(panel: Panel, recipe: Recipe): Made {
  const naive = families['seasonal-naive']
  const parameters = naive.fit(panel, {}, fitContext(recipe))
  return {
    scored: scoredSeries(panel),
    spread: spreads(panel),
    mean: naive.forecast(panel, recipe.horizon, parameters),
  }
}
