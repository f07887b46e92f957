import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { USUAL_SETTINGS } from '../../../src/base/project-settings.ts'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { accessPlugin } from '../../../src/service/access/access-plugin.ts'
import { createToken, listTokens, revokeTokens } from '../../../src/service/access/tokens.ts'
import type { Scope } from '../../../src/service/http/identity.ts'
import { temporaryFolder } from '../../repository.ts'
import { bigList, naughty } from '../../unit/reporting/examples.ts'
import { Browser, guardedServer, loggedIn } from './access-fixture.ts'

describe('a route', () => {
  it('that does not say who may call it keeps the server from starting, so that none is open by mistake', async () => {
    const database = await openDatabase('sqlite:ledger.sqlite', await temporaryFolder())
    const app = Fastify()
    await app.register(
      accessPlugin({ database, now: () => new Date(), settings: () => USUAL_SETTINGS }),
    )
    expect(() => app.get('/v1/secret', async () => 'all')).toThrow(
      'the route GET /v1/secret does not say by config.scope who may call it',
    )
    await app.close()
    await database.close()
  })

  it('that is public asks nobody who they are', async () => {
    const { app } = await guardedServer()
    const { statusCode, body } = await app.inject({
      url: '/public',
      headers: { authorization: 'Bearer wrong' },
    })
    expect([statusCode, body]).toEqual([200, 'nobody'])
  })

  it('that is not there says so to everybody', async () => {
    const { app } = await guardedServer()
    expect((await app.inject('/nothing')).statusCode).toBe(404)
  })
})

describe('a token', () => {
  it('lets a system do what its scopes say, and nothing else', async () => {
    const { app, database, clock } = await guardedServer()
    const { secret, token } = await createToken(database, {
      name: 'stock system',
      scopes: ['read', 'decide'],
      now: clock.now(),
    })
    const ask = (url: string) => app.inject({ url, headers: { authorization: `Bearer ${secret}` } })
    expect((await ask('/read')).json()).toMatchObject({
      pseudonym: token.pseudonym,
      scopes: ['read', 'decide'],
      by: 'token',
    })
    expect((await ask('/decide')).statusCode).toBe(200)
    const refused = await ask('/record')
    expect(refused.statusCode).toBe(403)
    expect(refused.headers['www-authenticate']).toBe(
      'Bearer realm="cd4ml", error="insufficient_scope", scope="record"',
    )
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(refused.json()).toMatchObject({
      status: 403,
      detail: 'This needs the scope record; whoever asks has read, decide.',
    })
    expect((await ask('/admin')).statusCode).toBe(403)
  })

  it.each([
    ['none', undefined, 'Who asks? Send a token.'],
    ['another scheme', 'Basic YTpi', 'must be: Bearer, a space, and a token'],
    ['an empty one', 'Bearer ', 'must be: Bearer, a space, and a token'],
    ['one of another kind', 'Bearer ghp_0123456789', 'not known here'],
    ['one that nobody made', `Bearer cd4ml_${'A'.repeat(43)}`, 'not known here'],
    ['two', 'Bearer a b', 'must be: Bearer, a space, and a token'],
    ['one that is SQL', "Bearer '--or'1'='1", 'not known here'],
  ])('is asked for where there is %s', async (_, authorization, detail) => {
    const { app } = await guardedServer()
    const refused = await app.inject({
      url: '/read',
      headers: { ...(authorization !== undefined && { authorization }) },
    })
    expect(refused.statusCode).toBe(401)
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer realm="cd4ml"/)
    expect(refused.json().detail).toContain(detail)
  })

  it('that was revoked lets nobody in from the next request on, whichever process revoked it', async () => {
    const { app, database, clock } = await guardedServer()
    const { secret, token } = await createToken(database, {
      name: 'stock system',
      scopes: ['read'],
      now: clock.now(),
    })
    const ask = async () =>
      (await app.inject({ url: '/read', headers: { authorization: `Bearer ${secret}` } }))
        .statusCode
    expect(await ask()).toBe(200)
    expect(await revokeTokens(database, token.id)).toHaveLength(1)
    expect(await ask()).toBe(401)
  })

  it('ends when it was to end, and says so', async () => {
    const { app, database, clock } = await guardedServer()
    const expires = '2026-03-03T00:00:00.000Z'
    const { secret } = await createToken(database, {
      name: 'stock system',
      scopes: ['read'],
      expires,
      now: clock.now(),
    })
    const ask = () => app.inject({ url: '/read', headers: { authorization: `Bearer ${secret}` } })
    expect((await ask()).statusCode).toBe(200)
    clock.advance({ hours: 12 })
    const refused = await ask()
    expect(refused.statusCode).toBe(401)
    expect(refused.json().detail).toBe(`The token expired at ${expires}.`)
  })

  it('is kept by nobody: neither its secret in the database, nor in what is logged', async () => {
    const { app, database, clock, logged } = await guardedServer()
    const { secret } = await createToken(database, {
      name: 'stock system',
      scopes: ['read'],
      now: clock.now(),
    })
    await app.inject({ url: '/read', headers: { authorization: `Bearer ${secret}` } })
    await app.inject({ url: '/admin', headers: { authorization: `Bearer ${secret}` } })
    await app.inject({ url: '/read', headers: { authorization: `Bearer ${secret}x` } })
    const rows = await database.kysely.selectFrom('tokens').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6))
    expect(logged.length).toBeGreaterThan(5)
    expect(logged.join('')).not.toContain(secret.slice(6))
  })

  it('shows on which day it was last used', async () => {
    const { app, database, clock } = await guardedServer()
    const { secret } = await createToken(database, {
      name: 'stock system',
      scopes: ['read'],
      now: clock.now(),
    })
    expect((await listTokens(database))[0].used).toBeUndefined()
    await app.inject({ url: '/read', headers: { authorization: `Bearer ${secret}` } })
    expect((await listTokens(database))[0].used).toBe('2026-03-02')
  })
})

