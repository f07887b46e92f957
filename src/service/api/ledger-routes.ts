import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { eventId, ForecastData, OrderData, type RecordedType } from '../../ledger/events/event.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { moment } from '../../ledger/run-record.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { Engine } from '../engine/engine.ts'
import { HttpError } from '../http/problem.ts'
import { ActualShown, actualColumns, actualShown } from './actuals.ts'
import { AskedFormat } from './answer-format.ts'
import { DecisionShown, decisionColumns, decisionShown } from './decisions.ts'
import { sendList } from './list-route.ts'
import { limit, listResponses, oneResponses } from './schemas.ts'

/** What there is to read of the ledger: events by their ids, decisions, what sold. */
export function addLedgerRoutes(
  fastify: FastifyInstance,
  { engine, log }: { engine: Engine; log: EventLog },
): void {
  const app = fastify.withTypeProvider<TypeBoxTypeProvider>()
  const byId = async <T extends RecordedType>(id: string, type: T) => {
    const event = (await log.byId([id])).get(id)
    if (event?.type !== type) throw new HttpError(404, 'The ledger has no such event.')
    const { time, data } = event
    return { id, time, ...data }
  }

  app.get(
    '/v1/forecasts/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['ledger'],
        operationId: 'getForecast',
        summary: 'A forecast',
        params: ById,
        response: oneResponses(object({ id: eventId, time: moment, ...ForecastData.properties })),
      },
    },
    async ({ params }) => byId(params.id, 'cd4ml.forecast.v1'),
  )
  app.get(
    '/v1/orders/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['ledger'],
        operationId: 'getOrder',
        summary: 'An order',
        params: ById,
        response: oneResponses(object({ id: eventId, time: moment, ...OrderData.properties })),
      },
    },
    async ({ params }) => byId(params.id, 'cd4ml.order.v1'),
  )
  app.get(
    '/v1/decisions',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['ledger'],
        operationId: 'findDecisions',
        summary: 'Decisions',
        description: 'Those that count, the newest first.',
        querystring: object({ ...Found.properties, of: Type.Optional(eventId) }),
        response: listResponses(object({ decisions: Type.Array(DecisionShown) })),
      },
    },
    async (request, reply) => {
      const { of } = request.query
      const query = { ...found(request.query), ...(of !== undefined && { of: [of] }) }
      const events = await log.find({ type: 'cd4ml.decision.v1', ...query })
      const rows = events.map(decisionShown)
      return sendList(request, reply, {
        asked: request.query,
        key: 'decisions',
        rows,
        columns: decisionColumns,
      })
    },
  )
  app.get(
    '/v1/actuals',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['ledger'],
        operationId: 'findActuals',
        summary: 'What sold',
        description: 'What counts of it, the newest first.',
        querystring: Found,
        response: listResponses(object({ actuals: Type.Array(ActualShown) })),
      },
    },
    async (request, reply) => {
      const events = await log.find({ type: 'cd4ml.actual.v1', ...found(request.query) })
      const rows = events.map(actualShown)
      return sendList(request, reply, {
        asked: request.query,
        key: 'actuals',
        rows,
        columns: actualColumns,
      })
    },
  )

  function found({ product, store, since, limit = 100 }: Query) {
    const series =
      store === undefined
        ? product !== undefined && { product }
        : { subjects: subjectsIn(engine, store, product) }
    return { ...series, ...(since !== undefined && { since }), limit }
  }
}

const ById = object({ id: eventId })

/** Which events are found: those of a product, of a store, or of both; recorded since a moment. */
const Found = object({
  product: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  store: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  since: Type.Optional(moment),
  limit,
  ...AskedFormat.properties,
})

type Query = { product?: string; store?: string; since?: string; limit?: number }

/** A product in a store, or all that are sold there. */
function subjectsIn(engine: Engine, store: string, product: string | undefined): string[] {
  const products =
    product === undefined
      ? engine.current().series.flatMap((it) => (it.store === store ? [it.product] : []))
      : [product]
  return products.map((productId) => seriesId({ productId, storeId: store }))
}
