import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import type { LedgerDatabase } from '../../ledger/sql/database.ts'
import { oneResponses } from '../api/schemas.ts'
import { HttpError } from '../http/problem.ts'
import { Forgotten, forgetPerson } from './persons.ts'

/** Deleting who somebody is, for systems that have to when the person asks. */
export function personRoutes(database: LedgerDatabase): FastifyPluginAsync {
  return async (app) => {
    app.withTypeProvider<TypeBoxTypeProvider>().delete(
      '/v1/persons/:pseudonym',
      {
        config: { scope: 'admin' },
        schema: {
          tags: ['persons'],
          operationId: 'forgetPerson',
          summary: 'Forget a person',
          description:
            'Deletes name, notes, sessions and tokens. What was decided stays, under a pseudonym that no longer leads to anybody.',
          params: object({ pseudonym: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }) }),
          response: oneResponses(Forgotten),
        },
      },
      async ({ params }) => {
        const forgotten = await forgetPerson(database, params.pseudonym)
        if (forgotten) return forgotten
        throw new HttpError(404, 'Nobody has this pseudonym.')
      },
    )
  }
}
