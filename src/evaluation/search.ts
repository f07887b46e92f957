import { type Day, isoFromDay } from '../day.ts'
import { calibrate } from '../forecasting/calibration.ts'
import { LEVELS, type Model, newModel } from '../forecasting/model.ts'
import type { Recipe } from '../forecasting/recipe.ts'
import { endOf, type History } from './history.ts'
import { type Judged, type Judgement, judgeCandidates } from './judging.ts'

/** A candidate with its weighted quantile loss; absent where it was judged on no origin. */
export type SearchedCandidate = {
  name: string
  loss?: number
  /**
   * How many of the search's origins it was judged on: all; or fewer, where half of its family was
   * better on these; or none, where the budget of the recipe had no time for it.
   */
  origins: number
  chosen: boolean
}

export type Search = {
  candidates: SearchedCandidate[]
  /** ISO days: the origins that the candidates were judged on. */
  origins: string[]
}

/**
 * Trains a recipe as on a day; without one, on all that the history holds. Judges the candidates on
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
  const judgement = await judgeCandidates(history, recipe, known)
  const chosen = best(judgement.finalists)
  const { fitted } = await history.fit(recipe, chosen.candidate, end)
  const calibration = calibrate(chosen.errors, recipe.horizon, LEVELS)
  return {
    model: newModel(known, recipe, chosen.candidate, fitted, calibration),
    search: searchOf(judgement, chosen),
  }
}

function best(judged: Judged[]): Judged {
  return judged.reduce((winner, it) =>
    (it.loss ?? Number.POSITIVE_INFINITY) < (winner.loss ?? Number.POSITIVE_INFINITY) ? it : winner,
  )
}

function searchOf({ finalists, dropped, leftOut, origins }: Judgement, chosen: Judged): Search {
  const tried = [...finalists, ...dropped].map((it) => ({
    name: it.candidate.name,
    ...(it.loss !== undefined && { loss: it.loss }),
    origins: it.errors.length,
    chosen: it === chosen,
  }))
  return {
    candidates: [...tried, ...leftOut.map(({ name }) => ({ name, origins: 0, chosen: false }))],
    origins: origins.map(({ day }) => isoFromDay(day)),
  }
}
