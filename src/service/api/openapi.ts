import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { sharedSchemas } from './schemas.ts'

/** Takes down what the routes that are added from now on say of themselves. */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  for (const schema of sharedSchemas) app.addSchema(schema)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'cd4ml',
        version,
        description:
          'Forecasts and orders by the model in production, and the ledger of what was forecast, decided and sold. A token goes into Authorization, as Bearer.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    // Pages are for people.
    hideUntagged: true,
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, i) =>
        typeof $id === 'string' ? $id : `def-${i}`,
    },
  })
}

/** `/openapi.json`: what `describeRoutes` has taken down. */
export async function openApiRoute(app: FastifyInstance): Promise<void> {
  let written: string | undefined
  app.get(
    '/openapi.json',
    { config: { scope: 'public' }, schema: { hide: true } },
    async (_request, reply) => {
      written ??= JSON.stringify(app.swagger())
      return reply.header('content-type', 'application/json; charset=utf-8').send(written)
    },
  )
}
