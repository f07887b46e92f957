import { type Static, Type } from 'typebox'
import { type Day, isoFromDay } from '../base/day.ts'
import { isoDay, json, object } from '../base/schema-parts.ts'
import { type Frequency, firstDay, lastDay, periodOf, season } from '../demand/calendar.ts'
import { endOf, type Panel, type Series } from '../demand/panel.ts'
import { plannedSeries } from '../demand/planned.ts'
import { seriesId } from '../sales/totals/daily-totals.ts'
import { Calibration, quantilesOfPeriod, quantilesOfTotal } from './calibration.ts'
import { families } from './families/families.ts'
import {
  candidateName,
  type DemandShape,
  FamilyName,
  type FitContext,
  type Outlook,
  outlookOf,
  Settings,
} from './families/family.ts'
import { type Spread, spreads, standings } from './new-series.ts'
import { planInputsOf, unplanned } from './plan-effect.ts'
import { plannedDayShares } from './planned-day-shares.ts'
import { QuestionSchema, questionSchema, takesPlan } from './question-schema.ts'
import { type Recipe, WrittenRecipe } from './recipe.ts'

/**
 * Of artifacts that can be read; the last one is written. `ridge` of the first had no ranges; only
 * those from the third on say themselves what they can be asked.
 */
export const FORMATS = ['cd4ml-model/2', 'cd4ml-model/3', 'cd4ml-model/4', 'cd4ml-model/5'] as const

/** A fitted candidate in a blend. */
const Member = object({
  family: FamilyName,
  settings: Settings,
  parameters: json,
  /** Above 0; those of a model add up to 1. */
  weight: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
})
export type Member = Static<typeof Member>

/** The artifact, `model.json`, as it is written: the recipe and fitted parameters, no sales. */
export const WrittenModel = object({
  format: Type.Enum(FORMATS),
  /** Complete, so that the same search can be made again at any origin. */
  recipe: WrittenRecipe,
  /** What the search chose from it: the forecast is the weighted mean of theirs. */
  members: Type.Array(Member, { minItems: 1 }),
  calibration: Calibration,
  /** The series that it was fitted on, as `seriesId` writes them. */
  series: Type.Array(Type.String()),
  /** ISO day: the last one that it has learnt from. */
  trainedThrough: isoDay,
  /** What it can be asked. */
  inputs: Type.Optional(QuestionSchema),
  /** Set where it has taken prices as they came for those that were planned. */
  plannedPrices: Type.Optional(Type.Literal('actual')),
})

/** The artifact with what an older one leaves out filled in. */
export type Model = Omit<Static<typeof WrittenModel>, 'recipe' | 'inputs'> & {
  recipe: Recipe
  inputs: QuestionSchema
}

/** Forecasts for every series of a panel, of the H periods after its end. */
export type Forecast = Outlook & {
  frequency: Frequency
  firstPeriod: number
  horizon: number
  series: Series[]
  /** Whether each series was forecast from its own sales, or, without any, from its category. */
  basis: ('series' | 'category')[]
  /** n × H × L, ascending over the L levels. */
  quantiles: Float64Array
}

/** Units sold over a span of days, with the quantiles at `LEVELS`. */
export type SpanForecast = { mean: number; quantiles: number[] }

/** What people and files call a model: `ridge (penalty 10)`, `blend of ridge 60%, theta 40%`. */
export function modelName({ members }: Pick<Model, 'members'>): string {
  if (members.length === 1) return candidateName(members[0])
  const parts = members.map(({ family, weight }) => `${family} ${Math.round(weight * 100)}%`)
  return `blend of ${parts.join(', ')}`
}

/** All of a recipe that a fit depends on, beside the panel and the candidate. */
export function fitContext({ frequency, horizon, holidays, seed }: Recipe): FitContext {
  return { horizon, season: season(frequency), holidays, seed }
}

/** How many periods after its end a panel must be forecast for, so that they reach a day. */
export function horizonUntil({ frequency, firstPeriod, periods }: Panel, day: Day): number {
  return Math.max(1, periodOf(frequency, day) - (firstPeriod + periods) + 1)
}

/** Puts the members of a blend and its calibration together as an artifact. */
export function newModel(
  panel: Panel,
  recipe: Recipe,
  members: Member[],
  calibration: Calibration,
): Model {
  return {
    format: 'cd4ml-model/5',
    recipe,
    members,
    calibration,
    series: panel.series.map(seriesId),
    trainedThrough: isoFromDay(endOf(panel)),
    inputs: questionSchema(panel.series, planInputsOf(panel)),
    ...(panel.plan?.actualPrices && { plannedPrices: 'actual' }),
  }
}

/**
 * Forecasts the `horizon` periods after the end of the panel, which may be newer than the model. What
 * is planned counts where the model takes a plan.
 */
export function forecast(model: Model, panel: Panel, horizon = model.recipe.horizon): Forecast {
  const seen = seenBy(model, panel)
  const outlook = blendedOutlook(
    model.members.map(({ family, parameters, weight }) => ({
      outlook: outlookOf(families[family], seen, horizon, parameters),
      weight,
    })),
  )
  const { known } = standings(panel)
  const quantiles = periodQuantiles(model.calibration, spreads(panel), outlook, horizon)
  emptyClosed(quantiles, seen, horizon, model.calibration.levels.length)
  return {
    frequency: panel.frequency,
    firstPeriod: panel.firstPeriod + panel.periods,
    horizon,
    series: panel.series,
    basis: panel.series.map((_, i) => (known[i] > 0 ? 'series' : 'category')),
    ...outlook,
    quantiles,
  }
}

/** What a model sees of a panel: no plan where it takes none. */
export function seenBy({ inputs }: Pick<Model, 'inputs'>, panel: Panel): Panel {
  return takesPlan(inputs) ? panel : unplanned(panel)
}

