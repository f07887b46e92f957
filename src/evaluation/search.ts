import { type Day, isoFromDay } from '../day.ts'
import {
  type BacktestErrors,
  calibrate,
  type ErrorScales,
  errorScales,
} from '../forecasting/calibration.ts'
import { LEVELS, type Model, newModel, periodQuantiles } from '../forecasting/model.ts'
import { type Candidate, candidates, type Recipe } from '../forecasting/recipe.ts'
import { endOf, endsOn, type History, rollingOrigins } from './history.ts'
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
 * Trains a recipe as on a day (without one, on all that there is): judges every candidate on origins whose horizons were over by then,
 * chooses the one with the lowest weighted quantile loss (the simplest among equals), fits it on
 * all that was known, and calibrates its quantiles on its own errors at those origins.
 */
export function trainAsOf(
  history: History,
  recipe: Recipe,
  day?: Day,
): { model: Model; search: Search } {
  const end = endOf(history.panel(recipe, day))
  const known = history.panel(recipe, end)
  const { origins, step } = recipe.search
  const days = rollingOrigins(known, recipe.horizon, origins, step).filter((origin) =>
    endsOn(history.panel(recipe, origin), origin),
  )
  const rows = days.map((origin) =>
    originRows(history.panel(recipe, origin), known, recipe.horizon),
  )
  const scales = days.map((origin) => errorScales(history.panel(recipe, origin)))
  const judged = candidates(recipe).map((candidate) =>
    judge(history, recipe, candidate, rows, scales),
  )
  const chosen = best(judged)
  const { fitted } = history.fit(recipe, chosen.candidate, end)
  const calibration = calibrate(chosen.errors, recipe.horizon, LEVELS)
  return {
    model: newModel(known, recipe, chosen.candidate, fitted, calibration),
    search: {
      candidates: judged.map((it) => ({
        name: it.candidate.name,
        ...(it.loss !== undefined && { loss: it.loss }),
        chosen: it === chosen,
      })),
      origins: days.map(isoFromDay),
    },
  }
}

type Judged = { candidate: Candidate; errors: BacktestErrors[]; loss: number | undefined }

function judge(
  history: History,
  recipe: Recipe,
  candidate: Candidate,
  rows: OriginRows[],
  scales: ErrorScales[],
): Judged {
  const errors = rows.map(({ day, actual }, index) => ({
    ...scales[index],
    mean: history.fit(recipe, candidate, day).mean,
    actual,
  }))
  // Each origin's quantiles come from the errors at the others, so that no error calibrates itself.
  const forecasts = errors.map(({ mean }, left) => {
    const others = errors.length > 1 ? errors.filter((_, index) => index !== left) : errors
    const calibration = calibrate(others, recipe.horizon, LEVELS, 1)
    return { mean, quantiles: periodQuantiles(calibration, scales[left], mean, recipe.horizon) }
  })
  return { candidate, errors, loss: metrics(rows, forecasts, LEVELS).weightedQuantileLoss }
}

function best(judged: Judged[]): Judged {
  return judged.reduce((winner, it) =>
    (it.loss ?? Number.POSITIVE_INFINITY) < (winner.loss ?? Number.POSITIVE_INFINITY) ? it : winner,
  )
}
