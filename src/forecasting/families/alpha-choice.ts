import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { significant } from '../significant.ts'
import { oneStepErrors, type Smoothed } from './smoothing.ts'

const perChoice = { minItems: 1, maxItems: 99 }

/** The choices of α, and the mean absolute one-step error of all series with each, 1 on average. */
export const AlphaErrors = object({
  alphas: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 1 }), perChoice),
  errors: Type.Array(Type.Number({ minimum: 0 }), perChoice),
})
export type AlphaErrors = Static<typeof AlphaErrors>

/** What forecasting each series one period ahead, over and over, says of each α. */
export function alphaErrors(histories: Smoothed[]): AlphaErrors {
  const errors = new Float64Array(ALPHAS.length)
  for (const history of histories) {
    ownErrors(history, ALPHAS).sums.forEach((sum, choice) => {
      errors[choice] += sum
    })
  }
  return { alphas: ALPHAS, errors: significant(relativeToMean(errors)) }
}

/** The α that would have forecast the series best, weighed together with the one that suits all. */
export function bestAlpha(history: Smoothed, { alphas, errors }: AlphaErrors): number {
  const { sums, periods } = ownErrors(history, alphas)
  const relative = relativeToMean(sums)
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let choice = 0; choice < alphas.length; choice++) {
    const error = periods * relative[choice] + SHARED_WEIGHT * errors[choice]
    if (error < least) {
      least = error
      best = choice
    }
  }
  return alphas[best]
}

const ALPHAS = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7]
/** How many periods of its own the errors of all series are worth to a series. */
const SHARED_WEIGHT = 20

function ownErrors({ units, factors, from }: Smoothed, alphas: number[]) {
  const sums = new Float64Array(alphas.length)
  let periods = 0
  for (let choice = 0; choice < alphas.length; choice++) {
    const { sum, count } = oneStepErrors(units, factors, alphas[choice], from)
    sums[choice] = sum
    periods = count
  }
  return { sums, periods }
}

/** Divided by their mean; all 1 where that is 0. */
function relativeToMean(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => (mean > 0 ? value / mean : 1))
}