describe('a link to log in', () => {
  it('begins a session by its button, once: what looks at links before people do uses none up', async () => {
    const { app, pseudonym, newPath } = await loggedIn()
    const path = await newPath()
    const filter = new Browser(app)
    expect((await filter.get(path)).statusCode).toBe(200)
    const browser = new Browser(app)
    await browser.get(path)
    const entered = await browser.send()
    expect([entered.statusCode, entered.headers.location]).toEqual([303, '/'])
    expect((await browser.get('/read')).json()).toMatchObject({
      pseudonym,
      scopes: ['read', 'decide'],
      by: 'session',
    })
    await filter.get(path)
    expect((await filter.send()).statusCode).toBe(403)
    expect((await filter.get('/read')).headers.location).toBe('/login?to=%2Fread')
  })
})

describe('whoever logs in', () => {
  it('is told on the page what did not work, and can try again there', async () => {
    const { app, newPath } = await loggedIn()
    const browser = new Browser(app)
    const refused = async (
      said: string,
      status: number,
      sent: Promise<{ statusCode: number; body: string }>,
    ) => {
      const { statusCode, body } = await sent
      expect([statusCode, body.includes(said)]).toEqual([status, true])
      expect(body).toContain('<button>Log in</button>')
    }
    await browser.get('/login')
    await refused('This link was used before', 403, browser.send({ code: 'wrong' }))
    await refused('That did not work', 403, browser.send({}, { origin: 'https://evil.example' }))
    await refused('That did not work', 403, browser.send({ formToken: 'wrong' }))
    const path = await newPath()
    await browser.get(path)
    browser.cookies.clear()
    await refused('The page was open for too long', 403, browser.send())
    expect((await browser.send()).statusCode).toBe(303)
  })

  it('reads the page in the language of the browser, and may enter the whole link in it', async () => {
    const { app, newPath } = await loggedIn()
    const browser = new Browser(app, { 'accept-language': 'pt-BR,pt;q=0.9' })
    expect((await browser.get('/login')).body).toContain('<h1>Entrar</h1>')
    const entered = await browser.send({ code: `https://orders.example${await newPath()}` })
    expect(entered.statusCode).toBe(303)
  })

  it('comes to the page that was asked for, and to no other site', async () => {
    const { app, newPath } = await loggedIn()
    const asked = await new Browser(app).get('/read?q=%C3%A9')
    expect(asked.headers.location).toBe('/login?to=%2Fread%3Fq%3D%25C3%25A9')
    for (const [to, comes] of [
      ['/read?q=1', '/read?q=1'],
      ['//evil.example', '/'],
      ['/\\evil.example', '/'],
      ['https://evil.example', '/'],
      ['/\nset-cookie:a', '/'],
      ['javascript:alert(1)', '/'],
    ]) {
      const browser = new Browser(app)
      await browser.get(`${await newPath()}&to=${encodeURIComponent(to)}`)
      expect((await browser.send()).headers.location).toBe(comes)
    }
  })

  it('gets a new session, and nobody stays in the one before', async () => {
    const { browser, app, newPath } = await loggedIn()
    const before = new Map(browser.cookies)
    await browser.get(await newPath())
    await browser.send()
    expect(browser.cookies.get('cd4ml-session')).not.toBe(before.get('cd4ml-session'))
    const old = new Browser(app)
    for (const [name, value] of before) old.cookies.set(name, value)
    expect((await old.get('/read')).statusCode).toBe(303)
  })

  it('is out after logging out, also with the cookie that the browser had', async () => {
    const { browser } = await loggedIn()
    const { formToken } = (await browser.get('/read')).json()
    const cookies = new Map(browser.cookies)
    expect((await browser.post('/logout', {})).statusCode).toBe(403)
    expect((await browser.get('/read')).statusCode).toBe(200)
    expect((await browser.post('/logout', { formToken })).headers.location).toBe('/login')
    expect(browser.cookies.has('cd4ml-session')).toBe(false)
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    expect((await browser.get('/read')).statusCode).toBe(303)
  })

  it('stays in as long as the session is used, and at most 30 days', async () => {
    const { browser, clock } = await loggedIn()
    const isIn = async () => (await browser.get('/read')).statusCode === 200
    for (let day = 6; day < 30; day += 6) {
      clock.advance({ days: 6 })
      expect(await isIn()).toBe(true)
    }
    clock.advance({ days: 6 })
    expect(await isIn()).toBe(false)
    const other = await loggedIn()
    other.clock.advance({ days: 7, seconds: 1 })
    expect((await other.browser.get('/read')).statusCode).toBe(303)
  })

  it('comes too late by a link whose time is over', async () => {
    const { app, clock, newPath } = await loggedIn()
    const browser = new Browser(app)
    await browser.get(await newPath())
    clock.advance({ hours: 1 })
    expect((await browser.send()).statusCode).toBe(403)
  })
})

