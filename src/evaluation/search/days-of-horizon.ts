import type { Day } from '../../base/day.ts'
import { daysIn, firstDay } from '../../demand/calendar.ts'
import { endOf, type Panel } from '../../demand/panel.ts'
import type { DaysOfHorizon } from '../../forecasting/backtest-errors.ts'
import { plannedDayShares } from '../../forecasting/planned-day-shares.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import { demandAfter, scoredSeries } from '../scoring/origin-rows.ts'
import type { History } from './history.ts'

/**
 * What each day of the horizon after each origin sold, as known on the day `end`, of as many of the
 * series that are scored as calibrating needs. Undefined where periods are days, or sales are totals
 * of periods.
 *
 * @param panels - as known at each origin
 */
export function daysOfHorizons(
  history: History,
  recipe: Recipe,
  panels: Panel[],
  end: Day,
): (DaysOfHorizon | undefined)[] {
  if (recipe.frequency === 'day' || panels.length === 0) return panels.map(() => undefined)
  const rowsOf = panels.map(sampledRows)
  const only = new Set(
    panels.flatMap(({ series }, k) => rowsOf[k].map((row) => seriesId(series[row]))),
  )
  const later = only.size > 0 && history.days(recipe, endOf(panels[0]) + 1, end, only)
  return panels.map((panel, k) =>
    later ? daysAfter(panel, rowsOf[k], recipe.horizon, later) : undefined,
  )
}

/** More series make no better quantiles. */
const MOST_SERIES = 150

function sampledRows(panel: Panel): number[] {
  const { isScored } = scoredSeries(panel)
  const scored = [...isScored.keys()].filter((row) => isScored[row])
  const every = Math.ceil(scored.length / MOST_SERIES)
  return scored.filter((_, index) => index % every === 0)
}

function daysAfter(panel: Panel, rows: number[], horizon: number, later: Panel): DaysOfHorizon {
  const { frequency, firstPeriod, periods, series } = panel
  const first = firstPeriod + periods
  const ofPeriod = Array.from({ length: horizon }, (_, h) => daysIn(frequency, first + h))
  const period = Int32Array.from(ofPeriod.flatMap((days, h) => new Array<number>(days).fill(h)))
  const share = new Float64Array(rows.length * period.length)
  rows.forEach((row, index) => {
    let at = index * period.length
    for (let h = 0; h < horizon; h++) {
      share.set(plannedDayShares(panel, row, first + h), at)
      at += ofPeriod[h]
    }
  })
  const sampled = {
    series: rows.map((row) => series[row]),
    isScored: rows.map(() => true),
    firstPeriod: firstDay(frequency, first),
  }
  return { rows, period, share, actual: demandAfter(sampled, later, period.length) }
}
