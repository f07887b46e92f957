import { type Static, Type } from 'typebox'
import { checker } from '../../base/schema.ts'
import { count, isoDay, object, sha256 } from '../../base/schema-parts.ts'
import { MetricName } from '../../evaluation/scoring/metrics.ts'
import { LeftOut } from '../../ledger/ledger.ts'
import { moment, versionNumber, WorkflowRun } from '../../ledger/run-record.ts'
import { Ages } from '../context/ages.ts'
import { CheckedPublication } from '../context/checked-publication.ts'
import { MissingRuns } from '../context/missing-runs.ts'
import { ReportedActuals } from '../context/reported-actuals.ts'
import { SupplySince } from '../context/supply-since.ts'
import { Drift } from '../drift/drift.ts'
import { BlockLength } from '../origins/block-length.ts'
import { ValueAdded } from '../value-added/value-added.ts'
import { Accuracy } from './accuracy.ts'
import { Block } from './block.ts'
import { RevisedBlock } from './revised-blocks.ts'
import { ShadowStanding } from './shadow-standing.ts'
import { ModelStanding } from './standing.ts'

/**
 * How the model in production is, on what was known at a moment: what every report, issue and page
 * about it shows. The ledger keeps it as `health/<id>.json`.
 */
export const HealthRecord = object({
  format: Type.Literal('cd4ml-health/1'),
  at: moment,
  /** SHA-256 of all that it follows from: the same again is not recorded again. */
  of: sha256,
  workflow: Type.Optional(WorkflowRun),
  production: object({
    version: versionNumber,
    model: Type.String({ maxLength: 2000 }),
    /** When it was put into production, and the ISO day through which it was trained. */
    since: moment,
    trainedThrough: isoDay,
  }),
  sales: object({
    /** Git id of the folder of the sales, or their digest. */
    data: Type.String({ maxLength: 64 }),
    through: isoDay,
  }),
  decidedBy: MetricName,
  /** Blocks: so many periods each, so many in a year. */
  block: BlockLength,
  standing: ModelStanding,
  /** Since the promotion, in the order of time. */
  blocks: Type.Array(Block, { maxItems: 10_000 }),
  accuracy: Type.Array(Accuracy, { maxItems: 10_000 }),
  /** What the records left out, and why the report does not know more. */
  ledger: object({
    publications: count,
    /** Published forecasts of series that the sales do not know any more. */
    orphaned: count,
    /** Records that are damaged or not believed. */
    leftOut: Type.Array(LeftOut, { maxItems: 100 }),
    /** How many more there are than are listed; absent where all are. */
    moreLeftOut: Type.Optional(Type.Integer({ minimum: 1 })),
    /** One of the publications, made again; absent where none was, or it cannot be. */
    checked: Type.Optional(CheckedPublication),
  }),
  /** What is tried beside production, and whether it is better. */
  shadow: ShadowStanding,
  /** What the buyers add to the model, and the model to seasonal naive. */
  valueAdded: ValueAdded,
  /** What surrounds the model and may explain how it does. */
  drift: Drift,
  supply: SupplySince,
  ages: Ages,
  runs: MissingRuns,
  /** Of the blocks that were reported before, those that late sales have changed. */
  revised: Type.Array(RevisedBlock, { maxItems: 10_000 }),
  /** What other systems report beside the sales files. */
  reports: ReportedActuals,
})
export type HealthRecord = Static<typeof HealthRecord>

/** Returns the record, typed; throws a `UserError` that names file and key where it is not one. */
export const checkHealthRecord = checker(HealthRecord)
