import { type Static, Type } from 'typebox'
import { checker } from '../../base/schema.ts'
import { isoDay, json, number, object, record, sha256, union } from '../../base/schema-parts.ts'
import { LEVELS } from '../../forecasting/levels.ts'
import { moment, versionNumber } from '../run-record.ts'

const id = Type.String({ maxLength: 200 })
const units = number

/** As RFC 9562 has them, version 7: they sort by their moment. */
export const eventId = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  description: 'the id of an event: a UUID of version 7, in small letters',
})

/** Which product, in which store where it is sold in several. */
const series = { product: id, store: Type.Optional(id) }

/** What a forecast or an order rests on: the version in production and the sales that it knew. */
export const Basis = object({
  version: versionNumber,
  /** SHA-256 of its `model.json`. */
  model: sha256,
  /** Git id of the folder of the sales where it is committed, otherwise the digest of the sales. */
  data: Type.String({ pattern: '^[0-9a-f]{40}([0-9a-f]{24})?$' }),
  /** ISO day: the last one whose sales were known. */
  salesThrough: isoDay,
})
export type Basis = Static<typeof Basis>

/** Units sold on the days asked for: the mean, and the quantiles at `LEVELS`. */
const distribution = {
  mean: units,
  quantiles: Type.Array(units, { minItems: LEVELS.length, maxItems: LEVELS.length }),
}

export const ForecastData = object({
  ...series,
  from: isoDay,
  to: isoDay,
  /** What else the model was told, such as a planned price. */
  inputs: Type.Optional(record(json)),
  ...distribution,
  /** Whose history it rests on; `category` for what has not sold yet. */
  restsOn: Type.Enum(['series', 'category']),
  basis: Basis,
  /** What seasonal naive would have said. */
  baseline: Type.Optional(object({ mean: units })),
  /** What it would have said if nothing were planned, where anything is. */
  withoutPlan: Type.Optional(object({ mean: units })),
  /** What the model that is tried beside production would have said. */
  shadow: Type.Optional(object({ model: sha256, ...distribution })),
})

export const OrderData = object({
  ...series,
  /** ISO day: the one in whose morning is ordered. */
  day: isoDay,
  outcome: Type.Enum(['order', 'enough', 'unprofitable', 'unknown']),
  /** All that `ordering/` says of it, as numbers. */
  advice: record(json),
  basis: Basis,
})

/** What the buyer did with a forecast or an order. */
export const DecisionData = object({
  ...series,
  /** The event that was decided on, and which of the two it is. */
  of: object({ type: Type.Enum(['forecast', 'order']), id: eventId }),
  /** `none`: seen, and not decided now. */
  decision: Type.Enum(['followed', 'changed', 'none']),
  /** Units: of an order what was ordered, of a forecast what the buyer expects instead. */
  quantity: Type.Optional(units),
  /** One of the chain's reasons. */
  reason: Type.Optional(
    Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'the id of one of /v1/reasons' }),
  ),
  /** Who, as a pseudonym: the name is kept apart, where it can be deleted. */
  by: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }),
})

/** What really sold, on days that are over. */
export const ActualData = object({
  ...series,
  from: isoDay,
  to: isoDay,
  units,
  /** Days without stock among them, on which more could have sold. */
  censoredDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  /** From the sales files of a tree, or reported by another system. */
  source: union('from', [
    object({ from: Type.Literal('sales'), data: Basis.properties.data, salesThrough: isoDay }),
    object({ from: Type.Literal('report') }),
  ]),
})

/** What of an order arrived in the store, as the stock system says: all of that day. */
export const ReceiptData = object({
  ...series,
  /** ISO day: the one on which it arrived. */
  day: isoDay,
  units,
  /** The event of the order that it belongs to, where that is known. */
  order: Type.Optional(eventId),
})

/** CloudEvents 1.0, https://github.com/cloudevents/spec; `supersedes` is an extension of it. */
const envelope = {
  specversion: Type.Literal('1.0'),
  id: eventId,
  /** Who wrote it down, such as `/cd4ml/service` or `/cd4ml/exchange`. */
  source: Type.String({ format: 'uri-reference', minLength: 1, maxLength: 200 }),
  /** The moment at which it was recorded, ISO 8601 in UTC. */
  time: moment,
  /** The series, as `seriesId` writes it. */
  subject: Type.String({ maxLength: 500 }),
  datacontenttype: Type.Literal('application/json'),
  /** The event that this one corrects: it stays, and no longer counts. */
  supersedes: Type.Optional(eventId),
}

/** Something that happened. It is added to the ledger, and never changed. */
export const RecordedEvent = union('type', [
  object({ ...envelope, type: Type.Literal('cd4ml.forecast.v1'), data: ForecastData }),
  object({ ...envelope, type: Type.Literal('cd4ml.order.v1'), data: OrderData }),
  object({ ...envelope, type: Type.Literal('cd4ml.decision.v1'), data: DecisionData }),
  object({ ...envelope, type: Type.Literal('cd4ml.actual.v1'), data: ActualData }),
  object({ ...envelope, type: Type.Literal('cd4ml.receipt.v1'), data: ReceiptData }),
])
export type RecordedEvent = Static<typeof RecordedEvent>
export type RecordedType = RecordedEvent['type']
export type EventOf<T extends RecordedType> = Extract<RecordedEvent, { type: T }>

/** Returns the event, typed; throws a `UserError` that names file and key where it is not one. */
export const checkRecordedEvent = checker(RecordedEvent)
