import { setImmediate } from 'node:timers/promises'
import { type Day, dayFromIso } from '../base/day.ts'
import { unlessMistaken } from '../base/errors.ts'
import { type Frequency, lastDay, periodOf } from '../demand/calendar.ts'
import { endOf, type Panel, type Series } from '../demand/panel.ts'
import { LEVELS } from '../forecasting/levels.ts'
import {
  type Forecast,
  forecast,
  forecastSpan,
  horizonUntil,
  type Model,
  modelName,
  seenBy,
} from '../forecasting/model.ts'
import type { Recipe } from '../forecasting/recipe.ts'
import { seriesId } from '../sales/totals/daily-totals.ts'
import type { ContenderForecasts, EarlierOrigins } from './gate/comparison.ts'
import { originRows } from './scoring/origin-rows.ts'
import type { OriginForecast, OriginRows } from './scoring/rows.ts'
import {
  type History,
  originsSince,
  panelsAt,
  rollingOrigins,
  shortestHistory,
} from './search/history.ts'
import { heldOut } from './search/judging.ts'
import { type OriginErrors, trainAsOf } from './search/search.ts'

/** An origin, as the last day that is known at it, and how many periods after it are scored. */
export type ScoredOrigin = { day: Day; horizon: number }

/** `origins` rolling origins up to the end of a panel, a whole horizon each. */
export function scoredOrigins(
  all: Panel,
  horizon: number,
  { origins, step }: { origins: number; step: number },
): ScoredOrigin[] {
  return rollingOrigins(all, horizon, origins, step).map((day) => ({ day, horizon }))
}

/**
 * The origins on which a refresh is judged: up to `origins` since the day that the champion was
 * trained through, and of each the periods that are over, at most a horizon.
 */
export function originsOfRefresh(
  all: Panel,
  horizon: number,
  since: Day,
  origins: number,
): ScoredOrigin[] {
  const { frequency, firstPeriod, periods } = all
  return originsSince(all, since, horizon, origins).map((day) => {
    const over = firstPeriod + periods - 1 - periodOf(frequency, day)
    return { day, horizon: Math.min(horizon, over) }
  })
}

/**
 * The rows of these origins on which everybody is judged; none of those that a history is too short
 * for. What could have been sold is the same for all of them, even where a recipe takes what was sold
 * for demand: it must not choose what it is judged on.
 */
export function rowsOfOrigins(
  history: History,
  { frequency }: Pick<Recipe, 'frequency'>,
  origins: ScoredOrigin[],
): OriginRows[] {
  const view = { frequency, censoring: true }
  const all = history.panel(view)
  return origins
    .filter(({ day }) => periodOf(frequency, day) >= all.firstPeriod)
    .flatMap(({ day, horizon }) =>
      panelsAt(history, view, [day]).map((known) => originRows(known, all, horizon)),
    )
}

/** Those of the origins at which this part of the sales had a history that is long enough. */
export function originsKnownTo(
  history: History,
  recipe: Recipe,
  origins: ScoredOrigin[],
): ScoredOrigin[] {
  const { frequency, horizon } = recipe
  const { firstPeriod } = history.panel({ frequency, censoring: true })
  const first = firstPeriod + shortestHistory(horizon) - 1
  return origins.filter(
    ({ day }) =>
      periodOf(frequency, day) >= first && unlessMistaken(() => history.panel(recipe, day)),
  )
}

/** The rows of rolling origins up to the end of the history. None where it is too short. */
export function scoredRows(
  history: History,
  recipe: Recipe,
  wanted: { origins: number; step: number },
): OriginRows[] {
  const { frequency, horizon } = recipe
  const all = history.panel({ frequency, censoring: true })
  return rowsOfOrigins(history, recipe, scoredOrigins(all, horizon, wanted))
}

/** What orders need of a forecast that was made at an origin, and what was known there. */
export type MadeForecast = Pick<Model, 'calibration'> & {
  panel: Panel
  forecast: Pick<Forecast, 'firstPeriod' | 'horizon' | 'mean' | 'shape'>
}

/**
 * What a recipe would have forecast at origins before the first scored one, those of the search there,
 * in the order of time. The recipe's settings are chosen on them: they flatter it.
 */
export type EarlierForecasts = { day: Day; series: Series[]; forecast: OriginForecast }[]

/**
 * What is scored, and what orders are decided on: for each origin the forecast of one model, or those
 * of several that each know a part of the series.
 */
export type BacktestedContender = ContenderForecasts & { made: MadeForecast[][] }

export type BacktestOptions = {
  /** Days after each horizon that are forecast as well, for the orders that are placed in it. */
  beyond?: number
}

