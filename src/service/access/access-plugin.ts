import cookie from '@fastify/cookie'
import formBody from '@fastify/formbody'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Identity, NOBODY, type Scope } from '../http/identity.ts'
import { HttpError } from '../http/problem.ts'
import type { AccessOptions } from './access-options.ts'
import { refuseForgedForm, refuseOtherSites } from './forged-requests.ts'
import { addHeaders } from './headers.ts'
import { addRateLimits, REQUESTS_A_MINUTE, tooLargeBodies, wrongTokens } from './limits.ts'
import { loginRoutes } from './login-routes.ts'
import { personRoutes } from './person-routes.ts'
import { formTokenOf } from './secret.ts'
import { type Asker, whoAsks } from './who-asks.ts'

/**
 * Lets nobody in who does not belong. Who asks is known before the body of a request is read; a route
 * that does not say by `config.scope` who may call it throws when it is added; what comes with a
 * session's cookie and changes something has to come from a page of that session. To be registered
 * before all routes.
 */
export function accessPlugin(options: AccessOptions): FastifyPluginAsync {
  // What is added holds for the routes beside it: https://fastify.dev/docs/latest/Reference/Plugins/
  return Object.assign(async (app: FastifyInstance) => await addAccess(app, options), {
    [Symbol.for('skip-override')]: true,
  })
}

async function addAccess(app: FastifyInstance, options: AccessOptions): Promise<void> {
  const sessions = new WeakMap<FastifyRequest, string>()
  await app.register(cookie)
  await app.register(formBody)
  app.decorateRequest('identity')
  app.decorateRequest('formToken', '')

  await addHeaders(app, options.embedIn ?? [])
  await addRateLimits(app, options.requestsAMinute ?? REQUESTS_A_MINUTE)
  const asking = whoAsks({ ...options, wrong: wrongTokens(app) })
  const tooLarge = tooLargeBodies(app)

  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.scope !== undefined) return
    throw unguarded(String(method), url)
  })

  app.addHook('onRequest', async (request, reply) => {
    request.identity = NOBODY
    const { scope } = request.routeOptions.config
    if (request.is404 || scope === 'public') return
    if (scope === undefined) throw unguarded(request.method, request.url)
    const asker = await asking(request)
    if (asker.who !== 'known') return refuseUnknown(request, reply, asker)
    const { identity, session } = asker
    if (!identity.scopes.has(scope)) throw refusedScope(identity, scope)
    request.identity = identity
    if (changes(request)) await tooLarge.refuseMany(request)
    if (session === undefined) return
    if (changes(request)) refuseOtherSites(request)
    sessions.set(request, session)
    request.formToken = formTokenOf(session)
  })

  app.addHook('onResponse', (request, { statusCode }, done) => {
    if (statusCode === 413) void tooLarge.count(request)
    done()
  })

  app.addHook('preValidation', async (request) => {
    const secret = sessions.get(request)
    if (secret !== undefined && changes(request)) refuseForgedForm(request, secret)
  })

  await app.register(loginRoutes(options))
  await app.register(personRoutes(options.database))
}

function unguarded(method: string, url: string): Error {
  return new Error(`the route ${method} ${url} does not say by config.scope who may call it`)
}

/** Whether the method is one that may change something. */
function changes({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

/** Whoever reads pages is led to where they can log in, everybody else is told what is missing. */
function refuseUnknown(
  request: FastifyRequest,
  reply: FastifyReply,
  asker: Exclude<Asker, { who: 'known' }>,
): FastifyReply {
  if (asker.who === 'not known now') {
    throw new HttpError(
      503,
      'Whoever signs the tokens of workflows does not answer now. Try again.',
      {
        headers: { 'retry-after': '5' },
      },
    )
  }
  const { authorization, accept = '' } = request.headers
  if (authorization === undefined && accept.includes('text/html')) {
    const to = changes(request) ? '/' : request.url
    return reply.redirect(`/login?to=${encodeURIComponent(to)}`, 303)
  }
  const detail = asker.who === 'refused' ? asker.detail : 'Who asks? Send a token.'
  const error = asker.who === 'refused' ? ', error="invalid_token"' : ''
  // https://www.rfc-editor.org/rfc/rfc6750#section-3
  throw new HttpError(401, detail, {
    headers: { 'www-authenticate': `Bearer realm="cd4ml"${error}` },
  })
}

function refusedScope(identity: Identity, scope: Scope): HttpError {
  const has = [...identity.scopes].join(', ') || 'none'
  const challenge = `Bearer realm="cd4ml", error="insufficient_scope", scope="${scope}"`
  return new HttpError(403, `This needs the scope ${scope}; whoever asks has ${has}.`, {
    headers: { 'www-authenticate': challenge },
  })
}