/** Changes `quantiles`, n × H × L: what is closed sells nothing, however wide intervals are. */
function emptyClosed(quantiles: Float64Array, panel: Panel, horizon: number, levels: number): void {
  const planOf = plannedSeries(panel)
  for (let index = 0; index < panel.series.length; index++) {
    const planned = planOf(index)
    for (let step = 0; planned && step < horizon; step++) {
      if (planned.at(panel.periods - 1, panel.periods + step)?.open !== 0) continue
      const cell = index * horizon + step
      quantiles.fill(0, cell * levels, (cell + 1) * levels)
    }
  }
}

/**
 * The forecast of a blend: Σ weight × mean, cell by cell, in the shape that those of its members expect
 * that tell one. How far the median lies from the mean is believed the less, in logarithms, the smaller
 * their share w: halfway between the others saying nothing of it, and saying that it is none.
 */
export function blendedOutlook(parts: { outlook: Outlook; weight: number }[]): Outlook {
  const mean = weightedMean(parts.map(({ outlook, weight }) => ({ values: outlook.mean, weight })))
  const telling = parts.flatMap(({ outlook: { shape }, weight }) =>
    shape ? { shape, weight } : [],
  )
  if (telling.length === 0) return { mean }
  const all = telling.reduce((sum, { weight }) => sum + weight, 0)
  const shapeOf = (name: keyof DemandShape) =>
    weightedMean(
      telling.map(({ shape, weight }) => ({ values: shape[name], weight: weight / all })),
    )
  const median = shapeOf('median').map((share) => share ** ((1 + all) / 2))
  return { mean, shape: { median, width: shapeOf('width') } }
}

function weightedMean(parts: { values: Float64Array; weight: number }[]): Float64Array {
  const result = new Float64Array(parts[0].values.length)
  for (const { values, weight } of parts) {
    for (let cell = 0; cell < result.length; cell++) result[cell] += weight * values[cell]
  }
  return result
}

/** n × H × L: the quantiles of every single period. */
export function periodQuantiles(
  calibration: Calibration,
  spread: Spread[],
  outlook: Outlook,
  horizon: number,
): Float64Array {
  const levels = calibration.levels.length
  const cells = outlook.mean.length
  const quantiles = new Float64Array(cells * levels)
  for (let cell = 0; cell < cells; cell++) {
    const i = Math.floor(cell / horizon)
    const ahead = 1 + cell - i * horizon
    quantilesOfPeriod(calibration, spread[i], outlook, cell, ahead, quantiles, cell * levels)
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
  { calibration }: Pick<Model, 'calibration'>,
  panel: Panel,
  forecast: OutlookAhead,
): (series: number, from: Day, to: Day) => SpanForecast {
  const spread = spreads(panel)
  return (i, from, to) => {
    const { firstStep, cells, weights } = partsOfSpan(panel, forecast, i, from, to)
    const part = partOfOutlook(forecast, cells)
    const quantiles = quantilesOfTotal(calibration, spread[i], part, weights, firstStep + 1)
    return { mean: weightedSum(part.mean, weights), quantiles }
  }
}

/** As `spanForecaster`, the mean alone: for whatever has forecast it. */
export function spanMeans(
  panel: Panel,
  forecast: OutlookAhead,
): (series: number, from: Day, to: Day) => number {
  return (i, from, to) => {
    const { cells, weights } = partsOfSpan(panel, forecast, i, from, to)
    return weightedSum(forecast.mean.subarray(...cells), weights)
  }
}

/** What is expected of the periods from `firstPeriod` on. */
type OutlookAhead = Outlook & Pick<Forecast, 'firstPeriod' | 'horizon'>

/** The cells of the periods that a span touches, and the share of each that lies within it. */
function partsOfSpan(panel: Panel, forecast: OutlookAhead, series: number, from: Day, to: Day) {
  const first = Math.max(periodOf(panel.frequency, from), forecast.firstPeriod)
  const last = periodOf(panel.frequency, to)
  const firstStep = first - forecast.firstPeriod
  if (last - forecast.firstPeriod >= forecast.horizon) {
    throw new RangeError(`${isoFromDay(to)} is beyond the forecast's ${forecast.horizon} periods`)
  }
  const start = series * forecast.horizon + firstStep
  const cells: [number, number] = [start, start + Math.max(0, last - first + 1)]
  const weights = new Float64Array(cells[1] - cells[0])
  for (let k = 0; k < weights.length; k++) {
    weights[k] = shareOfPeriod(panel, series, first + k, from, to)
  }
  return { firstStep, cells, weights }
}

function partOfOutlook({ mean, shape }: Outlook, cells: [number, number]): Outlook {
  return {
    mean: mean.subarray(...cells),
    shape: shape && {
      median: shape.median.subarray(...cells),
      width: shape.width.subarray(...cells),
    },
  }
}

function weightedSum(values: Float64Array, weights: Float64Array): number {
  let sum = 0
  for (let k = 0; k < values.length; k++) sum += weights[k] * values[k]
  return sum
}

/** The share of a period's demand that falls on those of its days that lie within the span. */
function shareOfPeriod(panel: Panel, series: number, period: number, from: Day, to: Day): number {
  const first = firstDay(panel.frequency, period)
  const last = lastDay(panel.frequency, period)
  const isWhole = from <= first && last <= to
  if (isWhole && !panel.plan) return 1
  const shares = plannedDayShares(panel, series, period)
  if (isWhole) return shares.some((share) => share > 0) ? 1 : 0
  let sum = 0
  for (let day = Math.max(from, first); day <= Math.min(to, last); day++) sum += shares[day - first]
  return sum
}