describe('a person who asks to be forgotten', () => {
  it('is forgotten by a system that may, and by no other', async () => {
    const { app, database, clock, browser, pseudonym } = await loggedIn()
    const ask = async (scopes: Scope[], who: string) => {
      const { secret } = await createToken(database, { name: 'office', scopes, now: clock.now() })
      return await app.inject({
        method: 'DELETE',
        url: `/v1/persons/${who}`,
        headers: { authorization: `Bearer ${secret}` },
      })
    }
    expect((await ask(['read', 'decide', 'record'], pseudonym)).statusCode).toBe(403)
    expect((await ask(['admin'], 'Ana')).statusCode).toBe(400)
    expect((await ask(['admin'], 'ana')).statusCode).toBe(404)
    expect((await browser.get('/read')).statusCode).toBe(200)
    const forgotten = await ask(['admin'], pseudonym)
    expect(forgotten.json()).toEqual({ pseudonym, notes: 0, sessions: 1, tokens: 0 })
    expect((await browser.get('/read')).statusCode).toBe(303)
    expect((await ask(['admin'], pseudonym)).statusCode).toBe(404)
  })
})

describe('a session', () => {
  it('changes something only by a form of its own page: not by what another site has the browser send', async () => {
    const { browser } = await loggedIn()
    const formToken = (await browser.get('/read')).json().formToken
    const post = async (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      (await browser.post('/decide', fields, headers)).statusCode
    expect(await post({ formToken, units: '3' })).toBe(200)
    expect(await post({ units: '3' })).toBe(403)
    expect(await post({ formToken: '', units: '3' })).toBe(403)
    expect(await post({ formToken: `${formToken}x` })).toBe(403)
    expect(await post({ formToken }, { origin: 'https://evil.example' })).toBe(403)
    expect(await post({ formToken }, { origin: 'null' })).toBe(403)
    expect(await post({ formToken }, { 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await post({ formToken }, { 'sec-fetch-site': 'same-site' })).toBe(403)
    expect(await post({ formToken }, { 'sec-fetch-site': 'same-origin' })).toBe(200)
  })

  it('takes no form of another session: what one buyer was shown, another cannot be made to send', async () => {
    const [one, other] = [await loggedIn(), await loggedIn()]
    const { formToken } = (await one.browser.get('/read')).json()
    expect((await other.browser.post('/decide', { formToken })).statusCode).toBe(403)
  })

  it('hands the route a body without the token of the form, which is none of its own', async () => {
    const { browser } = await loggedIn()
    const { formToken } = (await browser.get('/read')).json()
    const sent = await browser.post('/decide', { formToken, units: '3' })
    expect(sent.json().body).toEqual({ units: '3' })
  })

  it('lets in by a cookie that no script reads and no other site sends, and over https only from this host', async () => {
    const { app, newPath } = await loggedIn({ trustProxy: true })
    const browser = new Browser(app, { 'x-forwarded-proto': 'https' })
    await browser.get(await newPath())
    const { cookies } = await browser.send()
    expect(cookies.find(({ name }) => name === '__Host-cd4ml-session')).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
      path: '/',
    })
    expect((await browser.get('/read')).statusCode).toBe(200)
  })
})

it('lets a buyer log in within a frame of the stock system, with a cookie that holds there alone', async () => {
  const { app, newPath } = await loggedIn({ trustProxy: true, embedIn: ['https://stock.example'] })
  const browser = new Browser(app, { 'x-forwarded-proto': 'https' })
  await browser.get(await newPath())
  const { headers } = await browser.send()
  expect(String(headers['set-cookie'])).toMatch(
    /__Host-cd4ml-session=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; Partitioned; SameSite=None/,
  )
  expect((await browser.get('/read')).statusCode).toBe(200)
})

describe('a browser is told', () => {
  it('to run no script, to load and send nothing elsewhere, and to show no page in a frame', async () => {
    const { app } = await guardedServer()
    for (const url of ['/public', '/read', '/login', '/nothing']) {
      const { headers } = await app.inject(url)
      expect(headers['content-security-policy']).toBe(
        "default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
      )
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      })
      expect(headers['strict-transport-security']).toBeUndefined()
    }
  })

  it('whose frames may show pages: only those that the chain has named', async () => {
    const { app } = await guardedServer({ embedIn: ['https://stock.example'] })
    const { headers } = await app.inject('/login')
    expect(headers['content-security-policy']).toContain('frame-ancestors https://stock.example')
    expect(headers['x-frame-options']).toBeUndefined()
  })

  it('to come by https only, where it came by https', async () => {
    const { app } = await guardedServer({ trustProxy: true })
    const { headers } = await app.inject({
      url: '/login',
      headers: { 'x-forwarded-proto': 'https' },
    })
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it('to keep nothing that only some may see', async () => {
    const { browser, app } = await loggedIn()
    for (const answer of [
      await browser.get('/read'),
      await app.inject('/read'),
      await app.inject('/login'),
    ]) {
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })
})

describe('too many', () => {
  it('wrong tokens from one address are refused, while whoever was known there goes on', async () => {
    const { app, database, clock } = await guardedServer()
    const make = async (name: string) =>
      (await createToken(database, { name, scopes: ['read'], now: clock.now() })).secret
    const ask = (secret: string, remoteAddress = '10.0.0.1') =>
      app.inject({ url: '/read', remoteAddress, headers: { authorization: `Bearer ${secret}` } })
    const [known, late] = [await make('known'), await make('late')]
    await ask(known)
    for (let i = 0; i < 1000; i++) expect((await ask(`cd4ml_${i}`)).statusCode).toBe(401)
    const refused = await ask('cd4ml_1001')
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await ask(late)).statusCode).toBe(429)
    expect((await ask(known)).statusCode).toBe(200)
    expect((await ask(late, '10.0.0.2')).statusCode).toBe(200)
  })

  it('wrong codes from one address are refused, also where the next one is right', async () => {
    const { app, newPath } = await loggedIn()
    const browser = new Browser(app)
    await browser.get(await newPath())
    for (let i = 0; i < 20; i++) {
      await browser.get(await newPath())
      expect((await browser.send({ code: `wrong ${i}` })).statusCode).toBe(403)
    }
    await browser.get(await newPath())
    expect((await browser.send()).statusCode).toBe(429)
  })

  it('pages are refused to one person long before a system is refused anything', async () => {
    const { browser } = await loggedIn()
    const left = async () => Number((await browser.get('/read')).headers['x-ratelimit-remaining'])
    expect(await left()).toBeLessThan(600)
    expect(await left()).toBeGreaterThan(500)
  })

  it('requests of one system are refused, and of it alone', async () => {
    const { app, database, clock } = await guardedServer({ requestsAMinute: 3 })
    const ask = async (secret: string) =>
      (await app.inject({ url: '/read', headers: { authorization: `Bearer ${secret}` } }))
        .statusCode
    const make = async (name: string) =>
      (await createToken(database, { name, scopes: ['read'], now: clock.now() })).secret
    const [loop, other] = [await make('loop'), await make('other')]
    for (const status of [200, 200, 200, 429]) expect(await ask(loop)).toBe(status)
    expect(await ask(other)).toBe(200)
  })
})

