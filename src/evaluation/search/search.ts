import { type Day, isoFromDay } from '../../base/day.ts'
import { endOf } from '../../demand/panel.ts'
import type { BacktestErrors } from '../../forecasting/backtest-errors.ts'
import { calibrate } from '../../forecasting/calibrate.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { type Model, newModel } from '../../forecasting/model.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import type { OriginRows } from '../scoring/rows.ts'
import { type Blended, blend, blendedErrors } from './blend.ts'
import { daysOfHorizons } from './days-of-horizon.ts'
import type { History } from './history.ts'
import { type Judgement, judgeCandidates } from './judging.ts'
import type { Search } from './search-result.ts'

/**
 * Trains a recipe as on a day; without one, on all that the history holds. Judges the candidates on
 * origins whose horizons were over by then, blends the best of each family, fits them on all that was
 * known, and calibrates the quantiles on the errors of the blend at those origins, which are returned.
 */
export async function trainAsOf(
  history: History,
  recipe: Recipe,
  day?: Day,
): Promise<{ model: Model; search: Search; errors: OriginErrors[] }> {
  // Of an unfinished period nothing is used, not even the names of what first sold in it.
  const end = endOf(history.panel(recipe, day))
  const known = history.panel(recipe, end)
  const judgement = await judgeCandidates(history, recipe, known)
  const blended = blend(judgement.finalists)
  const fits = await Promise.all(
    blended.map(({ judged: { candidate } }) => history.fit(recipe, candidate, end)),
  )
  const members = blended.map(({ judged: { candidate }, weight }, index) => ({
    family: candidate.family,
    settings: candidate.settings,
    parameters: JSON.parse(fits[index].parameters),
    weight,
  }))
  const errors = blendedErrors(blended)
  const panels = judgement.origins.map((origin) => history.panel(recipe, origin.day))
  const days = daysOfHorizons(history, recipe, panels, end)
  const byDay = errors.map((it, k) => ({ ...it, days: days[k] }))
  const calibration = calibrate(byDay, recipe.horizon, LEVELS)
  return {
    model: newModel(known, recipe, members, calibration),
    search: searchOf(judgement, blended),
    errors: errors.map((it, k) => ({ ...it, rows: judgement.origins[k] })),
  }
}

/** What the blend that was chosen would have forecast at an origin that it was chosen on. */
export type OriginErrors = BacktestErrors & { rows: OriginRows }

function searchOf({ finalists, dropped, leftOut, origins }: Judgement, blended: Blended[]): Search {
  const weights = new Map(blended.map(({ judged, weight }) => [judged, weight]))
  const tried = [...finalists, ...dropped].map((it) => {
    const weight = weights.get(it)
    return {
      name: it.candidate.name,
      ...(it.loss !== undefined && { loss: it.loss }),
      origins: it.errors.length,
      chosen: weight !== undefined,
      ...(weight !== undefined && { weight }),
    }
  })
  return {
    candidates: [...tried, ...leftOut.map(({ name }) => ({ name, origins: 0, chosen: false }))],
    origins: origins.map(({ day }) => isoFromDay(day)),
  }
}
