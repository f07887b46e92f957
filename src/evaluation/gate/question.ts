import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { counted } from '../../base/wording.ts'
import type { Frequency } from '../../demand/calendar.ts'
import type { Model } from '../../forecasting/model.ts'

/** In which ways a challenger may answer less than the champion does. */
export const Narrowing = Type.Enum(['shorterHorizon', 'otherFrequency', 'fewerSeries'])
export type Narrowing = Static<typeof Narrowing>

/** What a challenger does not answer, as a whole sentence. */
export const SmallerQuestion = object({ by: Narrowing, detail: Type.String() })
export type SmallerQuestion = Static<typeof SmallerQuestion>

/**
 * What the champion forecasts and the challenger does not: days as far ahead, the same periods, the
 * same series. Being better at an easier question is no reason to give up the harder one. Horizons
 * are compared in whole days, as they are told: ten weeks are not ten days, but 13 weeks are three
 * months. A series that no longer sells stays among
 * those that a model knows as long as it is in the sales, so that only one that the sales or their
 * contract have lost is missing.
 */
export function smallerQuestions(challenger: Model, champion: Model): SmallerQuestion[] {
  const [own, other] = [challenger.recipe, champion.recipe]
  const smaller: SmallerQuestion[] = []
  if (days(own) < days(other)) {
    const detail = `It forecasts ${ahead(own)}, but the champion ${ahead(other)}.`
    smaller.push({ by: 'shorterHorizon', detail })
  }
  if (own.frequency !== other.frequency) {
    const detail = `It forecasts in ${own.frequency}s, but the champion in ${other.frequency}s.`
    smaller.push({ by: 'otherFrequency', detail })
  }
  const answered = new Set(challenger.series)
  const missing = champion.series.filter((series) => !answered.has(series))
  if (missing.length > 0) {
    const named = missing.slice(0, NAMED).join(', ')
    const more = missing.length > NAMED ? ', …' : ''
    const detail = `It does not know ${missing.length} of the ${champion.series.length} series that the champion forecasts: ${named}${more}.`
    smaller.push({ by: 'fewerSeries', detail })
  }
  return smaller
}

type Reach = { frequency: Frequency; horizon: number }

const NAMED = 5
const MEAN_DAYS = { day: 1, week: 7, month: 365.25 / 12 }

function days({ frequency, horizon }: Reach): number {
  return Math.round(horizon * MEAN_DAYS[frequency])
}

function ahead({ frequency, horizon }: Reach): string {
  const periods = counted(horizon, frequency)
  return frequency === 'day'
    ? `${periods} ahead`
    : `${periods} (${days({ frequency, horizon })} days) ahead`
}
