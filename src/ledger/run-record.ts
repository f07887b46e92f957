import { checker } from '../base/schema.ts'
import { count, isoDay, number, object, objectId, sha256 } from '../base/schema-parts.ts'
import type {
  Decision,
  Evaluation,
  Interval,
  MetricName,
  Metrics,
} from '../evaluation/gate/evaluation.ts'
import { metricNames } from '../evaluation/scoring/metrics.ts'
import type { SearchedCandidate } from '../evaluation/search/search.ts'

/** What one `train` or `compare` did: enough to see later what was tried, on what, and how it ended. */
export type RunRecord = Run & RunVerdict

/** What is known of a run however it ended. */
export type Run = {
  format: 'cd4ml-run/1'
  /** Unique; sorts by the time of the start. */
  id: string
  kind: 'train' | 'compare'
  /** The moment of the start, ISO 8601 in UTC, such as `2026-11-02T09:30:00.000Z`. */
  startedAt: string
  seconds: number
  /** ISO day given as --as-of, where one was. */
  asOf?: string
  /** Absent outside a git repository, or before its first commit. */
  commit?: string
  /** Absent where no branch is checked out. */
  branch?: string
  /** The workflow run that it was a part of; absent on a person's machine. */
  workflow?: WorkflowRun
  /** Git object ids or SHA-256 digests of what went in: the same id is the same content. */
  recipe: string
  data: string
  /**
   * What the recipe says, with what it leaves out filled in: `horizon` → `10`, `families.ridge.penalty`
   * → `[10, 1000]`. Records of earlier days lack it.
   */
  settings?: Record<string, string>
  /** Whether code, packages, sales, contract and recipe were as the commit has them. */
  committed?: boolean
  /** Name of the model that came out, such as `ridge (penalty 10)`; absent where none did. */
  model?: string
  searched: SearchedCandidate[]
  /** The model's metrics over the scored origins; absent where the run ended before. */
  metrics?: Metrics
  /** Exit code: 0 done, 1 a gate said no, 2 the user's mistake, 3 a bug. */
  exitCode: number
}

/**
 * What a `compare` came to; nothing of a `train`, and where it ended before. Records of earlier days
 * have the verdict alone. What is worse is never promoted.
 */
export type RunVerdict =
  | { verdict?: never; comparison?: never }
  | { verdict: Decision['verdict']; comparison?: never }
  | { verdict: Decision['verdict']; comparison: RunComparison & { decision: 'keep' } }
  | {
      verdict: 'better' | 'not distinguishable'
      comparison: RunComparison & { decision: 'promote' }
    }

export type WorkflowRun = {
  /** Page of the run. */
  url: string
  /** What started it, such as `push`, `pull_request` or `schedule`. */
  event: string
}

/** What the verdict of a run rests on. */
export type RunComparison = {
  decidedBy: MetricName
  decision: Decision['decision']
  /** As `Evaluation.differences` of the deciding metric; absent where it could not be computed. */
  difference?: Interval
  /** Confidence of the interval, such as 0.95. */
  confidence: number
  /** Which try against the champion it was, and the confidence at which "better" was claimed. */
  campaign?: { tries: number; confidence: number }
  /** SHA-256 of its `model.json`, and the git id of the code where it was committed. */
  challenger?: { model: string; code?: string }
  /**
   * What was in production: its number, the name of its model and the SHA-256 of its `model.json`.
   * Absent where nothing was, and seasonal naive stood in.
   */
  champion?: { version: number; model: string; digest?: string }
}

