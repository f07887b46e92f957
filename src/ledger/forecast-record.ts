import { checker } from '../base/schema.ts'
import { isoDay, object, union } from '../base/schema-parts.ts'
import { moment, type WorkflowRun, workflowSchema } from './run-record.ts'

/** One attempt to publish the forecasts of every product: they were made, or the last ones kept. */
export type ForecastRecord = MadeForecasts | KeptForecasts

export type MadeForecasts = {
  format: 'cd4ml-forecasts/1'
  outcome: 'made'
  /** The moment, ISO 8601 in UTC. */
  at: string
  /** The version in production, and the name of its model. */
  version: number
  model: string
  /** ISO days: the last sales known, and the first and last day that is forecast. */
  salesThrough: string
  from: string
  through: string
  /** How many series are forecast. */
  series: number
  /** Paths on the ledger branch. */
  files: { csv: string; json: string }
  workflow?: WorkflowRun
}

export type KeptForecasts = {
  format: 'cd4ml-forecasts/1'
  outcome: 'kept'
  at: string
  /** Why there are no newer ones, as a sentence. */
  problem: string
  workflow?: WorkflowRun
}

const text = { type: 'string', minLength: 1, maxLength: 2000 }
// No segment begins with a dot: nothing leads out of the folder.
const path = {
  type: 'string',
  maxLength: 200,
  pattern: '^forecasts(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$',
}

const format = { const: 'cd4ml-forecasts/1' }

/** Returns the record, typed; throws a `UserError` that names file and key where it is not one. */
export const checkForecastRecord = checker<ForecastRecord>(
  union('outcome', [
    object(
      {
        format,
        outcome: { const: 'made' },
        at: moment,
        version: { type: 'integer', minimum: 1, maximum: 1e9 },
        model: text,
        salesThrough: isoDay,
        from: isoDay,
        through: isoDay,
        series: { type: 'integer', minimum: 0, maximum: 1e9 },
        files: object({ csv: path, json: path }),
      },
      { workflow: workflowSchema },
    ),
    object(
      { format, outcome: { const: 'kept' }, at: moment, problem: text },
      { workflow: workflowSchema },
    ),
  ]),
)
