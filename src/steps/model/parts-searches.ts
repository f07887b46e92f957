import { isoFromDay } from '../../base/day.ts'
import { unlessMistaken } from '../../base/errors.ts'
import { endOf } from '../../demand/panel.ts'
import { kindOfChallenge } from '../../evaluation/gate/challenge.ts'
import { isNewer } from '../../evaluation/gate/contest-searches.ts'
import { judgedOrigins } from '../../evaluation/gate/evaluate.ts'
import type { Policy } from '../../evaluation/gate/policy.ts'
import type { PlannedSearch } from '../../evaluation/search/fit-work.ts'
import { type History, openHistory } from '../../evaluation/search/history.ts'
import { baselineRecipe, type Recipe, recipeOfPart } from '../../forecasting/recipe.ts'
import type { OpenedArtifact } from '../../registry/model-parts.ts'
import type { DailyTotals } from '../../sales/totals/daily-totals.ts'

/** What is searched of every part, and what of all sales together, of a model that is in no parts. */
export type PartsSearches = { ofParts: PlannedSearch[]; ofAll: PlannedSearch[] }

/**
 * As `contestSearches`, at the origins of the whole chain, and at its end. What a model in other parts
 * is asked for is none of it.
 */
export function partsSearches(
  chain: DailyTotals,
  recipe: Recipe,
  policy: Policy,
  opponents: OpenedArtifact[],
): PartsSearches {
  const of = recipeOfPart(recipe)
  const baseline = baselineRecipe(of)
  const all = openHistory(chain).panel({ frequency: recipe.frequency, censoring: false })
  const challenger = { recipe, trainedThrough: isoFromDay(endOf(all)) }
  const contests = opponents.length > 0 ? opponents : [undefined]
  const ofAll: PlannedSearch[] = []
  const ofContests = contests.flatMap((opponent) => {
    const other = opponent?.kind === 'parts' ? opponent.parts.index : opponent?.model
    const challenge = kindOfChallenge(challenger, other)
    const known =
      challenge.kind === 'refresh' ? { ...challenge, series: 0, newSeries: 0 } : challenge
    const origins = judgedOrigins(all, recipe, known, policy)
    if (opponent?.kind === 'whole') {
      const { model } = opponent
      const anew = origins.filter(({ day }) => isNewer(model, day))
      ofAll.push(...anew.map(({ day }) => ({ recipe: model.recipe, day })))
    }
    return origins.flatMap(({ day }) => [
      { recipe: of, day },
      { recipe: baseline, day },
      ...(opponent?.kind === 'parts' &&
      opponent.parts.index.recipe.partition === recipe.partition &&
      isNewer(opponent.parts.index, day)
        ? [{ recipe: recipeOfPart(opponent.parts.index.recipe), day }]
        : []),
    ])
  })
  return { ofParts: [{ recipe: of, day: endOf(all) }, ...ofContests], ofAll }
}

/** Those of the searches that a part of the sales can be asked for. */
export function searchesKnownTo(history: History, searches: PlannedSearch[]): PlannedSearch[] {
  return searches.filter(({ recipe, day }) => unlessMistaken(() => history.panel(recipe, day)))
}
