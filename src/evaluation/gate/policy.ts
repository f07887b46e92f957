import { UserError } from '../../base/errors.ts'
import { checker } from '../../base/schema.ts'
import { readYaml } from '../../base/yaml-file.ts'
import { type Narrowing, narrowings } from './question.ts'

/** Metrics that can decide: losses, of which less is better and 0 is perfect. */
export type LossName = 'weightedQuantileLoss' | 'wape' | 'mase' | 'rmsse'

/** What `policy.yml` asks of a challenger. Shares are fractions: 0.05 is 5%. */
export type Policy = {
  decidedBy: LossName
  /** Of the two-sided interval of the difference. */
  confidence: number
  /** How much lower the deciding metric has to be, relative to the reference. */
  minimumImprovement: number
  /** How many origins are scored where the history is long enough. */
  origins: number
  /** With fewer origins nothing is judged. */
  minimumOrigins: number
  /** Periods from one origin to the next; the horizon where it is absent. */
  step?: number
  /** In which ways a challenger may answer less than the champion; none where it is absent. */
  allow?: Narrowing[]
  /** Versions that a rollback took out of production whose recipes may be proposed again. */
  lift?: number[]
  refresh: RefreshLimits
  guardrails: Guardrails
}

/** What is asked of production's own recipe on newer sales. */
export type RefreshLimits = {
  /** How much lower the deciding metric has to be for that to call for a refresh. */
  gain: number
  /** How much higher the deciding metric may be, by the best estimate. */
  margin: number
  /** The share of the series that sell and are new to production from which on it is due. */
  newSeries: number
  /** How many days of sales production may lack before it is due. */
  maxAge: number
}

/** What is absent is not asked. */
export type Guardrails = {
  beatsSeasonalNaive?: boolean
  /** Largest absolute bias. */
  bias?: { max: number }
  coverage80?: { min: number; max: number }
  segments?: {
    /** Segments with fewer scored rows are not judged. */
    minimumRows: number
    category?: SegmentLimit
    volumeClass?: SegmentLimit
  }
  /** Of what ordering by the model comes to; asks nothing where that cannot be simulated. */
  ordering?: {
    /** How much more it may cost, relative to the reference. */
    maxCostIncrease?: number
    /** Share of the demand that is to be met. */
    minServiceLevel?: number
  }
}

/** How much higher the deciding metric may be in a segment, relative to the reference. */
type SegmentLimit = { maxWorse: number }

/** Reads and checks `policy.yml`. Throws `UserError` with the file and the line or key. */
export async function readPolicy(file: string): Promise<Policy> {
  const written = await readYaml(file, checkPolicy)
  const policy: Policy = { ...written, refresh: { ...usualRefresh, ...written.refresh } }
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

const share = { type: 'number', minimum: 0, maximum: 1 }
const segmentLimit = {
  type: 'object',
  required: ['maxWorse'],
  additionalProperties: false,
  properties: { maxWorse: { type: 'number', minimum: 0 } },
}

const policySchema = {
  type: 'object',
  required: [
    'decidedBy',
    'confidence',
    'minimumImprovement',
    'origins',
    'minimumOrigins',
    'guardrails',
  ],
  additionalProperties: false,
  properties: {
    decidedBy: { enum: ['weightedQuantileLoss', 'wape', 'mase', 'rmsse'] },
    confidence: { type: 'number', minimum: 0.5, maximum: 0.999 },
    minimumImprovement: share,
    origins: { type: 'integer', minimum: 2, maximum: 100 },
    minimumOrigins: { type: 'integer', minimum: 2 },
    step: { type: 'integer', minimum: 1 },
    allow: { type: 'array', uniqueItems: true, items: { enum: narrowings } },
    lift: { type: 'array', uniqueItems: true, items: { type: 'integer', minimum: 1 } },
    refresh: {
      type: 'object',
      additionalProperties: false,
      properties: {
        gain: share,
        margin: share,
        newSeries: share,
        maxAge: { type: 'integer', minimum: 1 },
      },
    },
    guardrails: {
      type: 'object',
      additionalProperties: false,
      properties: {
        beatsSeasonalNaive: { type: 'boolean' },
        bias: {
          type: 'object',
          required: ['max'],
          additionalProperties: false,
          properties: { max: { type: 'number', exclusiveMinimum: 0 } },
        },
        coverage80: {
          type: 'object',
          required: ['min', 'max'],
          additionalProperties: false,
          properties: { min: share, max: share },
        },
        segments: {
          type: 'object',
          required: ['minimumRows'],
          additionalProperties: false,
          properties: {
            minimumRows: { type: 'integer', minimum: 1 },
            category: segmentLimit,
            volumeClass: segmentLimit,
          },
        },
        ordering: {
          type: 'object',
          minProperties: 1,
          additionalProperties: false,
          properties: {
            maxCostIncrease: { type: 'number', minimum: 0 },
            minServiceLevel: share,
          },
        },
      },
    },
  },
}

type WrittenPolicy = Omit<Policy, 'refresh'> & { refresh?: Partial<RefreshLimits> }

const checkPolicy = checker<WrittenPolicy>(
  policySchema,
  'See the comments in the policy that cd4ml ships, and docs/evaluation.md.',
)