/** What a run record keeps of a comparison with this version in production. */
export function runVerdict(
  { decidedBy, decision: decided, differences, confidence, campaign, champion }: Evaluation,
  challenger: NonNullable<RunComparison['challenger']>,
  production: { version: number; model: string } | undefined,
): RunVerdict {
  const difference = differences[decidedBy]
  const comparison = {
    decidedBy,
    ...(difference && { difference }),
    confidence,
    ...(campaign && { campaign: { tries: campaign.tries, confidence: campaign.confidence } }),
    challenger,
    ...(champion &&
      production && {
        champion: {
          version: production.version,
          model: champion.model,
          digest: production.model,
        },
      }),
  }
  const { decision, verdict } = decided
  return decision === 'promote'
    ? { verdict, comparison: { ...comparison, decision } }
    : { verdict, comparison: { ...comparison, decision } }
}

const name = { type: 'string', maxLength: 2000 }
const shortName = { type: 'string', maxLength: 300 }
const versionNumber = { type: 'integer', minimum: 1, maximum: 1e9 }

/** JSON Schema of a moment as `toISOString` writes it, so that moments sort as texts. */
export const moment = {
  type: 'string',
  format: 'date-time',
  pattern: '^\\d{4}-[0-9T:-]{14}\\.\\d{3}Z$',
}

/** JSON Schema of a `WorkflowRun`. */
export const workflowSchema = object({
  // Nothing that would end a link in Markdown.
  url: {
    type: 'string',
    maxLength: 2000,
    format: 'uri',
    pattern: '^https?://[A-Za-z0-9.:/_-]+$',
  },
  event: { type: 'string', pattern: '^[a-z_]{1,40}$' },
})

const comparison = object(
  { decidedBy: { enum: metricNames }, decision: { enum: ['promote', 'keep'] }, confidence: number },
  {
    difference: object({ estimate: number, low: number, high: number }),
    campaign: object({
      tries: { type: 'integer', minimum: 1 },
      confidence: { type: 'number', minimum: 0, maximum: 1 },
    }),
    challenger: object({ model: sha256 }, { code: objectId }),
    champion: object({ version: versionNumber, model: name }, { digest: sha256 }),
  },
)

/** JSON Schema of what the ledger and its leaderboard keep of a run, with more keys of their own. */
export function runSchema(
  required: Record<string, object>,
  optional: Record<string, object>,
): object {
  return {
    ...object(
      {
        id: { type: 'string', pattern: '^\\d{8}T\\d{9}Z-[0-9a-f]{8}$' },
        startedAt: moment,
        // GitHub ends a job after six hours; people's machines may take a week.
        seconds: { type: 'number', minimum: 0, maximum: 604_800 },
        recipe: shortName,
        data: shortName,
        exitCode: { type: 'integer', minimum: 0, maximum: 255 },
        ...required,
      },
      {
        asOf: isoDay,
        commit: objectId,
        branch: name,
        workflow: workflowSchema,
        committed: { type: 'boolean' },
        model: name,
        verdict: { enum: ['better', 'worse', 'not distinguishable'] },
        comparison,
        ...optional,
      },
    ),
    // As `RunVerdict` says.
    dependentRequired: { comparison: ['verdict'] },
    if: promoted,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { verdict: { enum: ['better', 'not distinguishable'] } } },
  }
}

const promoted = {
  type: 'object',
  required: ['comparison'],
  properties: {
    comparison: {
      type: 'object',
      required: ['decision'],
      properties: { decision: { const: 'promote' } },
    },
  },
}

/** Returns the run, typed; throws a `UserError` that names file and key where it is not one. */
export const checkRunRecord = checker<RunRecord>(
  runSchema(
    {
      format: { const: 'cd4ml-run/1' },
      kind: { enum: ['train', 'compare'] },
      searched: {
        type: 'array',
        maxItems: 10_000,
        items: object(
          { name, origins: count, chosen: { type: 'boolean' } },
          { loss: number, weight: { type: 'number', exclusiveMinimum: 0, maximum: 1 } },
        ),
      },
    },
    {
      settings: {
        type: 'object',
        maxProperties: 100,
        propertyNames: { maxLength: 100 },
        additionalProperties: shortName,
      },
      metrics: object({}, Object.fromEntries(metricNames.map((metric) => [metric, number]))),
    },
  ),
)
