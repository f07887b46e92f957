import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/ledger/sql/database.ts'
import { createToken } from '../../../src/service/access/tokens.ts'
import { cd4ml, succeed, succeedJson } from '../../project.ts'
import { temporaryFolder } from '../../repository.ts'
import { bigList, naughty } from '../../unit/reporting/examples.ts'
import { Browser, guardedServer } from './access-fixture.ts'

let project: string

beforeAll(async () => {
  project = await temporaryFolder()
})

describe('cd4ml token', () => {
  it('makes a token that a running server takes at once, and ends it for the next request', async () => {
    const { ask } = await running()
    const made = await cd4ml(project, [
      'token',
      'create',
      '--name',
      'stock',
      '--scope',
      'read,decide',
    ])
    expect(made.code).toBe(0)
    const secret = made.stdout.trim()
    expect(secret).toMatch(/^cd4ml_[\w-]{43}$/)
    expect(made.stderr).toContain('of "stock": read, decide, without an end. It is shown this once')
    expect((await ask(secret)).json().scopes).toEqual(['read', 'decide'])
    const [{ id }] = (await succeedJson(project, ['token', 'list'])).tokens
    expect(await succeed(project, ['token', 'revoke', id])).toContain(`Revoked: token ${id}`)
    expect((await ask(secret)).statusCode).toBe(401)
  })

  it('shows the secret once: neither a list nor its JSON has it', async () => {
    const secret = (await succeed(project, ['token', 'create', '--name', 'once'])).trim()
    const listed = await succeed(project, ['token', 'list'])
    expect(listed).toContain('once')
    expect(listed + JSON.stringify(await succeedJson(project, ['token', 'list']))).not.toContain(
      secret.slice(6, 20),
    )
    expect(readFileSync(join(project, '.cd4ml/ledger.sqlite')).includes(secret.slice(6))).toBe(
      false,
    )
  })

  it('ends all tokens of a name, so that a system can be cut off without knowing which are its own', async () => {
    for (let i = 0; i < 2; i++) await succeed(project, ['token', 'create', '--name', 'till'])
    const { revoked } = await succeedJson(project, ['token', 'revoke', 'till'])
    expect(revoked).toHaveLength(2)
    expect(new Set(revoked.map(({ pseudonym }: { pseudonym: string }) => pseudonym)).size).toBe(1)
  })

  it('makes a link with which a person logs in once, at the address that people reach', async () => {
    const { app } = await running()
    const args = ['token', 'create', '--login', 'Ana', '--address', 'https://orders.example/']
    const { link, pseudonym, name } = await succeedJson(project, args)
    expect(name).toBe('Ana')
    const { origin, pathname, search } = new URL(link)
    expect(origin).toBe('https://orders.example')
    const browser = new Browser(app)
    await browser.get(pathname + search)
    expect((await browser.send()).statusCode).toBe(303)
    expect((await browser.get('/read')).json()).toMatchObject({ pseudonym, by: 'session' })
  })

  it.each([
    [['create'], 'a token needs to be for somebody'],
    [['create', '--name', ' '], 'a name must be a text of 1 to 100 characters'],
    [['create', '--name', 'a\nb'], 'a name must be a text of 1 to 100 characters'],
    [['create', '--name', 'a'.repeat(101)], 'has 101 characters'],
    [['create', '--name', 'a', '--scope', 'all'], 'The scopes are read, decide, record, admin.'],
    [['create', '--name', 'a', '--expires', '2020-01-01'], 'must be a time to come'],
    [['create', '--name', 'a', '--expires', 'soon'], 'must be a time to come'],
    [['create', '--login', 'a', '--address', 'orders'], 'must be an address'],
    [['create', '--name', 'a', '--login', 'b'], 'cannot be used with'],
    [['create', '--login', 'b', '--expires', '1d'], 'cannot be used with'],
    [['revoke', 'nobody'], 'no token, or more than one'],
    [['revoke', ''], 'no token, or more than one'],
    [['forget', 'Nobody'], 'nobody is known as "Nobody"'],
    [['list', '--ledger', 'mysql://x'], '--ledger'],
  ])('says what is wrong with %j', async (args, said) => {
    const { code, stderr } = await cd4ml(project, ['token', ...args])
    expect(code).toBe(2)
    expect(stderr).toContain(said)
  })

  it('takes any name that can be shown, and shows none that moves the cursor', async () => {
    const folder = await temporaryFolder()
    const database = await openDatabase('sqlite:ledger.sqlite', folder)
    const ledger = ['--ledger', 'sqlite:ledger.sqlite']
    const texts = [...new Set([...naughty.map(({ text }) => text), ...bigList])]
    for (const name of texts) {
      const made = createToken(database, { name, scopes: ['read'], now: new Date() })
      await made.catch((error: unknown) => {
        expect(String(error)).toContain('a name must be a text of 1 to 100 characters')
      })
    }
    await database.close()
    const listed = await succeed(folder, ['token', 'list', ...ledger])
    expect(listed.split('\n').length).toBeGreaterThan(100)
    expect(listed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
})

describe('cd4ml token forget', () => {
  it('leaves nothing of a person: no name, session or token, not even in the bytes of the file', async () => {
    const folder = await temporaryFolder()
    const { app, ask } = await running(folder)
    const secret = (await succeed(folder, ['token', 'create', '--name', 'Zuleide Quaresma'])).trim()
    const args = ['token', 'create', '--login', 'Zuleide Quaresma']
    const { link } = await succeedJson(folder, args)
    const browser = new Browser(app)
    const { pathname, search } = new URL(link)
    await browser.get(pathname + search)
    await browser.send()
    expect((await browser.get('/read')).statusCode).toBe(200)
    expect((await ask(secret)).statusCode).toBe(200)

    expect(await succeedJson(folder, ['token', 'forget', 'Zuleide Quaresma'])).toMatchObject({
      sessions: 1,
      tokens: 1,
    })
    expect((await ask(secret)).statusCode).toBe(401)
    expect((await browser.get('/read')).headers.location).toBe('/login?to=%2Fread')
    for (const file of ['ledger.sqlite', 'ledger.sqlite-wal']) {
      expect(readFileSync(join(folder, '.cd4ml', file)).includes('Quaresma')).toBe(false)
    }
  })
})

/** A server on the ledger of the project, as one in another process would be. */
async function running(folder = project) {
  const database = await openDatabase('sqlite:.cd4ml/ledger.sqlite', folder)
  const { app } = await guardedServer({ database, now: () => new Date() })
  const ask = (secret: string) =>
    app.inject({ url: '/read', headers: { authorization: `Bearer ${secret}` } })
  return { app, ask }
}