/**
 * What a recipe would have forecast at each origin: its whole search, choice, fit and calibration
 * made as on that day.
 */
export async function backtestRecipe(
  history: History,
  recipe: Recipe,
  rows: OriginRows[],
  options: BacktestOptions = {},
): Promise<BacktestedContender & { earlier: EarlierForecasts }> {
  let errors: OriginErrors[] = []
  const modelAt = async (day: Day) => {
    const trained = await trainAsOf(history, recipe, day)
    if (day === rows[0].day) errors = trained.errors
    return trained.model
  }
  const backtested = await forecastOrigins(history, modelAt, rows, recipe.frequency, options)
  const model = [...new Set(backtested.chosen)].join(', ')
  return { model, ...backtested, earlier: earlierForecasts(errors, recipe) }
}

/**
 * The rows of the origins before the scored ones at which both have forecast, with what they did, as
 * `scoredRows` has those of the scored ones.
 */
export function earlierRows(
  history: History,
  { frequency, horizon }: Recipe,
  challenger: EarlierForecasts,
  baseline: EarlierForecasts,
): EarlierOrigins {
  const view = { frequency, censoring: true }
  const all = history.panel(view)
  const both = challenger.flatMap((own) => {
    const other = baseline.find(({ day }) => day === own.day)
    return other ? [{ own, other }] : []
  })
  const known = panelsAt(
    history,
    view,
    both.map(({ own }) => own.day),
  )
  const rows = known.map((panel) => originRows(panel, all, horizon))
  const ofRows = (made: EarlierForecasts) =>
    rows.map((of) => {
      const { forecast, series } = made.find(({ day }) => day === of.day)!
      return aligned(forecast, series, of)
    })
  return { rows, challenger: ofRows(challenger), baseline: ofRows(baseline) }
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
  options: BacktestOptions = {},
): Promise<BacktestedContender> {
  const trainedThrough = dayFromIso(champion.trainedThrough) ?? Number.POSITIVE_INFINITY
  const modelAt = async (day: Day) =>
    trainedThrough <= day ? champion : (await trainAsOf(history, champion.recipe, day)).model
  const backtested = await forecastOrigins(history, modelAt, rows, frequency, options)
  return {
    ...backtested,
    model: modelName(champion),
    chosen: backtested.chosen.map((name, k) =>
      trainedThrough <= rows[k].day ? 'as deployed' : name,
    ),
  }
}

/** What a model forecast at an origin, of whatever series it knew there. */
export type OwnForecasts = {
  model: string
  origins: {
    day: Day
    series: Series[]
    chosen: string
    forecast: OriginForecast
    made: MadeForecast[]
  }[]
}

/**
 * What a champion would have forecast at these origins, on its own panel, for those who are judged on
 * other series than it has there: on a part of them, or on those of other parts as well.
 */
export async function keepForecasts(
  history: History,
  champion: Model,
  origins: ScoredOrigin[],
  frequency: Frequency,
  options: BacktestOptions = {},
): Promise<OwnForecasts> {
  const rows = rowsOfOrigins(history, { frequency }, origins)
  const made = await backtestChampion(history, champion, rows, frequency, options)
  return {
    model: made.model,
    origins: rows.map(({ day, series }, k) => ({
      day,
      series,
      chosen: made.chosen[k],
      forecast: made.forecasts[k],
      made: made.made[k],
    })),
  }
}

/**
 * Of forecasts that were kept those for these rows, whose origins are among theirs: of one model, or of
 * several that each forecast a part of the series, the first one that knows it.
 */
export function forecastsOfRows(
  model: string,
  kept: OwnForecasts[],
  rows: OriginRows[],
): BacktestedContender {
  const ofRows = rows.map((row) => {
    const found = kept.flatMap(({ origins }) => origins.filter(({ day }) => day === row.day))
    if (found.length === 0) throw new Error(`nothing was forecast on day ${row.day}`)
    const chosen = new Set(found.map(({ chosen }) => chosen))
    return {
      chosen: chosen.size === 1 ? found[0].chosen : model,
      forecast: picked(found, row),
      made: found.flatMap(({ made }) => made),
    }
  })
  return {
    model,
    chosen: ofRows.map(({ chosen }) => chosen),
    forecasts: ofRows.map(({ forecast }) => forecast),
    made: ofRows.map(({ made }) => made),
  }
}

/** None where there is one alone: its intervals would be those of its own errors. */
function earlierForecasts(errors: OriginErrors[], { horizon }: Recipe): EarlierForecasts {
  if (errors.length < 2) return []
  const forecasts = heldOut(errors, horizon, LEVELS)
  return errors.map(({ rows: { day, series } }, k) => ({ day, series, forecast: forecasts[k] }))
}

