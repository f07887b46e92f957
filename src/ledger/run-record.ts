import type { Decision, Metrics } from '../evaluation/evaluation.ts'
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
  /** Git object ids or SHA-256 digests of what went in: the same id is the same content. */
  recipe: string
  data: string
  /** Name of the model that came out, such as `ridge (penalty 10)`; absent where none did. */
  model?: string
  /** Every candidate with its loss, and at how many origins it was judged. */
  searched: (SearchedCandidate & { origins: number })[]
  /** The model's metrics over the scored origins; absent where the run ended before. */
  metrics?: Metrics
  /** Of a `compare` only. */
  verdict?: Decision['verdict']
  /** Exit code: 0 done, 1 a gate said no, 2 the user's mistake, 3 a bug. */
  exitCode: number
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
    format: { const: 'cd4ml-run/1' },
    id: { type: 'string', pattern: '^\\d{8}T\\d{9}Z-[0-9a-f]{8}$' },
    kind: { enum: ['train', 'compare'] },
    startedAt: { type: 'string', format: 'date-time', pattern: 'Z$' },
    seconds: { type: 'number', minimum: 0 },
    asOf: { type: 'string', format: 'date' },
    commit: { type: 'string' },
    branch: { type: 'string' },
    recipe: { type: 'string' },
    data: { type: 'string' },
    model: { type: 'string' },
    searched: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'origins', 'chosen'],
        additionalProperties: false,
        properties: {
          name: { type: 'string' },
          loss: { type: 'number' },
          origins: { type: 'integer', minimum: 0 },
          chosen: { type: 'boolean' },
        },
      },
    },
    metrics: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(metricNames.map((name) => [name, { type: 'number' }])),
    },
    verdict: { enum: ['better', 'worse', 'not distinguishable'] },
    exitCode: { type: 'integer', minimum: 0, maximum: 255 },
  },
}
