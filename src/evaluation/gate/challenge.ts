import { type Static, Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { dayFromIso } from '../../base/day.ts'
import { count, isoDay, object, union } from '../../base/schema-parts.ts'
import { isActive } from '../../demand/activity.ts'
import { periodOf } from '../../demand/calendar.ts'
import type { Model } from '../../forecasting/model.ts'
import type { Recipe } from '../../forecasting/recipe.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { History } from '../search/history.ts'

/** What a challenger is to the model in production, which says how it is judged. */
export const Challenge = union('kind', [
  object({
    /** Nothing is in production; or it is another recipe, or there are no newer sales. */
    kind: Type.Enum(['first', 'experiment']),
  }),
  /** The recipe in production, trained on newer sales. */
  object({
    kind: Type.Literal('refresh'),
    /** ISO day: the last one that production has learnt from. */
    since: isoDay,
    /** How many days more the challenger has learnt from. */
    days: count,
    /** How many horizons that is, a begun one as a whole. */
    horizons: count,
    /** Of the series that sell now, how many there are, and how many production never saw. */
    series: count,
    newSeries: count,
  }),
])
export type Challenge = Static<typeof Challenge>

/** What of an artifact says what it is to another. */
type Trained = Pick<Model, 'recipe' | 'trainedThrough'>

/** A challenge of which it is not known yet how many series are new. */
export type KindOfChallenge =
  | Exclude<Challenge, { kind: 'refresh' }>
  | Omit<Extract<Challenge, { kind: 'refresh' }>, keyof SellingSeries>

export type SellingSeries = { series: number; newSeries: number }

/**
 * What the challenger is, by the two artifacts alone. The recipe is the one that training filled in,
 * whatever comments stood in its file. The code does not count: the champion's recipe is refitted by
 * the code of today on every origin before its training, so that what a change of code is worth
 * shows only where the artifact itself is scored, which is how a refresh is judged.
 */
export function challengeOf(
  history: History,
  challenger: Trained,
  champion?: Trained & Pick<Model, 'series'>,
): Challenge {
  const kind = kindOfChallenge(challenger, champion)
  if (kind.kind !== 'refresh') return kind
  return { ...kind, ...sellingSeries(history, challenger.recipe, new Set(champion?.series)) }
}

export function kindOfChallenge(challenger: Trained, champion?: Trained): KindOfChallenge {
  if (!champion) return { kind: 'first' }
  const [before, after] = [lastDayOf(champion), lastDayOf(challenger)]
  const sameRecipe = canonicalJson(challenger.recipe) === canonicalJson(champion.recipe)
  if (!sameRecipe || !(after > before)) return { kind: 'experiment' }
  const { frequency, horizon } = challenger.recipe
  const periods = periodOf(frequency, after) - periodOf(frequency, before)
  return {
    kind: 'refresh',
    since: champion.trainedThrough,
    days: after - before,
    horizons: Math.ceil(periods / horizon),
  }
}

/**
 * Of the series that sell now, how many there are, and how many are not `known`. Now is the end of the
 * history, or, of a part of a chain, the last period of that.
 */
export function sellingSeries(
  history: History,
  recipe: Recipe,
  known: ReadonlySet<string>,
  now?: number,
): SellingSeries {
  const panel = history.panel(recipe)
  const selling = panel.series.filter((_, i) => isActive(panel, i, now)).map(seriesId)
  return { series: selling.length, newSeries: selling.filter((id) => !known.has(id)).length }
}

function lastDayOf({ trainedThrough }: Trained): number {
  return dayFromIso(trainedThrough) ?? Number.NaN
}
