import { type Day, isoFromDay } from '../day.ts'
import type { Panel } from '../demand/panel.ts'
import { type BacktestErrors, calibrate } from '../forecasting/calibration.ts'
import { spreads } from '../forecasting/error-scale.ts'
import { LEVELS, type Model, newModel, periodQuantiles } from '../forecasting/model.ts'
import { type Candidate, candidates, type Recipe } from '../forecasting/recipe.ts'
import { blend, blendedErrors } from './blend.ts'
import { endOf, type History, panelsAt, rollingOrigins } from './history.ts'
import { metrics } from './metrics.ts'
import { originRows } from './origin-rows.ts'
import type { OriginRows } from './rows.ts'

export type SearchedCandidate = {
  name: string
  /** The weighted quantile loss over the search's origins; absent without any. */
  loss?: number
  chosen: boolean
  /** Its share of the forecast, where it was chosen. */
  weight?: number
}

export type Search = {
  candidates: SearchedCandidate[]
  /** ISO days: the origins that the candidates were judged on. */
  origins: string[]
}

/**
 * Trains a recipe as on a day; without one, on all that the history holds. Judges every candidate on
 * origins whose horizons were over by then, blends the best of each family, fits them on all that was
 * known, and calibrates the quantiles on the errors of the blend at those origins.
 */
export async function trainAsOf(
  history: History,
  recipe: Recipe,
  day?: Day,
): Promise<{ model: Model; search: Search }> {
  // Of an unfinished period nothing is used, not even the names of what first sold in it.
  const end = endOf(history.panel(recipe, day))
  const known = history.panel(recipe, end)
  const searched = searchedOrigins(history, recipe, known)
  const judged = await judgeAll(history, recipe, searched)
  const blended = blend(judged)
  const fits = await Promise.all(
    blended.map(({ judged: { candidate } }) => history.fit(recipe, candidate, end)),
  )
  const members = blended.map(({ judged: { candidate }, weight }, index) => ({
    family: candidate.family,
    settings: candidate.settings,
    parameters: fits[index].fitted.parameters,
    weight,
  }))
  const weights = new Map(blended.map(({ judged, weight }) => [judged, weight]))
  return {
    model: newModel(
      known,
      recipe,
      members,
      calibrate(blendedErrors(blended), recipe.horizon, LEVELS),
    ),
    search: {
      candidates: judged.map((it) => {
        const weight = weights.get(it)
        return {
          name: it.candidate.name,
          ...(it.loss !== undefined && { loss: it.loss }),
          chosen: weight !== undefined,
          ...(weight !== undefined && { weight }),
        }
      }),
      origins: searched.map(({ rows }) => isoFromDay(rows.day)),
    },
  }
}

/** An origin of the search: what happened after it, and what errors there are measured in. */
type SearchedOrigin = { rows: OriginRows; spread: Float64Array }

/** A candidate with its errors at the origins of the search, in their order, and its loss there. */
export type Judged = { candidate: Candidate; errors: BacktestErrors[]; loss: number | undefined }

function searchedOrigins(history: History, recipe: Recipe, known: Panel): SearchedOrigin[] {
  const { origins, step } = recipe.search
  const days = rollingOrigins(known, recipe.horizon, origins, step)
  return panelsAt(history, recipe, days).map((panel) => ({
    rows: originRows(panel, known, recipe.horizon),
    spread: spreads(panel),
  }))
}

/** Judges every candidate of the recipe, in their order. */
function judgeAll(history: History, recipe: Recipe, searched: SearchedOrigin[]): Promise<Judged[]> {
  return Promise.all(
    candidates(recipe).map(async (candidate) => {
      const fits = await Promise.all(
        searched.map(({ rows }) => history.fit(recipe, candidate, rows.day)),
      )
      const errors = searched.map(({ rows: { actual }, spread }, k) => ({
        spread,
        mean: fits[k].mean,
        actual,
      }))
      return { candidate, errors, loss: lossOf(recipe, searched, errors) }
    }),
  )
}

/** The weighted quantile loss over the origins; undefined without any. */
function lossOf(
  { horizon }: Recipe,
  searched: SearchedOrigin[],
  errors: BacktestErrors[],
): number | undefined {
  // Each origin's quantiles come from the errors at the others, so that no error calibrates itself.
  const forecasts = errors.map((own) => {
    const others = errors.length > 1 ? errors.filter((it) => it !== own) : errors
    const calibration = calibrate(others, horizon, SCORED, 1)
    return {
      mean: own.mean,
      quantiles: periodQuantiles(calibration, own.spread, own.mean, horizon),
    }
  })
  const rows = searched.map((it) => it.rows)
  return metrics(rows, forecasts, SCORED).weightedQuantileLoss
}

/** The levels that the weighted quantile loss looks at. */
const SCORED = [0.1, 0.5, 0.9]
