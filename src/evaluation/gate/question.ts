import { type Static, Type } from 'typebox'
import { count, object, union } from '../../base/schema-parts.ts'
import { Frequency } from '../../demand/calendar.ts'
import type { Model } from '../../forecasting/model.ts'

/** In which ways a challenger may answer less than the champion does. */
export const Narrowing = Type.Enum(['shorterHorizon', 'otherFrequency', 'fewerSeries'])
export type Narrowing = Static<typeof Narrowing>

const Reach = object({ frequency: Frequency, horizon: count })
export type Reach = Static<typeof Reach>

/** What a challenger does not answer. */
export const SmallerQuestion = union('by', [
  object({ by: Type.Literal('shorterHorizon'), challenger: Reach, champion: Reach }),
  object({ by: Type.Literal('otherFrequency'), challenger: Frequency, champion: Frequency }),
  object({
    by: Type.Literal('fewerSeries'),
    /** How many the champion forecasts, how many of them the challenger does not, and the first of those. */
    of: count,
    missing: count,
    named: Type.Array(Type.String()),
  }),
])
export type SmallerQuestion = Static<typeof SmallerQuestion>

/** What a model answers: for which series, and how far ahead. */
type Answered = Pick<Model, 'recipe' | 'series'>

/**
 * What the champion forecasts and the challenger does not: days as far ahead, the same periods, the
 * same series. Being better at an easier question is no reason to give up the harder one. Horizons
 * are compared in whole days, as they are told: ten weeks are not ten days, but 13 weeks are three
 * months. A series that no longer sells stays among those that a model knows as long as it is in the
 * sales, so that only one that the sales or their contract have lost is missing.
 */
export function smallerQuestions(challenger: Answered, champion: Answered): SmallerQuestion[] {
  const [own, other] = [challenger.recipe, champion.recipe]
  const smaller: SmallerQuestion[] = []
  if (daysAhead(own) < daysAhead(other)) {
    smaller.push({ by: 'shorterHorizon', challenger: reach(own), champion: reach(other) })
  }
  if (own.frequency !== other.frequency) {
    smaller.push({
      by: 'otherFrequency',
      challenger: own.frequency,
      champion: other.frequency,
    })
  }
  const answered = new Set(challenger.series)
  const missing = champion.series.filter((series) => !answered.has(series))
  if (missing.length > 0) {
    smaller.push({
      by: 'fewerSeries',
      of: champion.series.length,
      missing: missing.length,
      named: missing.slice(0, NAMED),
    })
  }
  return smaller
}

/** How far ahead that is, in days. */
export function daysAhead({ frequency, horizon }: Reach): number {
  return Math.round(horizon * MEAN_DAYS[frequency])
}

const NAMED = 5
const MEAN_DAYS = { day: 1, week: 7, month: 365.25 / 12 }

function reach({ frequency, horizon }: Reach): Reach {
  return { frequency, horizon }
}
