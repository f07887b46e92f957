import { seededRandom } from '../../src/base/random.ts'
import { evaluationOf } from '../../src/evaluation/gate/comparison.ts'
import type { Decision, Evaluation } from '../../src/evaluation/gate/evaluation.ts'
import type { Interval } from '../../src/evaluation/gate/interval.ts'
import type { Policy } from '../../src/evaluation/gate/policy.ts'
import {
  CATEGORIES,
  drawsFrom,
  forecastsOf,
  HORIZON,
  LEVELS,
  related,
  simulateErrors,
  simulateSales,
} from './world.ts'

/** Histories of 100 series, and the challengers that are tried on each. */
export type Setting = {
  origins: number
  /** Periods from one origin to the next. */
  step: number
  /** Share of the variance of its errors that a challenger has in common with the champion. */
  common: number
  /** What a challenger's errors are multiplied by; 1 makes it the champion with other noise. */
  errorScale: number
  /** The same in the first category alone. */
  firstCategoryScale?: number
  /** One challenger for each, judged as the try of this number. Half of what is their own they share. */
  tries: number[]
  policy: Policy
}

/** What the gate said of one challenger. */
export type Outcome = {
  /** The interval of the policy's confidence, whichever try it is. */
  difference: Interval
  verdict: Decision['verdict']
  failed: string[]
  /** Whether some segment is above its limit, by chance or not. */
  segmentAboveLimit: boolean
}

export const SERIES = 100

/** Simulates the history of this seed, and judges its challengers as the pipeline does. */
export function judged(setting: Setting, seed: number): Outcome[] {
  const { origins, step, common, errorScale, firstCategoryScale = errorScale, policy } = setting
  const draw = drawsFrom(seededRandom(seed))
  const world = simulateSales({ origins, series: SERIES, step }, draw)
  const errors = () => simulateErrors(world, draw)
  const [ofAll, ofTries] = [errors(), errors()]
  const contender = (forecasts: ReturnType<typeof forecastsOf>) => ({
    model: 'simulated',
    chosen: world.rows.map(() => 'simulated'),
    forecasts,
  })
  const champion = contender(forecastsOf(world, related(ofAll, errors(), common), 1))
  const baseline = contender(forecastsOf(world, errors(), 2))
  const scaleOf = (series: number) => (series % CATEGORIES === 0 ? firstCategoryScale : errorScale)
  return setting.tries.map((number) => {
    const own = related(ofTries, errors(), 0.5)
    const challenger = contender(forecastsOf(world, related(ofAll, own, common), scaleOf))
    const evaluation = evaluationOf({
      rows: world.rows,
      champion,
      challenger,
      baseline,
      levels: LEVELS,
      frequency: 'week',
      horizon: HORIZON,
      policy: { ...policy, origins, step },
      campaign: { tries: number },
      ordering: { outcome: 'not simulated', reason: 'no prices and costs' },
      sameModel: false,
    })
    return outcomeOf(evaluation, policy)
  })
}

function outcomeOf({ differences, decision, segments }: Evaluation, policy: Policy): Outcome {
  const limit = policy.guardrails.segments?.category?.maxWorse ?? Number.POSITIVE_INFINITY
  return {
    difference: differences[policy.decidedBy]!,
    verdict: decision.verdict,
    failed: decision.checks.filter(({ passed }) => !passed).map(({ name }) => name),
    segmentAboveLimit: segments.some(
      ({ by, difference }) =>
        by !== 'horizon' && difference !== undefined && difference.estimate > limit,
    ),
  }
}
