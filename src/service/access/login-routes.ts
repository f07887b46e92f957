import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { AccessOptions } from './access-plugin.ts'
import { refuseForgedForm, refuseOtherSites } from './forged-requests.ts'
import { wrongLogins } from './limits.ts'
import { loginPage } from './login-page.ts'
import { formTokenOf, isSecret, newSecret } from './secret.ts'
import { cookieOf, dropCookie, setCookie } from './session-cookie.ts'
import { closeSession, openSession, SESSION_DAYS, useLogin } from './sessions.ts'

/**
 * Logging in and out. A link to log in shows a page with a button: what looks at links before people
 * do, such as a mail filter, uses none up.
 */
export function loginRoutes({ database, now, embedIn = [] }: AccessOptions): FastifyPluginAsync {
  const framed = embedIn.length > 0

  return async (app: FastifyInstance) => {
    const config = { scope: 'public' } as const
    const wrong = wrongLogins(app)

    app.get('/login', { config }, async (request, reply) => {
      const code = textOf(request.query, 'code')
      return showLogin(request, reply, code === undefined ? {} : { code })
    })

    app.post('/login', { config }, async (request, reply) => {
      refuseOtherSites(request)
      const code = codeIn(textOf(request.body, 'code') ?? '')
      const before = cookieOf(request, 'login')
      if (before === undefined)
        return showLogin(request, reply.code(403), { code, problem: 'late' })
      refuseForgedForm(request, before)
      await wrong.refuseMany(request)
      const login = isSecret('login', code) ? await useLogin(database, code, now()) : undefined
      if (login === undefined) {
        await wrong.count(request)
        return showLogin(request, reply.code(403), { problem: 'code' })
      }
      // Whoever knew the session before, does not know this one.
      await endSession(request)
      const secret = await openSession(database, { ...login, now: now() })
      setCookie(request, reply, { kind: 'session', secret, framed, seconds: SESSION_DAYS * 86_400 })
      dropCookie(request, reply, { kind: 'login', framed })
      return reply.redirect(ownPath(textOf(request.body, 'to')), 303)
    })

    app.post('/logout', { config }, async (request, reply) => {
      refuseOtherSites(request)
      const session = cookieOf(request, 'session')
      if (session !== undefined) refuseForgedForm(request, session)
      await endSession(request)
      dropCookie(request, reply, { kind: 'session', framed })
      return reply.redirect('/login', 303)
    })
  }

  function showLogin(
    request: FastifyRequest,
    reply: FastifyReply,
    shown: { code?: string; problem?: 'code' | 'late' },
  ): FastifyReply {
    const secret = cookieOf(request, 'login') ?? newSecret('session')
    setCookie(request, reply, { kind: 'login', secret, framed, seconds: PAGE_SECONDS })
    const to = ownPath(textOf(request.query, 'to') ?? textOf(request.body, 'to'))
    const page = loginPage({ ...shown, to, formToken: formTokenOf(secret) })
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(String(page))
  }

  async function endSession(request: FastifyRequest): Promise<void> {
    const session = cookieOf(request, 'session')
    if (session !== undefined) await closeSession(database, session)
  }
}

/** A code, also out of the whole link in which somebody was given it. */
function codeIn(text: string): string {
  return /[?&]code=([^&#\s]+)/.exec(text)?.[1] ?? text.trim()
}

/** The path if it leads to this server, otherwise the first page. */
function ownPath(path: string | undefined): string {
  const leads = path !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(path)
  return leads && URL.parse(path, BASE)?.origin === BASE ? path : '/'
}

function textOf(fields: unknown, name: string): string | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined
  const value: unknown = Reflect.get(fields, name)
  return typeof value === 'string' ? value : undefined
}

const BASE = 'http://this.invalid'
/** How long a page with the form may stay open. */
const PAGE_SECONDS = 3600