async function forecastOrigins(
  history: History,
  modelAt: (day: Day) => Promise<Model>,
  rows: OriginRows[],
  frequency: Frequency,
  { beyond = 0 }: BacktestOptions,
): Promise<Omit<BacktestedContender, 'model'>> {
  // Of what may be many origins no more is held on to than is scored and ordered by.
  const forecastAt = async (of: OriginRows) => {
    const model = await modelAt(of.day)
    const panel = seenBy(model, history.panel(model.recipe, of.day))
    const last = lastDayOfHorizon(frequency, of.day, of.horizon) + beyond
    const whole = forecast(model, panel, horizonUntil(panel, last))
    const { firstPeriod, horizon, mean, shape } = whole
    const { calibration } = model
    const made = { calibration, panel, forecast: { firstPeriod, horizon, mean, shape } }
    return {
      chosen: modelName(model),
      scored: forecastOfRows(model, panel, whole, of, frequency),
      made,
    }
  }
  const making: ReturnType<typeof forecastAt>[] = []
  for (const row of rows) {
    const forecasting = forecastAt(row)
    // One that fails while others are still prepared is told of below, and must not end the process.
    forecasting.catch(() => {})
    making.push(forecasting)
    // The threads begin to fit while the next origin is prepared.
    await setImmediate()
  }
  const forecasts = await Promise.all(making)
  return {
    chosen: forecasts.map(({ chosen }) => chosen),
    forecasts: forecasts.map(({ scored }) => scored),
    made: forecasts.map(({ made }) => [made]),
  }
}

/** The model's forecasts for the series and periods of the rows, whatever its own frequency. */
function forecastOfRows(
  model: Model,
  panel: Panel,
  own: Forecast,
  rows: OriginRows,
  frequency: Frequency,
): OriginForecast {
  const ofPanel =
    panel.frequency === frequency && endOf(panel) === rows.day
      ? firstPeriods(own, rows.horizon)
      : otherPeriods(model, panel, own, rows, frequency)
  return aligned(ofPanel, panel.series, rows)
}

/** n × H and n × H × L of a forecast that may be longer. */
export function firstPeriods(
  { mean, quantiles, horizon, series }: Pick<Forecast, 'mean' | 'quantiles' | 'horizon' | 'series'>,
  H: number,
): OriginForecast {
  if (horizon === H) return { mean, quantiles }
  const first = {
    mean: new Float64Array(series.length * H),
    quantiles: new Float64Array(series.length * H * LEVELS.length),
  }
  for (let i = 0; i < series.length; i++) {
    const cell = i * horizon
    first.mean.set(mean.subarray(cell, cell + H), i * H)
    first.quantiles.set(
      quantiles.subarray(cell * LEVELS.length, (cell + H) * LEVELS.length),
      i * H * LEVELS.length,
    )
  }
  return first
}

/** As `firstPeriods`, for periods of another frequency than the model's own. */
function otherPeriods(
  model: Model,
  panel: Panel,
  own: Forecast,
  { day, horizon }: OriginRows,
  frequency: Frequency,
): OriginForecast {
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
export function lastDayOfHorizon(frequency: Frequency, origin: Day, h: number): Day {
  return lastDay(frequency, periodOf(frequency, origin) + h)
}

/** The series of the rows picked out of a forecast for other series; of the same ones it is itself. */
function aligned(forecast: OriginForecast, series: Series[], rows: OriginRows): OriginForecast {
  return series === rows.series ? forecast : picked([{ forecast, series }], rows)
}

/** As `aligned`, out of several, of the first one that has a series. */
function picked(
  forecasts: { forecast: OriginForecast; series: Series[] }[],
  { series, horizon }: OriginRows,
): OriginForecast {
  const rowOf = new Map(
    forecasts
      .flatMap(({ forecast, series }) =>
        series.map((it, row) => [seriesId(it), { forecast, row }] as const),
      )
      .reverse(),
  )
  const width = horizon * LEVELS.length
  const mean = new Float64Array(series.length * horizon).fill(Number.NaN)
  const quantiles = new Float64Array(series.length * width).fill(Number.NaN)
  series.forEach((it, i) => {
    const found = rowOf.get(seriesId(it))
    if (!found) return
    const { forecast, row } = found
    mean.set(forecast.mean.subarray(row * horizon, (row + 1) * horizon), i * horizon)
    quantiles.set(forecast.quantiles.subarray(row * width, (row + 1) * width), i * width)
  })
  return { mean, quantiles }
}
