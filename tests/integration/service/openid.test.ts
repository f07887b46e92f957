import { describe, expect, it } from 'vitest'
import type { OpenIdProvider } from '../../../src/service/access/openid.ts'
import { Browser, guardedServer } from './access-fixture.ts'
import { ImitatedProvider } from './openid-provider.ts'

it('lets a buyer in by an account of the chain, under a pseudonym that nobody can tell it from', async () => {
  const { app, browser, provider, database } = await withProvider()
  const asked = await browser.get('/login/account?to=/products')
  expect(asked.statusCode).toBe(303)
  const entered = await browser.get(provider.agree(String(asked.headers.location)))
  expect([entered.statusCode, entered.headers.location]).toEqual([303, '/products'])
  const { pseudonym, scopes } = (await browser.get('/read')).json()
  expect(scopes).toEqual(['read', 'decide'])
  expect(pseudonym).toMatch(/^p-[0-9a-f]{16}$/)

  const again = new Browser(app)
  await enter(again, provider)
  expect((await again.get('/read')).json().pseudonym).toBe(pseudonym)
  provider.claims = { ...provider.claims, sub: 'account 8' }
  const other = new Browser(app)
  await enter(other, provider)
  expect((await other.get('/read')).json().pseudonym).not.toBe(pseudonym)
  expect(await database.kysely.selectFrom('persons').select(['name', 'subject']).execute()).toEqual(
    [
      { name: 'Ana Souza', subject: 'account 7' },
      { name: 'Ana Souza', subject: 'account 8' },
    ],
  )
})

it('offers the account on the page that asks people to log in', async () => {
  const { browser } = await withProvider()
  expect((await browser.get('/login?to=/products')).body).toContain(
    '<a href="/login/account?to=%2Fproducts">',
  )
})

describe('nobody is let in', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['of another domain', { email: 'ana@evil.example' }, 'does not belong'],
    ['of a domain that ends alike', { email: 'ana@notchain.example' }, 'does not belong'],
    ['whose address nobody has verified', { email_verified: false }, 'does not belong'],
    ['of whom it is not said whether it was', { email_verified: undefined }, 'does not belong'],
    ['without an address', { email: undefined }, 'does not belong'],
    ['whose token is for another client', { aud: 'other' }, 'did not work'],
    ['whose token is of another issuer', { iss: 'https://evil.example' }, 'did not work'],
    ['whose token was asked for by another login', { nonce: 'other' }, 'did not work'],
    ['whose token has a name that is none', { name: ['Ana'] }, 'did not work'],
  ])('%s', async (_, claims, said) => {
    const { browser, provider } = await withProvider()
    provider.claims = { ...provider.claims, ...claims }
    const refused = await enter(browser, provider)
    expect(refused.statusCode).toBe(403)
    expect(refused.body).toContain(said)
    expect((await browser.get('/read')).statusCode).toBe(303)
  })

  it('by a token that another key has signed', async () => {
    const { browser, provider } = await withProvider()
    provider.signedByAnother = true
    expect((await enter(browser, provider)).statusCode).toBe(403)
  })

  it('who did not begin here: by the address that another browser was sent back to', async () => {
    const { app, browser, provider } = await withProvider()
    const asked = await browser.get('/login/account')
    const back = provider.agree(String(asked.headers.location))
    const victim = new Browser(app)
    expect((await victim.get(back)).statusCode).toBe(403)
    await victim.get('/login/account')
    expect((await victim.get(back)).statusCode).toBe(403)
    expect((await victim.get('/read')).statusCode).toBe(303)
  })

  it('twice by the same code', async () => {
    const { browser, provider } = await withProvider()
    const asked = await browser.get('/login/account')
    const back = provider.agree(String(asked.headers.location))
    expect((await browser.get(back)).statusCode).toBe(303)
    expect((await browser.get(back)).statusCode).toBe(403)
  })

  it.each([
    '/login/account/back',
    '/login/account/back?error=access_denied',
    '/login/account/back?code=x',
  ])('by %s', async (back) => {
    const { browser } = await withProvider()
    await browser.get('/login/account')
    expect((await browser.get(back)).statusCode).toBe(403)
  })
})

it('lets members of a group in, whatever their address', async () => {
  const { browser, provider } = await withProvider({ group: 'buyers' })
  provider.claims = { sub: 'account 7', groups: ['staff', 'buyers'] }
  expect((await enter(browser, provider)).statusCode).toBe(303)
  provider.claims = { sub: 'account 8', groups: ['staff'] }
  expect((await enter(browser, provider)).statusCode).toBe(403)
})

it('says to try again later where the provider does not answer, and works once it does', async () => {
  const { browser, provider } = await withProvider()
  provider.status = 502
  expect((await browser.get('/login/account')).statusCode).toBe(503)
  provider.status = 200
  const asked = await browser.get('/login/account')
  const back = provider.agree(String(asked.headers.location))
  provider.status = 502
  expect((await browser.get(back)).statusCode).toBe(503)
  provider.status = 200
  expect((await enter(browser, provider)).statusCode).toBe(303)
})

it('refuses whoever names no host, to which nobody could be sent back', async () => {
  const { app } = await withProvider()
  const { statusCode } = await app.inject({ url: '/login/account', headers: { host: 'a b' } })
  expect(statusCode).toBe(400)
})

it('leads nobody to another site after the login', async () => {
  const { browser, provider } = await withProvider()
  for (const to of ['https://evil.example', '//evil.example', '/\\evil.example']) {
    const asked = await browser.get(`/login/account?to=${encodeURIComponent(to)}`)
    const entered = await browser.get(provider.agree(String(asked.headers.location)))
    expect(entered.headers.location).toBe('/')
  }
})

async function withProvider(allowed: OpenIdProvider['allowed'] = { emailDomain: 'chain.example' }) {
  const provider = await ImitatedProvider.start()
  const { app, database } = await guardedServer({
    provider: { issuer: provider.issuer, clientId: 'cd4ml', clientSecret: 'secret', allowed },
  })
  return { app, database, provider, browser: new Browser(app) }
}

async function enter(browser: Browser, provider: ImitatedProvider) {
  const asked = await browser.get('/login/account')
  return await browser.get(provider.agree(String(asked.headers.location)))
}
