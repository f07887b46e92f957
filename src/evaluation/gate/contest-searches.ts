import { dayFromIso, isoFromDay } from '../../base/day.ts'
import { endOf } from '../../demand/panel.ts'
import type { Model } from '../../forecasting/model.ts'
import { baselineRecipe, type Recipe } from '../../forecasting/recipe.ts'
import type { PlannedSearch } from '../search/fit-work.ts'
import type { History } from '../search/history.ts'
import { challengeOf } from './challenge.ts'
import { rowsOf } from './evaluate.ts'
import type { Policy } from './policy.ts'

/**
 * The searches that training a recipe asks for, and comparing it then with each of these models, or
 * with none: of the challenger, of the baseline, and of a model where an origin is older than it.
 */
export function contestSearches(
  history: History,
  recipe: Recipe,
  policy: Policy,
  opponents: Model[],
): PlannedSearch[] {
  const end = endOf(history.panel(recipe))
  const challenger = { recipe, trainedThrough: isoFromDay(end) }
  const baseline = baselineRecipe(recipe)
  const contests = opponents.length > 0 ? opponents : [undefined]
  const ofContests = contests.flatMap((opponent) => {
    const rows = rowsOf(history, recipe, policy, challengeOf(history, challenger, opponent))
    return rows.flatMap(({ day }) => [
      { recipe, day },
      { recipe: baseline, day },
      ...(opponent && isNewer(opponent, day) ? [{ recipe: opponent.recipe, day }] : []),
    ])
  })
  return [{ recipe, day: end }, ...ofContests]
}

/** Whether a model has learnt from later days: then its recipe is searched anew. */
export function isNewer({ trainedThrough }: Pick<Model, 'trainedThrough'>, day: number): boolean {
  return (dayFromIso(trainedThrough) ?? Number.POSITIVE_INFINITY) > day
}
