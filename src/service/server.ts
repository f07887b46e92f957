import Fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyServerOptions,
} from 'fastify'
import { connectionLimits } from './access/connection-limits.ts'
import { type ApiParts, apiRoutes } from './api/api-routes.ts'
import { answerError, answerErrors } from './api/error-answers.ts'
import { describeRoutes, openApiRoute } from './api/openapi.ts'
import { otherMethods } from './api/other-methods.ts'
import { requestChecks } from './api/validation.ts'
import { notFoundPage } from './page/not-found-page.ts'

/** What a server answers from. */
export type ServerParts = ApiParts & {
  /** Of cd4ml, for the description of the routes. */
  release: string
  /** Says who asks, as `request.identity`, and refuses those who may not. */
  access: FastifyPluginAsync
  /** Health and measurements, for who runs it. */
  ops?: FastifyPluginAsync
  /** The buyer's page. */
  pages?: FastifyPluginAsync
  /** Addresses of proxies in front, whose headers say who asks. */
  trustProxy?: string
  /** How requests are logged; without it they are not. */
  logging?: Pick<FastifyServerOptions, 'logger' | 'logController' | 'genReqId' | 'requestIdHeader'>
}

/** A server that is ready to listen. Whoever has made it closes it; the parts are closed by theirs. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = Fastify({
    ...parts.logging,
    bodyLimit: MOST_BYTES,
    // What has come before the end is answered; `ops` sees to it that it ends.
    return503OnClosing: false,
    ...connectionLimits(parts.trustProxy),
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    // An address never holds more than an id.
    routerOptions: { maxParamLength: 200 },
  })
  answerErrors(app, parts.pages && notFoundPage(parts.settings))
  app.setValidatorCompiler(requestChecks())
  // What is answered is tested against the document, and nothing in it is left out.
  app.setSerializerCompiler(() => JSON.stringify)
  const addOtherMethods = otherMethods(app)
  await describeRoutes(app, parts.release)
  if (parts.ops) await app.register(parts.ops)
  await app.register(parts.access)
  if (parts.pages) await app.register(parts.pages)
  await app.register(openApiRoute)
  await app.register(apiRoutes(parts))
  addOtherMethods()
  await app.ready()
  return app
}

/** Ten thousand records of some hundred bytes. */
const MOST_BYTES = 8 * 1024 ** 2
