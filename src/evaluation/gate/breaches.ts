import type { Metrics } from '../scoring/metrics.ts'
import type { Guardrails } from './policy.ts'

/** How far beyond its limit a metric is, 0 within it; undefined where it cannot be computed. */
export type Breach = number | undefined

export function biasBreach({ bias }: Metrics, { max }: NonNullable<Guardrails['bias']>): Breach {
  return bias === undefined ? undefined : Math.max(0, Math.abs(bias) - max)
}

export function coverageBreach(
  { coverage80 }: Metrics,
  { min, max }: NonNullable<Guardrails['coverage80']>,
): Breach {
  return coverage80 === undefined ? undefined : Math.max(0, min - coverage80, coverage80 - max)
}

/**
 * Whether a limit is kept, or broken no further than by the model that would stay: keeping a worse
 * model out of production is no reason to keep one that is worse still in it.
 */
export function isNoFurther(own: Breach, reference: Breach): boolean {
  return own !== undefined && own <= (reference ?? 0)
}
