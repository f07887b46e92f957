import { type Day, isoFromDay } from '../day.ts'
import { type Frequency, firstDay, lastDay, periodOf, season } from '../demand/calendar.ts'
import { dayShares } from '../demand/day-shares.ts'
import type { Panel, Series } from '../demand/panel.ts'
import { seededRandom } from '../random.ts'
import { seriesId } from '../sales/daily-totals.ts'
import { type Calibration, type ErrorScales, errorScales, quantilesOfTotal } from './calibration.ts'
import { families } from './families.ts'
import type { FamilyName, FittedModel, Json, Settings } from './family.ts'
import { forecastNewSeries } from './new-series.ts'
import type { Candidate, Recipe } from './recipe.ts'

/** Levels of the quantiles that every model forecasts: a median, an 80% and a 95% interval. */
export const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975]

/** The artifact, `model.json`: the recipe and fitted parameters, no sales. */
export type Model = {
  format: 'cd4ml-model/1'
  /** Complete, so that the same search can be made again at any origin. */
  recipe: Recipe
  /** What the search chose from it. */
  family: FamilyName
  settings: Settings
  parameters: Json
  calibration: Calibration
  /** The series that it was fitted on, as `seriesId` writes them. */
  series: string[]
  /** ISO day: the last one that it has learnt from. */
  trainedThrough: string
}

/** Forecasts for every series of a panel, of the H periods after its end. */
export type Forecast = {
  frequency: Frequency
  firstPeriod: number
  horizon: number
  series: Series[]
  /** Whether each series was forecast from itself, or, new to the model, from its category. */
  basis: ('series' | 'category')[]
  /** n × H expected units. */
  mean: Float64Array
  /** n × H × L, ascending over the L levels. */
  quantiles: Float64Array
}

/** Units sold over a span of days, with the quantiles at `LEVELS`. */
export type SpanForecast = { mean: number; quantiles: number[] }

/** Fits one candidate on all that the panel holds. */
export function fitCandidate(panel: Panel, candidate: Candidate, recipe: Recipe): FittedModel {
  return families[candidate.family].fit(panel, candidate.settings, {
    horizon: recipe.horizon,
    season: season(recipe.frequency),
    holidays: recipe.holidays,
    random: seededRandom(recipe.seed),
  })
}

/** How many periods after its end a panel must be forecast for, so that they reach a day. */
export function horizonUntil({ frequency, firstPeriod, periods }: Panel, day: Day): number {
  return Math.max(1, periodOf(frequency, day) - (firstPeriod + periods) + 1)
}

/** Puts a fitted candidate and its calibration together as an artifact. */
export function newModel(
  panel: Panel,
  recipe: Recipe,
  candidate: Candidate,
  fitted: FittedModel,
  calibration: Calibration,
): Model {
  return {
    format: 'cd4ml-model/1',
    recipe,
    family: candidate.family,
    settings: candidate.settings,
    parameters: fitted.parameters,
    calibration,
    series: panel.series.map(seriesId),
    trainedThrough: isoFromDay(lastDay(panel.frequency, panel.firstPeriod + panel.periods - 1)),
  }
}

/** Forecasts the `horizon` periods after the end of the panel, which may be newer than the model. */
export function forecast(model: Model, panel: Panel, horizon = model.recipe.horizon): Forecast {
  const fitted = families[model.family].restore(model.parameters)
  const mean = fitted.forecast(panel, horizon)
  const known = new Set(model.series)
  const basis = panel.series.map((it, i) =>
    known.has(seriesId(it)) && hasHistory(panel, i) ? 'series' : 'category',
  )
  basis.forEach((it, i) => {
    if (it === 'category') mean.fill(Number.NaN, i * horizon, (i + 1) * horizon)
  })
  forecastNewSeries(mean, panel.series, horizon)
  return {
    frequency: panel.frequency,
    firstPeriod: panel.firstPeriod + panel.periods,
    horizon,
    series: panel.series,
    basis,
    mean,
    quantiles: periodQuantiles(model.calibration, errorScales(panel), mean, horizon),
  }
}

/** n × H × L: the quantiles of every single period. */
export function periodQuantiles(
  { levels, classes }: Calibration,
  { volumeClasses, spread }: ErrorScales,
  mean: Float64Array,
  horizon: number,
): Float64Array {
  const quantiles = new Float64Array(mean.length * levels.length)
  for (let cell = 0; cell < mean.length; cell++) {
    const i = Math.floor(cell / horizon)
    const own = classes[volumeClasses[i]]
    const ahead = 1 + cell - i * horizon
    quantiles.set(quantilesOfTotal(own, spread[i], [mean[cell]], ONE, ahead), cell * levels.length)
  }
  return quantiles
}

/** Forecasts of the total over the days `from` to `to`, one for each series, as `spanForecaster`. */
export function forecastSpan(
  model: Model,
  panel: Panel,
  forecast: Forecast,
  from: Day,
  to: Day,
): SpanForecast[] {
  const spanOf = spanForecaster(model, panel, forecast)
  return panel.series.map((_, i) => spanOf(i, from, to))
}

/**
 * A function that forecasts the total of one series over the days `from` to `to`. The mean is the
 * sum of the days' means, so weeks, months and any other spans agree. Days before the first forecast
 * period are not counted. Needs a horizon that reaches `to`.
 */
export function spanForecaster(
  model: Model,
  panel: Panel,
  forecast: Forecast,
): (series: number, from: Day, to: Day) => SpanForecast {
  const { volumeClasses, spread } = errorScales(panel)
  return (i, from, to) => {
    const first = Math.max(periodOf(panel.frequency, from), forecast.firstPeriod)
    const last = periodOf(panel.frequency, to)
    const firstStep = first - forecast.firstPeriod
    if (last - forecast.firstPeriod >= forecast.horizon) {
      throw new RangeError(`${isoFromDay(to)} is beyond the forecast's ${forecast.horizon} periods`)
    }
    const own = model.calibration.classes[volumeClasses[i]]
    const start = i * forecast.horizon + firstStep
    const means = forecast.mean.subarray(start, start + Math.max(0, last - first + 1))
    const weights = Array.from(means, (_, k) => shareOfPeriod(panel, i, first + k, from, to))
    const mean = weights.reduce((sum, weight, k) => sum + weight * means[k], 0)
    return { mean, quantiles: quantilesOfTotal(own, spread[i], means, weights, firstStep + 1) }
  }
}

const ONE = [1]

function hasHistory({ units, periods }: Panel, series: number): boolean {
  return !Number.isNaN(units[(series + 1) * periods - 1])
}

/** The share of a period's demand that falls on those of its days that lie within the span. */
function shareOfPeriod(panel: Panel, series: number, period: number, from: Day, to: Day): number {
  const first = firstDay(panel.frequency, period)
  const last = lastDay(panel.frequency, period)
  if (from <= first && last <= to) return 1
  return dayShares(panel, series, period)
    .subarray(Math.max(0, from - first), Math.max(0, Math.min(last, to) - first + 1))
    .reduce((sum, share) => sum + share, 0)
}