it('refuses whatever else somebody sends as a secret, a form, an address or a name, and never fails over it', async () => {
  const { app, database, clock, browser } = await loggedIn()
  const { secret } = await createToken(database, {
    name: 'office',
    scopes: ['admin'],
    now: clock.now(),
  })
  const { formToken } = (await browser.get('/read')).json()
  const texts = [...new Set([...naughty.map(({ text }) => text), ...bigList])]
  let remoteAddress = 0
  for (const text of texts) {
    // What no header can hold, no client can send.
    const header = encodeURIComponent(text.toWellFormed())
    const latin = Buffer.from(text)
      .toString('latin1')
      .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')
    const from = { remoteAddress: `10.0.${remoteAddress >> 8}.${remoteAddress++ % 250}` }
    const query = new URLSearchParams({ code: text, to: text })
    const answers = [
      await app.inject({ ...from, url: '/read', headers: { authorization: latin } }),
      await app.inject({ ...from, url: '/read', headers: { authorization: `Bearer ${latin}` } }),
      await app.inject({ ...from, url: '/read', headers: { cookie: `cd4ml-session=${latin}` } }),
      await app.inject({ ...from, url: '/read', headers: { cookie: latin, origin: latin } }),
      await app.inject({ ...from, url: `/login?${query}` }),
      await browser.post('/login', { code: text, to: text, formToken: text }),
      await browser.post('/decide', { formToken, [text]: text }, { 'sec-fetch-site': header }),
      await app.inject({
        ...from,
        method: 'DELETE',
        url: `/v1/persons/${header}`,
        headers: { authorization: `Bearer ${secret}` },
      }),
    ]
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(Math.max(...statuses), `${JSON.stringify(text)}: ${statuses}`).toBeLessThan(500)
    expect(statuses[0] === 200 || statuses[1] === 200 || statuses[2] === 200).toBe(false)
  }
})
