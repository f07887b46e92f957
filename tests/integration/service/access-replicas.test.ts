import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import {
  forgetPerson,
  namesOf,
  personNamed,
  personOf,
} from '../../../src/service/access/persons.ts'
import { newSecret } from '../../../src/service/access/secret.ts'
import { newLoginPath } from '../../../src/service/access/sessions.ts'
import { createToken, listTokens, revokeTokens } from '../../../src/service/access/tokens.ts'
import { startPostgres } from '../../postgres.ts'
import { Browser, guardedServer } from './access-fixture.ts'

const postgres = await startPostgres()

describe.skipIf(!postgres)('two replicas on one PostgreSQL', () => {
  it('take the same tokens, and refuse what the other has revoked from the next request on', async () => {
    const { one, other } = await replicas()
    const { secret, token } = await createToken(one.database, {
      name: 'stock',
      scopes: ['read'],
      expires: '2030-01-01T00:00:00.000Z',
      now: one.clock.now(),
    })
    for (const { ask } of [one, other]) expect(await ask(secret)).toBe(200)
    expect(await listTokens(other.database)).toMatchObject([{ id: token.id, name: 'stock' }])
    await revokeTokens(one.database, 'stock')
    for (const { ask } of [other, one]) expect(await ask(secret)).toBe(401)
  })

  it('let one person in by a link, where two use it at once', async () => {
    const { one, other } = await replicas()
    const { pseudonym } = await personNamed(one.database, 'Ana', one.clock.now())
    const path = await newLoginPath(one.database, {
      person: pseudonym,
      scopes: ['read'],
      hours: 1,
      now: one.clock.now(),
    })
    const browsers = [one, other, one, other].map(({ app }) => new Browser(app))
    for (const browser of browsers) await browser.get(path)
    const answers = await Promise.all(browsers.map((browser) => browser.send()))
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 403, 403, 403])
    // The session is one of both.
    const entered = browsers[answers.findIndex(({ statusCode }) => statusCode === 303)]
    const elsewhere = new Browser(other.app)
    for (const [name, value] of entered.cookies) elsewhere.cookies.set(name, value)
    expect((await elsewhere.get('/read')).statusCode).toBe(200)
  })

  it('know one person by one pseudonym, where both meet her at once, and forget her everywhere', async () => {
    const { one, other } = await replicas()
    const account = { issuer: 'https://accounts.example', subject: '7', name: 'Ana' }
    const met = await Promise.all(
      [one, other, one, other].map(({ database, clock }) =>
        personOf(database, { ...account, now: clock.now() }),
      ),
    )
    const [{ pseudonym }] = met
    expect(met).toEqual(Array(4).fill({ pseudonym, name: 'Ana' }))
    expect(await namesOf(other.database, [pseudonym])).toEqual(new Map([[pseudonym, 'Ana']]))
    expect(await forgetPerson(other.database, pseudonym)).toMatchObject({ pseudonym })
    expect(await namesOf(one.database, [pseudonym])).toEqual(new Map())
    expect(await forgetPerson(one.database, pseudonym)).toBeUndefined()
  })

  it('go on for whom they know while the database is lost, let nobody new in, and come back', async () => {
    const { one } = await replicas()
    const make = async (name: string) =>
      (await createToken(one.database, { name, scopes: ['read'], now: one.clock.now() })).secret
    const [known, late] = [await make('known'), await make('late')]
    expect(await one.ask(known)).toBe(200)
    const browser = new Browser(one.app)
    await browser.get(`/login?code=${newSecret('login')}`)
    await postgres!.kill()
    expect([await one.ask(known), await one.ask(late)]).toEqual([200, 503])
    expect(await one.ask(`cd4ml_${'A'.repeat(43)}`)).toBe(503)
    const login = await browser.send()
    expect([login.statusCode, login.headers['retry-after']]).toEqual([503, '60'])
    expect(login.body).toContain('Nobody can be let in now. Please try again in a few minutes.')
    await postgres!.start()
    one.clock.advance({ seconds: 2 })
    expect([await one.ask(known), await one.ask(late)]).toEqual([200, 200])
  })
})

async function replicas() {
  const url = await postgres!.newDatabase()
  const replica = async () => {
    const server = await guardedServer({ database: await openDatabase(url) })
    const ask = async (secret: string) => {
      const headers = { authorization: `Bearer ${secret}` }
      return (await server.app.inject({ url: '/read', headers })).statusCode
    }
    return { ...server, ask }
  }
  return { one: await replica(), other: await replica() }
}
