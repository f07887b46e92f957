import { type Static, Type } from 'typebox'
import { isoFromDay } from '../../base/day.ts'
import { count, isoDay, number, object, union } from '../../base/schema-parts.ts'
import { Interval } from '../../evaluation/gate/interval.ts'
import type { MonitoringLimits } from '../../evaluation/gate/policy.ts'
import { type MetricName, metricsFrom } from '../../evaluation/scoring/metrics.ts'
import type { MadeForecasts } from '../../ledger/forecast-record.ts'
import { Shadow } from '../../ledger/shadow.ts'
import {
  MOST_COUNTED,
  type ShadowEvidence,
  SPEAKS_FOR_SHADOW,
  shadowEvidence,
} from '../evidence/shadow-evidence.ts'
import type { OriginSums, ShadowSums } from '../origins/origin-sums.ts'
import { knownShare } from './block.ts'

/** Whether what is tried beside production loses less than production. */
export const ShadowStanding = union('outcome', [
  object({
    outcome: Type.Literal('judged'),
    /** The newest of those that were tried by its recipe: every retraining fits it again. */
    shadow: Shadow,
    /** ISO day: the first one of the first block that both forecast. */
    from: isoDay,
    /** Blocks that both forecast and that count, and those of which nothing can be told. */
    blocks: count,
    untold: count,
    /** E, and from where on it speaks for the shadow. */
    e: number,
    threshold: number,
    /**
     * Loss of the shadow minus that of production in a block, relative to the latter: -0.05 is 5% lower.
     * The interval holds with 95% over all blocks at once, however often it is looked at, where no block
     * counts for more than `MOST_DIFFERENT`.
     */
    difference: Interval,
  }),
  object({
    outcome: Type.Literal('cannot tell'),
    reason: Type.Enum([
      'nothing is tried beside production',
      'the shadow could not forecast',
      'no block of the shadow is over yet',
      'no block could be told',
    ]),
    shadow: Type.Optional(Shadow),
    /** Why it could not forecast, as the newest publication says. */
    problem: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
])
export type ShadowStanding = Static<typeof ShadowStanding>

/** What the difference in a block counts as, at most. */
export const MOST_DIFFERENT = {
  lower: Math.expm1(-MOST_COUNTED),
  higher: Math.expm1(MOST_COUNTED),
}

export type ShadowInput = {
  /** Since the promotion, in the order of time. */
  origins: readonly OriginSums[]
  /** What the version in production published since, in the order of time. */
  publications: readonly Pick<MadeForecasts, 'shadow'>[]
  /** By which production was promoted. */
  metric: MetricName
  limits: Pick<MonitoringLimits, 'knownDemand' | 'shadow'>
}

/**
 * Compares what is tried beside production with production, over the blocks that both forecast at the
 * same moment. All models by one recipe are one shadow, of which retraining makes newer ones. It is
 * evidence for the reviewer of the next promotion, and promotes nothing.
 */
export function shadowStanding(input: ShadowInput): ShadowStanding {
  const { origins, publications, limits } = input
  const newest = publications.at(-1)?.shadow
  const made = publications.flatMap(({ shadow }) => (shadow?.outcome === 'made' ? [shadow] : []))
  const tried = made.at(-1)
  if (newest === undefined || limits.shadow === 'none') {
    return { outcome: 'cannot tell', reason: 'nothing is tried beside production' }
  }
  if (!tried) {
    const problem = newest.outcome === 'none' ? { problem: newest.problem } : {}
    return { outcome: 'cannot tell', reason: 'the shadow could not forecast', ...problem }
  }
  const { outcome: _, json: __, ...shadow } = tried
  const both = origins.flatMap((origin) =>
    origin.shadow?.of.recipe === shadow.recipe ? [{ origin, beside: origin.shadow }] : [],
  )
  if (both.length === 0) {
    return { outcome: 'cannot tell', reason: 'no block of the shadow is over yet', shadow }
  }
  const told = both.flatMap(({ origin, beside }) => {
    const logRatio = logRatioOf(origin, beside, input)
    return logRatio === undefined ? [] : [{ day: origin.day + 1, logRatio }]
  })
  const evidence = shadowEvidence(told.map(({ logRatio }) => logRatio))
  if (!evidence) return { outcome: 'cannot tell', reason: 'no block could be told', shadow }
  return {
    outcome: 'judged',
    shadow,
    from: isoFromDay(told[0].day),
    blocks: told.length,
    untold: both.length - told.length,
    e: Math.min(evidence.e, Number.MAX_VALUE),
    threshold: SPEAKS_FOR_SHADOW,
    difference: relative(evidence.gain),
  }
}

/** ln(production / shadow) of a mean block → how much lower the loss of the shadow is. */
function relative({ mean, low, high }: ShadowEvidence['gain']): Interval {
  const change = (gain: number) => Math.expm1(-gain)
  return { estimate: change(mean), low: change(high), high: change(low) }
}

/** ln(loss of production / loss of the shadow); undefined where too little is known, or both lose nothing. */
function logRatioOf(
  origin: OriginSums,
  { both }: ShadowSums,
  { metric, limits }: ShadowInput,
): number | undefined {
  if (knownShare(origin) < limits.knownDemand) return undefined
  const [own, other] = [both.model, both.shadow].map((sums) => metricsFrom(sums)[metric])
  if (own === undefined || other === undefined) return undefined
  const logRatio = Math.log(own / other)
  return Number.isNaN(logRatio) ? undefined : logRatio
}
