import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TObject, TProperties } from 'typebox'
import { csvText } from '../../base/csv-text.ts'
import { AskedFormat, answerFormat, contentTypes } from './answer-format.ts'
import type { CsvColumn } from './items.ts'
import { listResponses } from './schemas.ts'

/** A route that shows a list, as JSON under a key and as CSV. */
export type ListRoute<Row> = {
  url: string
  /** What clients that are made from the document call it. */
  operationId: string
  summary: string
  description: string
  /** Of the whole answer. */
  schema: TObject<TProperties>
  key: string
  rows(): readonly Row[]
  columns: CsvColumn<Row>[]
}

export function addListRoute<Row>(app: FastifyInstance, route: ListRoute<Row>): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    route.url,
    {
      config: { scope: 'read' },
      schema: {
        tags: ['production'],
        operationId: route.operationId,
        summary: route.summary,
        description: route.description,
        querystring: AskedFormat,
        response: listResponses(route.schema),
      },
    },
    async (request, reply) =>
      sendList(request, reply, {
        asked: request.query,
        key: route.key,
        rows: route.rows(),
        columns: route.columns,
      }),
  )
}

/** Sends rows as the request wants them. */
export function sendList<Row>(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    asked,
    key,
    rows,
    columns,
  }: { asked: AskedFormat; key: string; rows: readonly Row[]; columns: CsvColumn<Row>[] },
): FastifyReply {
  const format = answerFormat(asked, request)
  reply.header('content-type', contentTypes[format.media])
  if (format.media === 'json') return reply.send(JSON.stringify({ [key]: rows }))
  const header = columns.map(([name]) => name)
  const records = rows.map((row) => columns.map(([, cell]) => cell(row) ?? ''))
  return reply.send(csvText([header, ...records], format.style))
}
