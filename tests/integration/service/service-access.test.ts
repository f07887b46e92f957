import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LedgerDatabase, openDatabase } from '../../../src/ledger/sql/database.ts'
import { personNamed } from '../../../src/service/access/persons.ts'
import { formTokenOf, newSecret } from '../../../src/service/access/secret.ts'
import { openSession } from '../../../src/service/access/sessions.ts'
import { createToken, revokeTokens } from '../../../src/service/access/tokens.ts'
import { type Scope, scopes } from '../../../src/service/http/identity.ts'
import { type Serving, serve } from '../../../src/service/serve.ts'
import { temporaryFolder } from '../../repository.ts'
import { shopInProduction } from './serving.ts'
import { ImitatedIssuer } from './workflow-issuer.ts'

type Route = { method: string; url: string; scope: Scope | 'public' }

const routes: Route[] = []
const logged: string[] = []
let serving: Serving
let database: LedgerDatabase
let issuer: ImitatedIssuer

beforeAll(async () => {
  subscribe('fastify.initialization', takeDownRoutes)
  issuer = await ImitatedIssuer.start()
  const ledger = `sqlite:${await temporaryFolder()}/ledger.sqlite`
  serving = await serve({
    project: await shopInProduction(),
    ledger,
    host: '127.0.0.1',
    port: 0,
    release: '0.1.0',
    access: { workflows: issuer.trusted() },
    logs: { write: (line) => void logged.push(line) },
  })
  database = await openDatabase(ledger)
})

afterAll(async () => {
  unsubscribe('fastify.initialization', takeDownRoutes)
  await serving.close()
  await database.close()
  issuer.close()
})

it('leaves open what has to be, and no route that is added later without being named here', () => {
  const open = routes.filter(({ scope, method }) => scope === 'public' && method !== 'HEAD')
  expect(open.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
    'GET /health/live',
    'GET /health/ready',
    'GET /language',
    'GET /login',
    'GET /openapi.json',
    'GET /page.css',
    'GET /page.svg',
    'POST /login',
    'POST /logout',
  ])
})

describe('on every route of the service', () => {
  it('nobody gets in without a token, or by one that is wrong, revoked, over or of another kind', async () => {
    const { token } = await made({ scopes })
    const revoked = await made({ scopes })
    await revokeTokens(database, revoked.id)
    const over = await made({ scopes, expires: new Date(Date.now() - 1000).toISOString() })
    const wrong = {
      none: {},
      'nothing in it': { authorization: 'Bearer ' },
      'another scheme': { authorization: `Basic ${btoa(`x:${token}`)}` },
      'of another system': { authorization: `Bearer ghp_${'a'.repeat(36)}` },
      'made by nobody': { authorization: `Bearer ${newSecret('token')}` },
      'cut off': { authorization: `Bearer ${token.slice(0, -1)}` },
      'in capitals': { authorization: `Bearer ${token.toUpperCase()}` },
      revoked: { authorization: `Bearer ${revoked.token}` },
      over: { authorization: `Bearer ${over.token}` },
      'in a cookie': { cookie: `cd4ml-session=${token}` },
    }
    for (const route of guarded()) {
      for (const [which, headers] of Object.entries(wrong)) {
        const answer = await ask(route, headers)
        expect(answer.status, `${which}: ${route.method} ${route.url}`).toBe(401)
        expect(answer.headers.get('www-authenticate')).toContain('Bearer realm="cd4ml"')
        expect(answer.headers.get('cache-control')).toBe('no-store')
      }
    }
  })

  it('nobody gets in by a scope that is not its own', async () => {
    for (const scope of scopes) {
      const others = scopes.filter((other) => other !== scope)
      const { token } = await made({ scopes: others })
      for (const route of guarded().filter((route) => route.scope === scope)) {
        const answer = await ask(route, { authorization: `Bearer ${token}` })
        expect(answer.status, `${route.method} ${route.url}`).toBe(403)
        expect(answer.headers.get('www-authenticate')).toContain(`scope="${scope}"`)
      }
    }
  })

  it('no workflow gets in but the one that is trusted, where it has to', async () => {
    const wrong = {
      'another repository': await issuer.token({ repository: 'evil/orders' }),
      'another branch': await issuer.token({ ref: 'refs/heads/topic' }),
      'another audience': await issuer.token({ aud: 'https://other.example' }),
      'another issuer': await issuer.token({ iss: 'https://evil.example' }),
      over: await issuer.token({ exp: issuer.in(-60) }),
      'another key': await issuer.token({}, { by: 'another' }),
      'no key': issuer.unsigned(),
      'a public key': await issuer.confused(),
    }
    const right = await issuer.token()
    for (const route of guarded()) {
      for (const [which, token] of Object.entries(wrong)) {
        const answer = await ask(route, { authorization: `Bearer ${token}` })
        expect(answer.status, `${which}: ${route.method} ${route.url}`).toBe(401)
      }
      const { status } = await ask(route, { authorization: `Bearer ${right}` })
      const may = route.scope === 'read' || route.scope === 'record'
      if (may) expect([401, 403], `${route.method} ${route.url}`).not.toContain(status)
      else expect(status, `${route.method} ${route.url}`).toBe(403)
    }
  })

  it('no browser gets in by a cookie that nobody gave it, or changes anything for another site', async () => {
    const session = await begun(scopes)
    const form = { 'x-form-token': formTokenOf(session) }
    const cookie = { cookie: `cd4ml-session=${session}` }
    const foreign = {
      'a wrong cookie': { ...form, cookie: `cd4ml-session=${newSecret('session')}` },
      'the cookie of a page before': { ...form, cookie: `cd4ml-login=${session}` },
      'the cookie of https over http': { ...form, cookie: `__Host-cd4ml-session=${session}` },
    }
    const forged = {
      'no token of the form': { ...cookie },
      'the token of another form': {
        ...cookie,
        'x-form-token': formTokenOf(await begun(scopes)),
      },
      'another origin': { ...cookie, ...form, origin: 'https://evil.example' },
      'no origin that is told': { ...cookie, ...form, origin: 'null' },
      'another port': { ...cookie, ...form, origin: 'http://127.0.0.1:1' },
      'another site': { ...cookie, ...form, 'sec-fetch-site': 'cross-site' },
      'a site beside': { ...cookie, ...form, 'sec-fetch-site': 'same-site' },
    }
    for (const route of guarded()) {
      const where = `${route.method} ${route.url}`
      for (const [which, headers] of Object.entries(foreign)) {
        expect((await ask(route, headers)).status, `${which}: ${where}`).toBe(401)
        const page = await ask(route, { ...headers, accept: 'text/html' })
        expect(page.headers.get('location'), `${which}: ${where}`).toMatch(/^\/login\?to=/)
      }
      if (route.method === 'GET') continue
      for (const [which, headers] of Object.entries(forged)) {
        expect((await ask(route, headers)).status, `${which}: ${where}`).toBe(403)
      }
    }
  })

  it('whoever belongs gets in', async () => {
    const { token } = await made({ scopes })
    const session = await begun(scopes)
    for (const route of guarded()) {
      for (const headers of [
        { authorization: `Bearer ${token}` },
        {
          cookie: `cd4ml-session=${session}`,
          'x-form-token': formTokenOf(session),
          origin: serving.address,
          'sec-fetch-site': 'same-origin',
        },
      ]) {
        const { status } = await ask(route, headers)
        expect([401, 403, 429, 500], `${route.method} ${route.url}`).not.toContain(status)
      }
    }
  })
})

