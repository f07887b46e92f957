import { type Static, Type } from 'typebox'
import { checker } from '../base/schema.ts'
import {
  isoDay,
  number,
  object,
  objectId,
  openObject,
  partialRecord,
  record,
  sha256,
  share,
} from '../base/schema-parts.ts'
import { type Evaluation, Verdict } from '../evaluation/gate/evaluation.ts'
import { Interval } from '../evaluation/gate/interval.ts'
import { MetricName, metricNames } from '../evaluation/scoring/metrics.ts'
import { SearchedCandidate } from '../evaluation/search/search-result.ts'

const name = Type.String({ maxLength: 2000 })
const shortName = Type.String({ maxLength: 300 })

/** The number of a version in production. */
export const versionNumber = Type.Integer({ minimum: 1, maximum: 1e9 })

/** As `toISOString` writes it, so that moments sort as texts. */
export const moment = Type.String({
  format: 'date-time',
  pattern: '^\\d{4}-[0-9T:-]{14}\\.\\d{3}Z$',
  description: 'a moment in UTC with milliseconds, such as 2026-12-24T08:30:00.000Z',
})

export const WorkflowRun = object({
  /** Page of the run: nothing in it would end a link in Markdown. */
  url: Type.String({
    maxLength: 2000,
    format: 'uri',
    pattern: '^https?://[A-Za-z0-9.:/_-]+$',
  }),
  /** What started it, such as `push`, `pull_request` or `schedule`. */
  event: Type.String({ pattern: '^[a-z_]{1,40}$' }),
})
export type WorkflowRun = Static<typeof WorkflowRun>

/** What names a record: the moment of its start, and what tells it from others of that moment. */
export const RECORD_ID = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/

/** What the verdict of a run rests on. */
const RunComparison = object({
  decidedBy: MetricName,
  decision: Type.Enum(['promote', 'keep']),
  /** As `Evaluation.differences` of the deciding metric; absent where it could not be computed. */
  difference: Type.Optional(Interval),
  /** Confidence of the interval, such as 0.95. */
  confidence: number,
  /** Which try against the champion it was, and the confidence at which "better" was claimed. */
  campaign: Type.Optional(object({ tries: Type.Integer({ minimum: 1 }), confidence: share })),
  /** SHA-256 of its `model.json`, and the git id of the code where it was committed. */
  challenger: Type.Optional(object({ model: sha256, code: Type.Optional(objectId) })),
  /**
   * What was in production: its number, the name of its model and the SHA-256 of its `model.json`.
   * Absent where nothing was, and seasonal naive stood in.
   */
  champion: Type.Optional(
    object({ version: versionNumber, model: name, digest: Type.Optional(sha256) }),
  ),
})
export type RunComparison = Static<typeof RunComparison>

const verdict = {
  /**
   * What a `compare` came to; nothing of a `train`, and where it ended before. Records of earlier
   * days have the verdict alone.
   */
  verdict: Type.Optional(Verdict),
  comparison: Type.Optional(RunComparison),
}

/** What the ledger and its leaderboard keep of a run. */
export const keptOfRun = {
  /** Unique; sorts by the time of the start. */
  id: Type.String({ pattern: RECORD_ID.source }),
  /** The moment of the start, ISO 8601 in UTC, such as `2026-11-02T09:30:00.000Z`. */
  startedAt: moment,
  /** GitHub ends a job after six hours; people's machines may take a week. */
  seconds: Type.Number({ minimum: 0, maximum: 604_800 }),
  /** ISO day given as --as-of, where one was. */
  asOf: Type.Optional(isoDay),
  /** Absent outside a git repository, or before its first commit. */
  commit: Type.Optional(objectId),
  /** Absent where no branch is checked out. */
  branch: Type.Optional(name),
  /** The workflow run that it was a part of; absent on a person's machine. */
  workflow: Type.Optional(WorkflowRun),
  /** Git object ids or SHA-256 digests of what went in: the same id is the same content. */
  recipe: shortName,
  data: shortName,
  /** Whether code, packages, sales, contract and recipe were as the commit has them. */
  committed: Type.Optional(Type.Boolean()),
  /** Name of the model that came out, such as `ridge (penalty 10)`; absent where none did. */
  model: Type.Optional(name),
  /** Exit code: 0 done, 1 a gate said no, 2 the user's mistake, 3 a bug. */
  exitCode: Type.Integer({ minimum: 0, maximum: 255 }),
  ...verdict,
}

/** A comparison has a verdict, and what is worse is never promoted. */
export const promotesNothingWorse = {
  dependentRequired: { comparison: ['verdict'] },
  if: openObject({ comparison: openObject({ decision: Type.Literal('promote') }) }),
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: openObject({ verdict: Type.Enum(['better', 'not distinguishable']) }),
}

/** What one `train` or `compare` did: enough to see later what was tried, on what, and how it ended. */
const RunRecord = object(
  {
    format: Type.Literal('cd4ml-run/1'),
    kind: Type.Enum(['train', 'compare']),
    ...keptOfRun,
    /** What whoever tried it calls it, where it was given a name. */
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    /**
     * What the recipe says, with what it leaves out filled in: `horizon` → `10`,
     * `families.ridge.penalty` → `[10, 1000]`. Records of earlier days lack it.
     */
    settings: Type.Optional(
      record(shortName, { maxProperties: 100, propertyNames: { maxLength: 100 } }),
    ),
    searched: Type.Array(SearchedCandidate, { maxItems: 10_000 }),
    /** The model's metrics over the scored origins; absent where the run ended before. */
    metrics: Type.Optional(partialRecord(metricNames, () => number)),
  },
  promotesNothingWorse,
)
export type RunRecord = Static<typeof RunRecord>

/** What is known of a run however it ended. */
export type Run = Omit<RunRecord, keyof RunVerdict>

/** What a comparison came to. */
export type RunVerdict = Pick<RunRecord, 'verdict' | 'comparison'>

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

/** Returns the run, typed; throws a `UserError` that names file and key where it is not one. */
export const checkRunRecord = checker(RunRecord)
