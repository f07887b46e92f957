import { type MetricName, metricNames, score } from '../../evaluation/scoring/metrics.ts'
import { type Demand, quantileAt } from '../../ordering/demand-quantiles.ts'
import type { JudgedCase } from './judged-cases.ts'

/** By what each step, and each kind of override, is judged. */
export const addedMeasures = ['wape', 'quantileLoss', 'money'] as const
export type AddedMeasure = (typeof addedMeasures)[number]

/** A loss of each who has one, as a sum over what it is relative to. */
type Loss = { base: number; naive?: number; model: number; buyer?: number }
export type Losses = { case: JudgedCase } & { [measure in AddedMeasure]?: Loss }

/** What each of the three lost on one decision, by every measure that can be told of it. */
export function lossesOf(judged: JudgedCase): Losses {
  const { demand, expected, cost } = judged
  return {
    case: judged,
    ...(expected && {
      wape: lossBy('wape', demand, expected),
      quantileLoss: lossBy('weightedQuantileLoss', demand, expected),
    }),
    ...(cost && { money: { base: 1, ...cost } }),
  }
}

function lossBy(
  metric: MetricName,
  demand: number,
  { naive, model, buyer }: NonNullable<JudgedCase['expected']>,
): Loss {
  const lossOf = (one: Demand) => {
    const quantiles = SCORED.map((level) => quantileAt(one, level))
    const { numerators } = score({
      cell: Int32Array.of(0),
      actual: Float64Array.of(demand),
      mean: Float64Array.of(one.mean),
      quantiles: Float64Array.from(quantiles),
      levels: SCORED,
      naiveAbsoluteError: Float64Array.of(Number.NaN),
      naiveSquaredError: Float64Array.of(Number.NaN),
    })
    return numerators[metricNames.indexOf(metric)]
  }
  return {
    base: demand,
    ...(naive && { naive: lossOf(naive) }),
    model: lossOf(model),
    ...(buyer && { buyer: lossOf(buyer) }),
  }
}

const SCORED = [0.1, 0.5, 0.9]
