import { type Static, Type } from 'typebox'
import type { Language } from '../../base/language.ts'
import { number, object } from '../../base/schema-parts.ts'
import { eventId, OrderData } from '../../ledger/events/event.ts'
import { orderReason } from '../../reporting/order-reason.ts'
import type { Answered, Engine } from '../engine/engine.ts'
import { prepareOrders, type RecordedOrder } from '../recording/orders.ts'
import { columnsOf } from './csv-records.ts'
import { type CsvColumn, type ItemPlace, placeInRequest } from './items.ts'
import type { RecordingRoute } from './recording-routes.ts'
import {
  basisColumns,
  basisProperties,
  seriesColumns,
  seriesOf,
  seriesProperties,
} from './schemas.ts'

const { product, store, day, outcome } = OrderData.properties
const series = { product, store }

/** What is asked for an order: of a product, in one store or in each. */
const OrderQuestion = object({ ...series })

const units = Type.Optional(number)
const amount = Type.Optional(number)
const isoDay = Type.Optional(day)

/** An order as it is answered. Money is in the currency of the sales. */
const OrderItem = object({
  ...placeInRequest,
  status: Type.Literal(200),
  /** By which the ledger has it, and by which a decision names it. */
  id: eventId,
  ...seriesProperties,
  /** In the morning of which is ordered. */
  day,
  outcome,
  /** Why, as a sentence in the language asked for. */
  reason: Type.String(),
  /** Where the outcome is unknown: what is missing, and for which days where it is a forecast. */
  missing: Type.Optional(Type.Enum(['price', 'cost', 'stock', 'forecast'])),
  units,
  packs: units,
  pack: units,
  /** The days whose demand the order has to meet. */
  from: isoDay,
  through: isoDay,
  /** In whose morning the order is on the shelf. */
  arrives: isoDay,
  /** Set where it has not sold yet. */
  restsOn: Type.Optional(Type.Literal('category')),
  forecast: Type.Optional(object({ mean: number, p10: number, p90: number })),
  onHand: units,
  /** Of those, what is still to arrive. */
  onOrder: units,
  expiring: units,
  /** Of the forecast, what is asked for before the order arrives, and not there. */
  lost: units,
  price: amount,
  cost: amount,
  costShort: amount,
  costOver: amount,
  criticalRatio: Type.Optional(number),
  decidedBy: Type.Optional(
    Type.Enum(['costs', 'expiry', 'minimum service', 'loss', 'no demand', 'keeping']),
  ),
  /** Units to order, and expected to sell, if nothing were planned, where anything is. */
  withoutPlan: Type.Optional(object({ units: number, mean: number })),
  /** What is lost, as far as can be expected, by ordering so many: margin, urgent reorders, waste. */
  expectedCost: amount,
  /** What other quantities would cost. */
  alternatives: Type.Optional(Type.Array(object({ units: number, cost: number }))),
  ...basisProperties,
})
type OrderItem = Static<typeof OrderItem>

/** `POST /v1/orders`. */
export function ordersRoute(engine: Engine): RecordingRoute<Answered<RecordedOrder[]>, OrderItem> {
  return {
    url: '/v1/orders',
    operationId: 'askOrders',
    scope: 'read',
    summary: 'Orders',
    description:
      'What to order this morning, why, what it can be expected to cost, and what ordering otherwise would. Without a body, of every product in every store.',
    record: OrderQuestion,
    item: OrderItem,
    columns: () => columnsOf(OrderQuestion),
    prepare: (questions, by) => prepareOrders(engine, questions, by),
    prepareAll: (by) => prepareOrders(engine, undefined, by),
    tell: (answered, language) =>
      answered.outcome === 'refused'
        ? { refused: 422, problems: answered.problems }
        : {
            items: answered.answer.map(
              (order) => (place: ItemPlace) => orderItem(order, place, language),
            ),
          },
    answerColumns,
  }
}

function orderItem(
  { id, day, basis, order, costs }: RecordedOrder,
  place: ItemPlace,
  language: Language,
): OrderItem {
  const { productId, storeId, name, category, ...advice } = order
  return {
    ...place,
    status: 200,
    id,
    ...seriesOf({
      product: productId,
      ...(storeId !== undefined && { store: storeId }),
      ...(name !== undefined && { name }),
      ...(category !== undefined && { category }),
    }),
    day,
    reason: orderReason(order, language),
    ...advice,
    ...(costs && { expectedCost: costs.advised, alternatives: costs.alternatives }),
    ...basis,
  }
}

const answerColumns: CsvColumn<OrderItem>[] = [
  ['id', ({ id }) => id],
  ...seriesColumns,
  ['day', ({ day }) => day],
  ['outcome', ({ outcome }) => outcome],
  ['units', ({ units }) => units],
  ['packs', ({ packs }) => packs],
  ['pack', ({ pack }) => pack],
  ['from', ({ from }) => from],
  ['through', ({ through }) => through],
  ['arrives', ({ arrives }) => arrives],
  ['forecast', ({ forecast }) => forecast?.mean],
  ['p10', ({ forecast }) => forecast?.p10],
  ['p90', ({ forecast }) => forecast?.p90],
  ['onHand', ({ onHand }) => onHand],
  ['expiring', ({ expiring }) => expiring],
  ['lost', ({ lost }) => lost],
  ['cost', ({ cost }) => cost],
  ['expectedCost', ({ expectedCost }) => expectedCost],
  ['reason', ({ reason }) => reason],
  ...basisColumns,
]
