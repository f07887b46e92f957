import type {
  Decision,
  Evaluation,
  Interval,
  MetricName,
  Metrics,
} from '../evaluation/evaluation.ts'
import { metricNames } from '../evaluation/metrics.ts'
import type { SearchedCandidate } from '../evaluation/search.ts'

/** What one `train` or `compare` did: enough to see later what was tried, on what, and how it ended. */
export type RunRecord = {
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
  /** Name of the model that came out, such as `ridge (penalty 10)`; absent where none did. */
  model?: string
  searched: SearchedCandidate[]
  /** The model's metrics over the scored origins; absent where the run ended before. */
  metrics?: Metrics
  /** Of a `compare` only. */
  verdict?: Decision['verdict']
  /** Of a `compare` only: what the verdict rests on. Records of earlier days lack it. */
  comparison?: RunComparison
  /** Exit code: 0 done, 1 a gate said no, 2 the user's mistake, 3 a bug. */
  exitCode: number
}

export type WorkflowRun = {
  /** Page of the run. */
  url: string
  /** What started it, such as `push`, `pull_request` or `schedule`. */
  event: string
}

export type RunComparison = {
  decidedBy: MetricName
  decision: Decision['decision']
  /** As `Evaluation.differences` of the deciding metric; absent where it could not be computed. */
  difference?: Interval
  /** Confidence of the interval, such as 0.95. */
  confidence: number
  /** What was in production; absent where nothing was, and seasonal naive stood in. */
  champion?: { version: number; model: string }
}

/** What a run record keeps of a comparison with this version in production. */
export function runComparison(
  { decidedBy, decision, differences, confidence, champion }: Evaluation,
  version: number | undefined,
): RunComparison {
  const difference = differences[decidedBy]
  return {
    decidedBy,
    decision: decision.decision,
    ...(difference && { difference }),
    confidence,
    ...(champion && version !== undefined && { champion: { version, model: champion.model } }),
  }
}

const number = { type: 'number' }

/** JSON Schemas of what the ledger keeps of a run, by the name of its key. */
export const runProperties = {
  id: { type: 'string', pattern: '^\\d{8}T\\d{9}Z-[0-9a-f]{8}$' },
  startedAt: { type: 'string', format: 'date-time', pattern: 'Z$' },
  seconds: { type: 'number', minimum: 0 },
  asOf: { type: 'string', format: 'date' },
  commit: { type: 'string', pattern: '^[0-9a-f]{40,64}$' },
  branch: { type: 'string' },
  workflow: {
    type: 'object',
    required: ['url', 'event'],
    additionalProperties: false,
    properties: {
      // Nothing that would end a link in Markdown.
      url: { type: 'string', format: 'uri', pattern: '^https?://[A-Za-z0-9.:/_-]+$' },
      event: { type: 'string', pattern: '^[a-z_]{1,40}$' },
    },
  },
  recipe: { type: 'string' },
  data: { type: 'string' },
  model: { type: 'string' },
  verdict: { enum: ['better', 'worse', 'not distinguishable'] },
  comparison: {
    type: 'object',
    required: ['decidedBy', 'decision', 'confidence'],
    additionalProperties: false,
    properties: {
      decidedBy: { enum: metricNames },
      decision: { enum: ['promote', 'keep'] },
      difference: {
        type: 'object',
        required: ['estimate', 'low', 'high'],
        additionalProperties: false,
        properties: { estimate: number, low: number, high: number },
      },
      confidence: number,
      champion: {
        type: 'object',
        required: ['version', 'model'],
        additionalProperties: false,
        properties: { version: { type: 'integer', minimum: 1 }, model: { type: 'string' } },
      },
    },
  },
  exitCode: { type: 'integer', minimum: 0, maximum: 255 },
}

/** JSON Schema of `RunRecord`. */
export const runRecordSchema = {
  type: 'object',
  required: [
    'format',
    'id',
    'kind',
    'startedAt',
    'seconds',
    'recipe',
    'data',
    'searched',
    'exitCode',
  ],
  additionalProperties: false,
  properties: {
    ...runProperties,
    format: { const: 'cd4ml-run/1' },
    kind: { enum: ['train', 'compare'] },
    searched: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'origins', 'chosen'],
        additionalProperties: false,
        properties: {
          name: { type: 'string' },
          loss: number,
          origins: { type: 'integer', minimum: 0 },
          chosen: { type: 'boolean' },
          weight: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
        },
      },
    },
    metrics: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(metricNames.map((name) => [name, number])),
    },
  },
}
