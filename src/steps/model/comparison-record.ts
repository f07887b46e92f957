import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UserError } from '../../base/errors.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { count, isoDay, number, object, objectId, union } from '../../base/schema-parts.ts'
import { readBack, writeWhole } from '../../base/write-file.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import { narrowings } from '../../evaluation/gate/question.ts'
import { metricNames } from '../../evaluation/scoring/metrics.ts'
import { type Lineage, lineageSchema, type Parent } from '../../registry/manifest.ts'
import type { PendingComparison } from '../../registry/pending.ts'

/** `comparison.json`: who was compared, so that a promotion can tell whether it still holds. */
export type ComparisonRecord = {
  format: 'cd4ml-comparison/1'
  /** SHA-256 of the challenger's `model.json`. */
  challenger: string
  champion?: Parent
  /** Absent where some of what it follows from is not committed, or there is no repository. */
  lineage?: Lineage
  evaluation: Evaluation
  /** Of the version that waited then to follow the champion; absent where none did. */
  pending?: PendingComparison
}

/** Writes `comparison.json` into the folder of the challenger. */
export async function writeComparison(out: string, record: ComparisonRecord): Promise<void> {
  const text = canonicalJson(record)
  readBack('comparison.json', () => recordFrom(text, 'comparison.json'))
  await writeWhole(join(out, 'comparison.json'), text)
}

/** Throws a `UserError` where the challenger in the folder has not been compared. */
export async function readComparison(out: string, model: string): Promise<ComparisonRecord> {
  const file = join(out, 'comparison.json')
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UserError('the challenger has not been compared yet', { file, remedy: REMEDY, cause })
  })
  const record = recordFrom(text, file)
  if (record.challenger !== model) {
    throw new UserError('is not a comparison of this challenger', { file, remedy: REMEDY })
  }
  return record
}

/** The content of an `evaluation.json`. Throws a `UserError` where it is not one. */
export function evaluationFrom(bytes: Uint8Array, file: string): Evaluation {
  return checkEvaluation(parseJson(Buffer.from(bytes).toString(), file), file)
}

function recordFrom(text: string, file: string): ComparisonRecord {
  return checkRecord(parseJson(text, file, REMEDY), file)
}

const REMEDY = 'Run cd4ml compare, then promote.'

// Comments of a job that may write are made of this, whatever code has made it.
const text = { type: 'string' }
const share = { type: 'number', minimum: 0, maximum: 1 }
const texts = { type: 'array', items: text }
const interval = object({ estimate: number, low: number, high: number })
const metrics = object({}, byMetric(number))
const contender = object({ model: text, metrics, chosen: texts })
const check = object({ name: text, passed: { type: 'boolean' }, detail: text })
const segment = object(
  {
    by: { enum: ['category', 'volume class', 'horizon'] },
    name: text,
    rows: count,
    challenger: metrics,
    baseline: metrics,
  },
  { champion: metrics, difference: interval },
)
const orderingResult = object(
  {
    demand: number,
    short: number,
    expired: number,
    lostMargin: number,
    urgentReorders: number,
    waste: number,
    holding: number,
    cost: number,
  },
  { serviceLevel: number },
)
const ordering = union('outcome', [
  object({ outcome: { const: 'not simulated' }, reason: text }),
  object(
    {
      outcome: { const: 'simulated' },
      from: isoDay,
      through: isoDay,
      series: count,
      challenger: orderingResult,
      baseline: orderingResult,
      lastPeriod: orderingResult,
    },
    { champion: orderingResult, buyer: orderingResult, difference: interval },
  ),
])
// Shown whole, wherever there is one.
const cautions = { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 400 } }
const campaign = object(
  { tries: { ...count, minimum: 1 }, confidence: share },
  { version: count, ledger: objectId },
)
const challenge = union('kind', [
  object({ kind: { enum: ['first', 'experiment'] } }),
  object({
    kind: { const: 'refresh' },
    since: isoDay,
    days: count,
    horizons: count,
    series: count,
    newSeries: count,
  }),
])
const checks = { type: 'array', items: check }
const decision = union('decision', [
  {
    ...object(
      {
        decision: { const: 'promote' },
        verdict: { enum: ['better', 'not distinguishable'] },
        summary: text,
        checks,
      },
      { because: { ...texts, minItems: 1 } },
    ),
    // What is not better is promoted for something else, which has to be said.
    anyOf: [
      { properties: { verdict: { const: 'better' } } },
      { required: ['because'], properties: { because: texts } },
    ],
  },
  object({
    decision: { const: 'keep' },
    verdict: { enum: ['better', 'worse', 'not distinguishable'] },
    summary: text,
    reasons: { ...texts, minItems: 1 },
    checks,
  }),
])
const smaller = {
  type: 'array',
  minItems: 1,
  items: object({ by: { enum: narrowings }, detail: text }),
}
const evaluation = object(
  {
    format: { const: 'cd4ml-evaluation/1' },
    frequency: { enum: ['day', 'week', 'month'] },
    horizon: count,
    levels: { type: 'array', items: number },
    origins: { type: 'array', items: isoDay },
    rows: count,
    decidedBy: { enum: metricNames },
    confidence: share,
    challenger: contender,
    baseline: contender,
    differences: object({}, byMetric(interval)),
    segments: { type: 'array', items: segment },
    decision,
  },
  { campaign, cautions, challenge, champion: contender, ordering, smaller },
)

const checkEvaluation = checker<Evaluation>(evaluation)

const pending = object(
  {
    version: count,
    model: text,
    verdict: { enum: ['better', 'worse', 'not distinguishable'] },
    decidedBy: { enum: metricNames },
  },
  { difference: interval },
)

const checkRecord = checker<ComparisonRecord>(
  object(
    { format: { const: 'cd4ml-comparison/1' }, challenger: text, evaluation },
    { champion: object({ version: count, model: text }), lineage: lineageSchema, pending },
  ),
  REMEDY,
)

function byMetric(schema: object): Record<string, object> {
  return Object.fromEntries(metricNames.map((name) => [name, schema]))
}
