import { setImmediate } from 'node:timers/promises'
import { type Day, dayFromIso } from '../day.ts'
import { type Frequency, lastDay, periodOf } from '../demand/calendar.ts'
import type { Panel } from '../demand/panel.ts'
import {
  forecast,
  forecastSpan,
  horizonUntil,
  LEVELS,
  type Model,
  modelName,
} from '../forecasting/model.ts'
import type { Recipe } from '../forecasting/recipe.ts'
import { seriesId } from '../sales/daily-totals.ts'
import type { ContenderForecasts } from './comparison.ts'
import { endOf, type History, panelsAt, rollingOrigins } from './history.ts'
import { originRows } from './origin-rows.ts'
import type { OriginForecast, OriginRows } from './rows.ts'
import { trainAsOf } from './search.ts'

/**
 * The rows on which everybody is judged: `origins` rolling origins up to the end of the history.
 * None where the history is too short. Periods with days without stock are never among them, even
 * where the recipe takes what they sold for demand: a recipe must not choose what it is judged on.
 */
export function scoredRows(
  history: History,
  { frequency, horizon }: Recipe,
  { origins, step }: { origins: number; step: number },
): OriginRows[] {
  const view = { frequency, censoring: true }
  const all = history.panel(view)
  const days = rollingOrigins(all, horizon, origins, step)
  return panelsAt(history, view, days).map((known) => originRows(known, all, horizon))
}

/**
 * What a recipe would have forecast at each origin: its whole search, choice, fit and calibration
 * made as on that day.
 */
export async function backtestRecipe(
  history: History,
  recipe: Recipe,
  rows: OriginRows[],
): Promise<ContenderForecasts> {
  const modelAt = async (day: Day) => (await trainAsOf(history, recipe, day)).model
  const { chosen, forecasts } = await forecastAll(history, modelAt, rows, recipe.frequency)
  return { model: [...new Set(chosen)].join(', '), chosen, forecasts }
}

/**
 * What the champion would have forecast: the artifact as deployed where it was trained no later
 * than the origin, and its recipe as on that day where it had already seen what came next.
 */
export async function backtestChampion(
  history: History,
  champion: Model,
  rows: OriginRows[],
  frequency: Frequency,
): Promise<ContenderForecasts> {
  const trainedThrough = dayFromIso(champion.trainedThrough) ?? Number.POSITIVE_INFINITY
  const modelAt = async (day: Day) =>
    trainedThrough <= day ? champion : (await trainAsOf(history, champion.recipe, day)).model
  const { chosen, forecasts } = await forecastAll(history, modelAt, rows, frequency)
  return {
    model: modelName(champion),
    chosen: chosen.map((name, k) => (trainedThrough <= rows[k].day ? 'as deployed' : name)),
    forecasts,
  }
}

async function forecastAll(
  history: History,
  modelAt: (day: Day) => Promise<Model>,
  rows: OriginRows[],
  frequency: Frequency,
): Promise<{ chosen: string[]; forecasts: OriginForecast[] }> {
  const forecastAt = async (row: OriginRows) => {
    const model = await modelAt(row.day)
    return { chosen: modelName(model), forecasts: forecastRows(model, history, row, frequency) }
  }
  const making: ReturnType<typeof forecastAt>[] = []
  for (const row of rows) {
    making.push(forecastAt(row))
    // The threads begin to fit while the next origin is prepared.
    await setImmediate()
  }
  const made = await Promise.all(making)
  return { chosen: made.map((it) => it.chosen), forecasts: made.map((it) => it.forecasts) }
}

/** The model's forecasts for the series and periods of the rows, whatever its own frequency. */
function forecastRows(
  model: Model,
  history: History,
  rows: OriginRows,
  frequency: Frequency,
): OriginForecast {
  const panel = history.panel(model.recipe, rows.day)
  const made =
    panel.frequency === frequency && endOf(panel) === rows.day
      ? forecast(model, panel, rows.horizon)
      : forecastOtherPeriods(model, panel, rows, frequency)
  return aligned(made, panel, rows)
}

/** As `forecast`, n × H and n × H × L, for periods of another frequency than the model's own. */
function forecastOtherPeriods(
  model: Model,
  panel: Panel,
  { day, horizon }: OriginRows,
  frequency: Frequency,
): OriginForecast {
  const end = lastDayOfHorizon(frequency, day, horizon)
  const own = forecast(model, panel, horizonUntil(panel, end))
  const n = panel.series.length
  const mean = new Float64Array(n * horizon)
  const quantiles = new Float64Array(n * horizon * LEVELS.length)
  for (let h = 0; h < horizon; h++) {
    const from = lastDayOfHorizon(frequency, day, h) + 1
    const to = lastDayOfHorizon(frequency, day, h + 1)
    const spans = forecastSpan(model, panel, own, from, to)
    spans.forEach((span, i) => {
      mean[i * horizon + h] = span.mean
      quantiles.set(span.quantiles, (i * horizon + h) * LEVELS.length)
    })
  }
  return { mean, quantiles }
}

/** The last day of the h-th period after the origin; the origin itself for h = 0. */
function lastDayOfHorizon(frequency: Frequency, origin: Day, h: number): Day {
  return lastDay(frequency, periodOf(frequency, origin) + h)
}

/** The series of the rows picked out of a forecast for the series of a panel. */
function aligned(
  made: OriginForecast,
  panel: Panel,
  { series, horizon }: OriginRows,
): OriginForecast {
  const rowOf = new Map(panel.series.map((it, row) => [seriesId(it), row]))
  const width = horizon * LEVELS.length
  const mean = new Float64Array(series.length * horizon).fill(Number.NaN)
  const quantiles = new Float64Array(series.length * width).fill(Number.NaN)
  series.forEach((it, i) => {
    const row = rowOf.get(seriesId(it))
    if (row === undefined) return
    mean.set(made.mean.subarray(row * horizon, (row + 1) * horizon), i * horizon)
    quantiles.set(made.quantiles.subarray(row * width, (row + 1) * width), i * width)
  })
  return { mean, quantiles }
}
