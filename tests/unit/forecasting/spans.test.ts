import { beforeAll, describe, expect, it } from 'vitest'
import { dailyDemand } from '../../../benchmarks/worlds/daily-demand.ts'
import { endOf, type Panel } from '../../../src/demand/panel.ts'
import {
  backtestRecipe,
  lastDayOfHorizon,
  type MadeForecast,
  scoredRows,
} from '../../../src/evaluation/backtest.ts'
import { demandAfter, scoredSeries } from '../../../src/evaluation/scoring/origin-rows.ts'
import { openHistory } from '../../../src/evaluation/search/history.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import { periodQuantiles, spanForecaster } from '../../../src/forecasting/model.ts'
import { spreads } from '../../../src/forecasting/new-series.ts'
import { recipeFrom } from '../../../src/forecasting/recipe.ts'

const HORIZON = 8
const DAYS = 7 * HORIZON
const recipe = recipeFrom(
  { frequency: 'week', horizon: HORIZON, families: { 'exponential-smoothing': {} } },
  'recipe.yml',
)

/** Products of which some sell two, some two hundred a week, by weekday; their levels wander. */
const { totals } = dailyDemand({
  series: 60,
  weeks: 110,
  level: 4,
  spread: 1.2,
  weekdays: 0.5,
  wandering: 0.04,
  overdispersion: 0.2,
})
const history = openHistory(totals)
const byDay = history.panel({ frequency: 'day', censoring: true })
let made: MadeForecast[]

beforeAll(async () => {
  const rows = scoredRows(history, recipe, { origins: 8, step: 4 })
  made = (await backtestRecipe(history, recipe, rows)).made.flat()
})

/** Of how many of all totals of so many days, from the day after an origin on, the interval held. */
function covered(days: number, [low, high]: [number, number], starts: number[]): number {
  let [rows, held] = [0, 0]
  for (const { calibration, panel, forecast } of made) {
    const span = spanForecaster({ calibration }, panel, forecast)
    const actual = daysAfter(panel)
    for (let i = 0; i < panel.series.length; i++) {
      for (const start of starts) {
        const from = endOf(panel) + 1 + start
        const { quantiles } = span(i, from, from + days - 1)
        const cells = actual.subarray(i * DAYS + start, i * DAYS + start + days)
        const total = cells.reduce((sum, units) => sum + units, 0)
        rows++
        if (quantiles[LEVELS.indexOf(low)] <= total && total <= quantiles[LEVELS.indexOf(high)]) {
          held++
        }
      }
    }
  }
  return held / rows
}

function daysAfter(panel: Panel): Float64Array {
  return demandAfter({ ...scoredSeries(panel), firstPeriod: endOf(panel) + 1 }, byDay, DAYS)
}

describe('what a buyer is told of any span of days', () => {
  it.each([
    [1, [0, 2, 5, 8, 13, 20, 33, 45]],
    [3, [0, 4, 9, 16, 30, 50]],
    [7, [0, 7, 21, 35]],
    [28, [0, 14, 28]],
    [56, [0]],
  ])('holds of %i days as often as is said', (days, starts) => {
    const of80 = covered(days, [0.1, 0.9], starts)
    const of95 = covered(days, [0.025, 0.975], starts)
    expect(of80).toBeGreaterThan(0.75)
    expect(of80).toBeLessThan(0.85)
    expect(of95).toBeGreaterThan(0.91)
    expect(of95).toBeLessThan(0.98)
  })

  it('is of a whole week what the forecast of the week says', () => {
    const { calibration, panel, forecast } = made[0]
    const whole = periodQuantiles(calibration, spreads(panel), forecast, forecast.horizon)
    const span = spanForecaster({ calibration }, panel, forecast)
    for (const [i, week] of [0, 3, 7].entries()) {
      const from = lastDayOfHorizon('week', endOf(panel), week) + 1
      const cell = (i * forecast.horizon + week) * LEVELS.length
      span(i, from, from + 6).quantiles.forEach((units, level) => {
        expect(units).toBeCloseTo(whole[cell + level], 9)
      })
    }
  })

  it('is not more of fewer days, so that nobody is told to buy less for longer', () => {
    const { calibration, panel, forecast } = made[0]
    const span = spanForecaster({ calibration }, panel, forecast)
    const first = endOf(panel) + 1
    const least = { share: 1, ofMean: 1 }
    for (let i = 0; i < panel.series.length; i++) {
      let shorter: number[] = new Array(LEVELS.length).fill(0)
      for (let days = 1; days <= DAYS; days++) {
        const { mean, quantiles } = span(i, first, first + days - 1)
        least.ofMean = Math.min(least.ofMean, quantiles[LEVELS.indexOf(0.9)] / mean)
        for (const [level, units] of quantiles.entries()) {
          if (shorter[level] > 0) least.share = Math.min(least.share, units / shorter[level])
        }
        shorter = quantiles
      }
    }
    expect(least.share).toBeGreaterThan(0.99)
    expect(least.ofMean).toBeGreaterThan(0.9)
  })
})
