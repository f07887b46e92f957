import { type Static, Type } from 'typebox'
import { UserError } from '../../base/errors.ts'
import { checker } from '../../base/schema.ts'
import { object, partial, sha256, share } from '../../base/schema-parts.ts'
import { readYaml } from '../../base/yaml-file.ts'
import { Narrowing } from './question.ts'

/** Metrics that can decide: losses, of which less is better and 0 is perfect. */
const LossName = Type.Enum(['weightedQuantileLoss', 'wape', 'mase', 'rmsse'])
export type LossName = Static<typeof LossName>

/** What is asked of production's own recipe on newer sales. */
const RefreshLimits = object({
  /** How much lower the deciding metric has to be for that to call for a refresh. */
  gain: share,
  /** How much higher the deciding metric may be, by the best estimate. */
  margin: share,
  /** The share of the series that sell and are new to production from which on it is due. */
  newSeries: share,
  /** How many days of sales production may lack before it is due. */
  maxAge: Type.Integer({ minimum: 1 }),
})
export type RefreshLimits = Static<typeof RefreshLimits>

/** From when on what production does is worth a retraining, an issue, a way back: docs/monitoring.md. */
const MonitoringLimits = object({
  /** How much worse than promised, by the best estimate, is not yet called worse. */
  allowance: share,
  /** A block counts where so much of its demand is known. */
  knownDemand: share,
  /** R from which on a retraining is started, in blocks of a year: 1 is once a year by chance. */
  watch: Type.Number({ exclusiveMinimum: 0, maximum: 100 }),
  /** E from which on it is called degraded: 20 is reached by chance in 1 year of 20 at most. */
  degraded: Type.Number({ minimum: 2, maximum: 1e6 }),
  /** Two blocks in a row are a wreck that are as bad once in so many years. */
  wreckYears: Type.Number({ minimum: 1, maximum: 10_000 }),
  /** With fewer decisions nothing is said of what the buyer adds. */
  decisions: Type.Integer({ minimum: 2, maximum: 100_000 }),
  /**
   * What forecasts beside production: the newest challenger that was not distinguishable from it,
   * none, or the one of this SHA-256.
   */
  shadow: Type.Union([Type.Enum(['newest', 'none']), sha256]),
})
export type MonitoringLimits = Static<typeof MonitoringLimits>

/** How much higher the deciding metric may be in a segment, relative to the reference. */
const SegmentLimit = object({ maxWorse: Type.Number({ minimum: 0 }) })

/** What is absent is not asked. */
const Guardrails = object({
  beatsSeasonalNaive: Type.Optional(Type.Boolean()),
  /** Largest absolute bias. */
  bias: Type.Optional(object({ max: Type.Number({ exclusiveMinimum: 0 }) })),
  coverage80: Type.Optional(object({ min: share, max: share })),
  segments: Type.Optional(
    object({
      /** Segments with fewer scored rows are not judged. */
      minimumRows: Type.Integer({ minimum: 1 }),
      category: Type.Optional(SegmentLimit),
      volumeClass: Type.Optional(SegmentLimit),
      /** Of a model in parts: each store, or what else it is parted by. */
      part: Type.Optional(SegmentLimit),
    }),
  ),
  /** Of what ordering by the model comes to; asks nothing where that cannot be simulated. */
  ordering: Type.Optional(
    object(
      {
        /** How much more it may cost, relative to the reference. */
        maxCostIncrease: Type.Optional(Type.Number({ minimum: 0 })),
        /** Share of the demand that is to be met. */
        minServiceLevel: Type.Optional(share),
      },
      { minProperties: 1 },
    ),
  ),
})
export type Guardrails = Static<typeof Guardrails>

/** What `policy.yml` asks of a challenger, as it is written. Shares are fractions: 0.05 is 5%. */
export const WrittenPolicy = object({
  decidedBy: LossName,
  /** Of the two-sided interval of the difference. */
  confidence: Type.Number({ minimum: 0.5, maximum: 0.999 }),
  /** How much lower the deciding metric has to be, relative to the reference. */
  minimumImprovement: share,
  /** How many origins are scored where the history is long enough. */
  origins: Type.Integer({ minimum: 2, maximum: 100 }),
  /** With fewer origins nothing is judged. */
  minimumOrigins: Type.Integer({ minimum: 2 }),
  /** Periods from one origin to the next; the horizon where it is absent. */
  step: Type.Optional(Type.Integer({ minimum: 1 })),
  /** In which ways a challenger may answer less than the champion; none where it is absent. */
  allow: Type.Optional(Type.Array(Narrowing, { uniqueItems: true })),
  /** Versions that a rollback took out of production whose recipes may be proposed again. */
  lift: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { uniqueItems: true })),
  refresh: Type.Optional(partial(RefreshLimits)),
  monitoring: Type.Optional(partial(MonitoringLimits)),
  guardrails: Guardrails,
})

/** The policy with what it leaves out filled in. */
export type Policy = Omit<Static<typeof WrittenPolicy>, 'refresh' | 'monitoring'> & {
  refresh: RefreshLimits
  monitoring: MonitoringLimits
}

/** Reads and checks `policy.yml`. Throws `UserError` with the file and the line or key. */
export async function readPolicy(file: string): Promise<Policy> {
  const written = await readYaml(file, checkPolicy)
  const policy: Policy = {
    ...written,
    refresh: { ...usualRefresh, ...written.refresh },
    monitoring: { ...usualMonitoring, ...written.monitoring },
  }
  if (policy.minimumOrigins > policy.origins) {
    throw new UserError(
      `must be at most origins, which is ${policy.origins}, but is ${policy.minimumOrigins}`,
      { file, key: 'minimumOrigins', remedy: 'Nothing could ever be promoted.' },
    )
  }
  const coverage = policy.guardrails.coverage80
  if (coverage && coverage.min > coverage.max) {
    throw new UserError(`must be at most max, which is ${coverage.max}, but is ${coverage.min}`, {
      file,
      key: 'guardrails.coverage80.min',
      remedy: 'No model could ever satisfy it.',
    })
  }
  return policy
}

const usualRefresh: RefreshLimits = { gain: 0.1, margin: 0.02, newSeries: 0.1, maxAge: 365 }

export const usualMonitoring: MonitoringLimits = {
  allowance: 0.05,
  knownDemand: 0.8,
  watch: 1,
  degraded: 20,
  wreckYears: 100,
  decisions: 30,
  shadow: 'newest',
}

const checkPolicy = checker(
  WrittenPolicy,
  'See the comments in the policy that cd4ml ships, and docs/evaluation.md.',
)