it('says in no line of its log by what it was that somebody asked', async () => {
  const { token } = await made({ scopes })
  const session = await begun(scopes)
  const workflow = await issuer.token()
  for (const route of guarded()) {
    await ask(route, { authorization: `Bearer ${token}` })
    await ask(route, { authorization: `Bearer ${workflow}` })
    await ask(route, { cookie: `cd4ml-session=${session}`, 'x-form-token': formTokenOf(session) })
  }
  const lines = logged.join('')
  expect(logged.length).toBeGreaterThan(3 * guarded().length)
  for (const secret of [token, session, workflow, formTokenOf(session)]) {
    expect(lines).not.toContain(secret.slice(-30))
  }
})

function guarded(): Route[] {
  // HEAD is the same route as GET.
  const found = routes.filter(({ scope, method }) => scope !== 'public' && method !== 'HEAD')
  expect(found.length).toBeGreaterThan(20)
  return found
}

/** The answer to a request of this route, about something that is not there. */
async function ask({ method, url }: Route, headers: Record<string, string>): Promise<Response> {
  const path = url.replaceAll(/:\w+/g, 'nobody')
  const isForm = !path.startsWith('/v1/')
  const answer = await fetch(serving.address + path, {
    method,
    headers: {
      ...(method === 'POST' && {
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      }),
      ...headers,
    },
    ...(method === 'POST' && { body: isForm ? 'x=1' : '{"x":1}' }),
    redirect: 'manual',
  })
  await answer.arrayBuffer()
  return answer
}

async function made({ scopes, expires }: { scopes: Iterable<Scope>; expires?: string }) {
  const { secret, token } = await createToken(database, {
    name: 'system',
    scopes,
    now: new Date(),
    ...(expires !== undefined && { expires }),
  })
  return { token: secret, id: token.id }
}

async function begun(scopes: Iterable<Scope>): Promise<string> {
  const now = new Date()
  const { pseudonym } = await personNamed(database, 'Ana', now)
  const secret = await openSession(database, { person: pseudonym, scopes, now })
  return secret
}

/** Every route of every server that is made while these tests run. */
function takeDownRoutes(message: unknown): void {
  const { fastify } = message as { fastify: import('fastify').FastifyInstance }
  fastify.addHook('onRoute', ({ method, url, config, schema }) => {
    const known = [method].flat()
    // Those of one address that answer that they are not known.
    if (known.includes('OPTIONS') && schema?.hide) return
    for (const one of known) routes.push({ method: one, url, scope: config?.scope ?? 'public' })
  })
}
