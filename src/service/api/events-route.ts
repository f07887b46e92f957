import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { problems } from './schemas.ts'

/** `GET /v1/events`: all that was recorded, for who copies it. */
export function addEventsRoute(fastify: FastifyInstance, { log }: { log: EventLog }): void {
  const app = fastify.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/v1/events',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['ledger'],
        operationId: 'listEvents',
        summary: 'All events',
        description:
          'What came after a cursor, one JSON object a line (CloudEvents 1.0), in an order into which nothing can come later; without a cursor, from the beginning. The header event-count says how many lines there are, so that an answer that was cut off is known, and next-cursor where to go on; without any lines, there is nothing more for now. No names and no notes are in it.',
        querystring: object({
          after: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
        }),
        response: {
          200: {
            description: 'Events, one a line.',
            headers: {
              'next-cursor': { schema: { type: 'string' } },
              'event-count': { schema: { type: 'string' } },
            },
            content: { [NDJSON]: { schema: Type.String() } },
          },
          ...problems(400, 401, 403, 429, 500, 503),
        },
      },
    },
    async (request, reply) => {
      const { after, limit = 1000 } = request.query
      const { events, cursor } = await log.after(after, limit)
      reply.header('content-type', NDJSON)
      reply.header('event-count', events.length)
      if (cursor !== undefined) reply.header('next-cursor', cursor)
      return reply.send(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    },
  )
}

const NDJSON = 'application/x-ndjson'
