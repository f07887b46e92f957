import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyServerOptions,
} from 'fastify'
import type { EventLog } from '../ledger/events/event-log.ts'
import { answerErrors } from './api/error-answers.ts'
import type { Engine } from './engine/engine.ts'

/** What a server answers from. */
export type ServerParts = {
  engine: Engine
  log: EventLog
  /** Says who asks, as `request.identity`, and refuses those who may not. */
  access: FastifyPluginAsync
  /** What answers beside `/v1`: the buyer's page, health. */
  routes: readonly FastifyPluginAsync[]
  /** How requests are logged; without it they are not. */
  logging?: Pick<FastifyServerOptions, 'logger' | 'logController' | 'genReqId' | 'requestIdHeader'>
}

/** A server that is ready to listen. Whoever has made it closes it; the parts are closed by theirs. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = Fastify({
    ...parts.logging,
    bodyLimit: MOST_BYTES,
    requestTimeout: 30_000,
    // An address never holds more than an id.
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<TypeBoxTypeProvider>()
  answerErrors(app)
  await app.register(parts.access)
  for (const plugin of parts.routes) await app.register(plugin)
  await app.ready()
  return app
}

/** Ten thousand records of some hundred bytes. */
const MOST_BYTES = 8 * 1024 ** 2
