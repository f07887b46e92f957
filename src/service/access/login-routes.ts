import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { LedgerUnavailable } from '../../ledger/events/event-log.ts'
import type { Scope } from '../http/identity.ts'
import { languageOf } from '../http/language.ts'
import { HttpError } from '../http/problem.ts'
import { ownPath } from '../page/layout.ts'
import type { AccessOptions } from './access-options.ts'
import { refuseForgedForm, refuseOtherSites } from './forged-requests.ts'
import { wrongLogins } from './limits.ts'
import { type LoginProblem, loginPage } from './login-page.ts'
import { openIdLogins, wantedPath } from './openid.ts'
import { personOf } from './persons.ts'
import { formTokenOf, isSecret, newSecret } from './secret.ts'
import { cookieOf, dropCookie, setCookie } from './session-cookie.ts'
import { closeSession, openSession, SESSION_DAYS, useLogin } from './sessions.ts'

/**
 * Logging in and out. A link to log in shows a page with a button: what looks at links before people
 * do, such as a mail filter, uses none up.
 */
export function loginRoutes(options: AccessOptions): FastifyPluginAsync {
  const { database, now, settings, embedIn = [], provider } = options
  const framed = embedIn.length > 0
  const logins = provider && openIdLogins(provider)

  return async (app: FastifyInstance) => {
    const config = { scope: 'public' } as const
    const wrong = wrongLogins(app)

    app.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error)
      if (problem === undefined || !request.headers.accept?.includes('text/html')) throw error
      request.log.warn({ why: error instanceof Error ? error.message : '' }, 'nobody was let in')
      if (error instanceof HttpError) reply.status(error.status).headers(error.headers)
      else reply.status(503).header('retry-after', '60')
      return showLogin(request, reply, { problem })
    })

    app.get('/login', { config }, async (request, reply) => {
      const code = textOf(request.query, 'code')
      return showLogin(request, reply, { ...(code !== undefined && { code }) })
    })

    app.post('/login', { config }, async (request, reply) => {
      refuseOtherSites(request)
      const code = codeIn(textOf(request.body, 'code') ?? '')
      const before = cookieOf(request, 'login')
      if (before === undefined) {
        return showLogin(request, reply.code(403), { code, problem: 'late' })
      }
      refuseForgedForm(request, before)
      await wrong.refuseMany(request)
      const login = isSecret('login', code) ? await useLogin(database, code, now()) : undefined
      if (login === undefined) {
        await wrong.count(request)
        return showLogin(request, reply.code(403), { problem: 'code' })
      }
      dropCookie(request, reply, { kind: 'login', framed })
      return await letIn(request, reply, { ...login, to: textOf(request.body, 'to') })
    })

    app.post('/logout', { config }, async (request, reply) => {
      refuseOtherSites(request)
      const session = cookieOf(request, 'session')
      if (session !== undefined) refuseForgedForm(request, session)
      await endSession(request)
      dropCookie(request, reply, { kind: 'session', framed })
      return reply.redirect('/login', 303)
    })

    if (!logins) return

    app.get('/login/account', { config }, async (request, reply) => {
      const secret = newSecret('session')
      const address = await logins.address(secret, {
        redirectUri: addressOf(request, '/login/account/back').href,
        to: ownPath(textOf(request.query, 'to')),
      })
      if (address === undefined) {
        return showLogin(request, reply.code(503), { problem: 'unreachable' })
      }
      setCookie(request, reply, { kind: 'account', secret, framed, seconds: ACCOUNT_SECONDS })
      return reply.header('cache-control', 'no-store').redirect(address, 303)
    })

    app.get('/login/account/back', { config }, async (request, reply) => {
      await wrong.refuseMany(request)
      const secret = cookieOf(request, 'account')
      if (secret === undefined) return showLogin(request, reply.code(403), { problem: 'late' })
      dropCookie(request, reply, { kind: 'account', framed })
      const url = addressOf(request, request.url)
      const login = await logins.login(secret, url)
      if (login.outcome !== 'known') {
        request.log.warn({ login }, 'nobody was let in by an account')
        if (login.outcome !== 'unreachable') await wrong.count(request)
        const status = login.outcome === 'unreachable' ? 503 : 403
        return showLogin(request, reply.code(status), { problem: login.outcome })
      }
      const person = await personOf(database, { ...login, now: now() })
      return await letIn(request, reply, {
        person: person.pseudonym,
        scopes: BUYER,
        to: wantedPath(url),
      })
    })
  }

  /** Begins a session: whoever knew the one before, does not know this one. */
  async function letIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { person, scopes, to }: { person: string; scopes: Iterable<Scope>; to: string | undefined },
  ): Promise<FastifyReply> {
    await endSession(request)
    const secret = await openSession(database, { person, scopes, now: now() })
    setCookie(request, reply, { kind: 'session', secret, framed, seconds: SESSION_DAYS * 86_400 })
    return reply.header('cache-control', 'no-store').redirect(ownPath(to), 303)
  }

  async function endSession(request: FastifyRequest): Promise<void> {
    const session = cookieOf(request, 'session')
    if (session !== undefined) await closeSession(database, session)
  }

  function showLogin(
    request: FastifyRequest,
    reply: FastifyReply,
    shown: { code?: string; problem?: LoginProblem },
  ): FastifyReply {
    const secret = cookieOf(request, 'login') ?? newSecret('session')
    setCookie(request, reply, { kind: 'login', secret, framed, seconds: PAGE_SECONDS })
    const to = ownPath(textOf(request.query, 'to') ?? textOf(request.body, 'to'))
    const page = loginPage({
      ...shown,
      to,
      formToken: formTokenOf(secret),
      language: languageOf(request.headers, settings().language),
      here: request.method === 'GET' ? ownPath(request.url) : '/login',
      hasProvider: logins !== undefined,
    })
    return reply
      .header('cache-control', 'no-store')
      .header('content-type', 'text/html; charset=utf-8')
      .send(page)
  }
}

/** What a person is told of an error; undefined where it is none of theirs. */
function problemOf(error: unknown): LoginProblem | undefined {
  if (error instanceof LedgerUnavailable) return 'unreachable'
  if (!(error instanceof HttpError)) return undefined
  return error.status === 429 ? 'many' : 'refused'
}

/** A code, also out of the whole link in which somebody was given it. */
function codeIn(text: string): string {
  return /[?&]code=([^&#\s]+)/.exec(text)?.[1] ?? text.trim()
}

/** As the browser has it; throws an `HttpError` where its header Host is none. */
function addressOf({ protocol, host }: FastifyRequest, path: string): URL {
  const url = URL.parse(path, `${protocol}://${host}`)
  if (url) return url
  throw new HttpError(400, 'The header Host names no host.')
}

function textOf(fields: unknown, name: string): string | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined
  const value: unknown = Reflect.get(fields, name)
  return typeof value === 'string' ? value : undefined
}

/** What buyers may. */
export const BUYER = ['read', 'decide'] as const
/** How long a page with the form may stay open. */
const PAGE_SECONDS = 3600
/** How long somebody may take to log in elsewhere. */
const ACCOUNT_SECONDS = 600
