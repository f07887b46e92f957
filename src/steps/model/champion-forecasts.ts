import { unlessMistaken } from '../../base/errors.ts'
import {
  forecastsOfRows,
  keepForecasts,
  type OwnForecasts,
  type ScoredOrigin,
} from '../../evaluation/backtest.ts'
import { championRefused, type ReferenceForecasts } from '../../evaluation/gate/evaluate.ts'
import { daysBeyond } from '../../evaluation/scoring/ordering-simulation.ts'
import type { History } from '../../evaluation/search/history.ts'
import { type Model, modelName } from '../../forecasting/model.ts'
import { largestPart, partsName } from '../../forecasting/model-in-parts.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import type { Ordering } from '../../ordering/buying-terms.ts'
import { knownSeries, type OpenedArtifact, type OpenedParts } from '../../registry/model-parts.ts'
import type { Histories, OtherParts } from './with-history.ts'

/** What is in production, as far as a challenger is compared with it. */
export type ChampionBefore = OpenedArtifact & { name: string } & Pick<
    Model,
    'recipe' | 'series' | 'trainedThrough'
  >

export async function championBefore(champion: OpenedArtifact): Promise<ChampionBefore> {
  if (champion.kind === 'whole') {
    const { recipe, series, trainedThrough } = champion.model
    return { ...champion, name: modelName(champion.model), recipe, series, trainedThrough }
  }
  const { index } = champion.parts
  const { recipe, trainedThrough } = index
  const series = await knownSeries(champion)
  return { ...champion, name: partsName(index), recipe, series, trainedThrough }
}

export type AskedForecasts = {
  histories: Pick<Histories, 'whole' | 'partedBy'>
  ordering: Ordering
  /** Of the challenger. */
  recipe: Pick<Recipe, 'frequency'>
  origins: ScoredOrigin[]
}

/**
 * What a champion forecasts at these origins on sales that are parted as it is, for a challenger that is
 * parted otherwise: whatever rows that is judged on, the champion's forecasts of them are among these.
 * They take as much memory as those of all series do.
 */
export async function championForecasts(
  champion: ChampionBefore,
  { histories, ordering, recipe: { frequency }, origins }: AskedForecasts,
): Promise<NonNullable<ReferenceForecasts>> {
  const options = { beyond: daysBeyond(ordering) }
  const keep = (history: History, model: Model, at: ScoredOrigin[]) =>
    keepForecasts(history, model, at, frequency, options)
  try {
    const kept =
      champion.kind === 'whole'
        ? [await histories.whole(({ history }) => keep(history, champion.model, origins))]
        : await histories.partedBy(champion.parts.index.recipe.partition, (others) =>
            keptOfParts(champion.parts, others, origins, keep),
          )
    return async (rows) => forecastsOfRows(champion.name, kept, rows)
  } catch (error) {
    throw championRefused(error)
  }
}

/**
 * Part by part, and then those that a part cannot be asked for by itself: it has no model of its own,
 * or had not sold for a whole period. The model of the part with most series stands in for it there, as
 * it does in use.
 */
async function keptOfParts(
  { index, load }: OpenedParts,
  { names, open }: OtherParts,
  origins: ScoredOrigin[],
  keep: (history: History, model: Model, origins: ScoredOrigin[]) => Promise<OwnForecasts>,
): Promise<OwnForecasts[]> {
  const kept: OwnForecasts[] = []
  const left = new Map<string, ScoredOrigin[]>()
  for (const name of names) {
    const { model, standsIn } = await load(name)
    await open([name], async ({ totals, history }) => {
      const firstDay = totals.day.reduce((first, day) => Math.min(first, day))
      const since = origins.filter(({ day }) => day >= firstDay)
      const own = standsIn ? [] : since.filter(({ day }) => isKnownOn(history, model, day))
      if (own.length > 0) kept.push(await keep(history, model, own))
      const others = since.filter((origin) => !own.includes(origin))
      if (others.length > 0) left.set(name, others)
    })
  }
  const { name: largest } = largestPart(index)
  for (const [name, others] of left) {
    const { model } = await load(largest)
    const together = [...new Set([name, ...names.filter((other) => other === largest)])]
    kept.push(await open(together, ({ history }) => keep(history, model, others)))
  }
  return kept
}

function isKnownOn(history: History, { recipe }: Model, day: number): boolean {
  return unlessMistaken(() => history.panel(recipe, day)) !== undefined
}
