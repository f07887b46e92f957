import { type Day, isoFromDay } from '../day.ts'
import type { Panel } from '../demand/panel.ts'
import {
  type BacktestErrors,
  calibrate,
  type ErrorScales,
  errorScales,
} from '../forecasting/calibration.ts'
import { LEVELS, type Model, newModel, periodQuantiles } from '../forecasting/model.ts'
import { type Candidate, candidates, type Recipe } from '../forecasting/recipe.ts'
import { endOf, type History, panelsAt, rollingOrigins } from './history.ts'
import { metrics } from './metrics.ts'
import { originRows } from './origin-rows.ts'
import type { OriginRows } from './rows.ts'

/** A candidate with its weighted quantile loss over the search's origins; absent without any. */
export type SearchedCandidate = { name: string; loss?: number; chosen: boolean }

export type Search = {
  candidates: SearchedCandidate[]
  /** ISO days: the origins that the candidates were judged on. */
  origins: string[]
}

/**
 * Trains a recipe as on a day; without one, on all that the history holds. Judges every candidate on
 * origins whose horizons were over by then, chooses the one with the lowest weighted quantile loss
 * (the simplest among equals), fits it on all that was known, and calibrates its quantiles on its
 * own errors at those origins.
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
  const chosen = best(judged)
  const { fitted } = await history.fit(recipe, chosen.candidate, end)
  const calibration = calibrate(chosen.errors, recipe.horizon, LEVELS)
  return {
    model: newModel(known, recipe, chosen.candidate, fitted, calibration),
    search: {
      candidates: judged.map((it) => ({
        name: it.candidate.name,
        ...(it.loss !== undefined && { loss: it.loss }),
        chosen: it === chosen,
      })),
      origins: searched.map(({ rows }) => isoFromDay(rows.day)),
    },
  }
}

/** An origin of the search: what happened after it, and what errors there are measured in. */
type SearchedOrigin = { rows: OriginRows; scales: ErrorScales }

/** A candidate with its errors at the origins of the search, in their order, and its loss there. */
export type Judged = { candidate: Candidate; errors: BacktestErrors[]; loss: number | undefined }

function searchedOrigins(history: History, recipe: Recipe, known: Panel): SearchedOrigin[] {
  const { origins, step } = recipe.search
  const days = rollingOrigins(known, recipe.horizon, origins, step)
  return panelsAt(history, recipe, days).map((panel) => ({
    rows: originRows(panel, known, recipe.horizon),
    scales: errorScales(panel),
  }))
}

/** Judges every candidate of the recipe, in their order. */
function judgeAll(history: History, recipe: Recipe, searched: SearchedOrigin[]): Promise<Judged[]> {
  return Promise.all(
    candidates(recipe).map(async (candidate) => {
      const fits = await Promise.all(
        searched.map(({ rows }) => history.fit(recipe, candidate, rows.day)),
      )
      const errors = searched.map(({ rows: { actual }, scales }, k) => ({
        ...scales,
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
    const calibration = calibrate(others, horizon, LEVELS, 1)
    return { mean: own.mean, quantiles: periodQuantiles(calibration, own, own.mean, horizon) }
  })
  const rows = searched.map((it) => it.rows)
  return metrics(rows, forecasts, LEVELS).weightedQuantileLoss
}

function best(judged: Judged[]): Judged {
  return judged.reduce((winner, it) =>
    (it.loss ?? Number.POSITIVE_INFINITY) < (winner.loss ?? Number.POSITIVE_INFINITY) ? it : winner,
  )
}
