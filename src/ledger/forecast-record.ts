import { type Static, Type } from 'typebox'
import { checker } from '../base/schema.ts'
import { isoDay, object, union } from '../base/schema-parts.ts'
import { CONTENT_PATH } from './content.ts'
import { Basis } from './events/event.ts'
import { moment, versionNumber, WorkflowRun } from './run-record.ts'
import { Shadow } from './shadow.ts'

const text = Type.String({ minLength: 1, maxLength: 2000 })
const path = Type.String({
  maxLength: 200,
  // No segment begins with a dot: nothing leads out of the folder.
  pattern: `^forecasts(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$|${CONTENT_PATH}`,
})

const attempt = {
  /** Of format 1, each publication has files of its own, those for people among them. */
  format: Type.Enum(['cd4ml-forecasts/1', 'cd4ml-forecasts/2']),
  /** The moment, ISO 8601 in UTC. */
  at: moment,
  workflow: Type.Optional(WorkflowRun),
}

/** The orders that rest on the forecasts, or why there are none. */
const OrdersOfDay = union('outcome', [
  object({
    outcome: Type.Literal('made'),
    /** ISO day: the one in whose morning is ordered. */
    day: isoDay,
    /** How many series are ordered, how many units of them, and what these cost. */
    products: Type.Integer({ minimum: 0, maximum: 1e9 }),
    units: Type.Number({ minimum: 0, maximum: 1e15 }),
    value: Type.Number({ minimum: 0, maximum: 1e15 }),
    files: object({ page: path, csv: path, excel: Type.Optional(path) }),
  }),
  object({ outcome: Type.Literal('kept'), problem: text }),
])

/**
 * What the shadow forecast at the same moment from the same sales, or why it forecast nothing:
 * production's forecasts are the same either way.
 */
const ShadowForecasts = union('outcome', [
  object({
    outcome: Type.Literal('made'),
    ...Shadow.properties,
    /** Path on the ledger branch, of a file as production's forecasts are. */
    json: path,
  }),
  object({ outcome: Type.Literal('none'), problem: text }),
])
export type ShadowForecasts = Static<typeof ShadowForecasts>

export const MadeForecasts = object({
  ...attempt,
  outcome: Type.Literal('made'),
  /** The version in production, and the name of its model. */
  version: versionNumber,
  model: text,
  /** ISO days: the last sales known, and the first and last day that is forecast. */
  salesThrough: isoDay,
  from: isoDay,
  through: isoDay,
  /** What they rest on, and the orders with them. */
  basis: Type.Optional(Basis),
  /** How many series are forecast. */
  series: Type.Integer({ minimum: 0, maximum: 1e9 }),
  /** Paths on the ledger branch: the same path is the same content, that of earlier forecasts. */
  files: object({ csv: Type.Optional(path), json: path, excel: Type.Optional(path) }),
  orders: Type.Optional(OrdersOfDay),
  /** Absent where nothing is tried beside production. */
  shadow: Type.Optional(ShadowForecasts),
})
export type MadeForecasts = Static<typeof MadeForecasts>

export const KeptForecasts = object({
  ...attempt,
  outcome: Type.Literal('kept'),
  /** Why there are no newer ones, as a sentence. */
  problem: text,
})
export type KeptForecasts = Static<typeof KeptForecasts>

/** One attempt to publish the forecasts of every product: they were made, or the last ones kept. */
const ForecastRecord = union('outcome', [MadeForecasts, KeptForecasts])
export type ForecastRecord = Static<typeof ForecastRecord>

/** Returns the record, typed; throws a `UserError` that names file and key where it is not one. */
export const checkForecastRecord = checker(ForecastRecord)
