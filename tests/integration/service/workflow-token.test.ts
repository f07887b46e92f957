import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { TrustedWorkflows } from '../../../src/service/access/workflow-token.ts'
import { guardedServer } from './access-fixture.ts'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

let keys: Keys
let others: Keys

beforeAll(async () => {
  const options = { extractable: true }
  keys = await generateKeyPair('RS256', options)
  others = await generateKeyPair('RS256', options)
})

it('lets the workflow of the trusted repository and branch in, so that no secret is shared with it', async () => {
  const { ask, sign } = await trusting()
  const { statusCode, body } = await ask(await sign({}))
  expect([statusCode, JSON.parse(body)]).toEqual([
    200,
    expect.objectContaining({ pseudonym: 'workflow', scopes: ['read', 'record'], by: 'workflow' }),
  ])
  expect((await ask(await sign({}), '/decide')).statusCode).toBe(403)
})

describe('a workflow is refused, and told why, by a token', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['of another repository', { repository: 'evil/orders' }, 'repository "evil/orders"'],
    ['of a fork of the same name', { repository: 'evil/chain-orders' }, 'not trusted here'],
    ['of another branch', { ref: 'refs/heads/topic' }, 'is of "refs/heads/topic"'],
    ['of a pull request', { ref: 'refs/pull/1/merge' }, 'is of "refs/pull/1/merge"'],
    ['of a tag of the name of the branch', { ref: 'refs/tags/main' }, 'is of "refs/tags/main"'],
    [
      'of what runs the code of others',
      { event_name: 'pull_request_target' },
      'pull_request_target',
    ],
    [
      'for another service',
      { aud: 'https://other.example' },
      'another aud: "https://other.example"',
    ],
    ['of another issuer', { iss: 'https://gitlab.com' }, 'another iss: "https://gitlab.com"'],
    ['that has expired', { exp: at(-31) }, 'expired at 2026-03-02T11:59:29.000Z'],
    ['that does not hold yet', { nbf: at(60) }, 'only at 2026-03-02T12:01:00.000Z'],
    ['without an end', { exp: undefined }, 'does not say its exp'],
    ['without a repository', { repository: undefined }, 'repository'],
    ['whose repository is no text', { repository: ['chain/orders'] }, 'repository'],
    ['whose repository is hostile', { repository: '\u202e\u0000"<script>' }, '‹U+202E›␀'],
  ])('%s', async (_, claims, detail) => {
    const { ask, sign } = await trusting()
    const refused = await ask(await sign(claims))
    expect(refused.statusCode).toBe(401)
    expect(refused.json().detail).toContain(detail)
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="cd4ml", error="invalid_token"')
  })

  it('that somebody else has signed, also where it names the key of the issuer', async () => {
    const { ask, sign } = await trusting()
    for (const kid of ['key', 'other', null]) {
      const refused = await ask(await sign({}, { key: others.privateKey, kid }))
      expect(refused.statusCode).toBe(401)
      expect(refused.json().detail).toContain('is signed by nobody who is trusted here')
    }
  })

  it('that is signed with what everybody knows: nothing, or the public key as a password', async () => {
    const { ask, claims } = await trusting()
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const unsigned = `${part({ alg: 'none', kid: 'key' })}.${part(claims)}.`
    const password = new TextEncoder().encode(await exportSPKI(keys.publicKey))
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'key' })
      .sign(password)
    for (const token of [unsigned, confused]) {
      const refused = await ask(token)
      expect(refused.statusCode).toBe(401)
      expect(refused.json().detail).toContain('is not signed with RS256')
    }
  })

  it.each(['a.b.c', 'a.b.', 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA', `${'a'.repeat(4000)}.a.a`])(
    'that is none: %s',
    async (token) => {
      const { ask } = await trusting()
      expect((await ask(token)).statusCode).toBe(401)
    },
  )

  it('of any kind where the chain trusts no workflows', async () => {
    const { app } = await guardedServer()
    const refused = await app.inject({ url: '/read', headers: { authorization: 'Bearer a.b.c' } })
    expect(refused.statusCode).toBe(401)
    expect(refused.json().detail).toContain('No workflows are trusted here')
  })
})

it('says to try again where the issuer does not tell its keys, and refuses nobody for that', async () => {
  const { ask, sign, issuer } = await trusting()
  const token = await sign({})
  issuer.broken = true
  const answer = await ask(token)
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
})

it('asks the issuer for its keys once, not for every request, nor for every token that names none', async () => {
  const { ask, sign, issuer } = await trusting()
  for (let i = 0; i < 5; i++) expect((await ask(await sign({}))).statusCode).toBe(200)
  for (let i = 0; i < 5; i++) await ask(await sign({}, { key: others.privateKey, kid: `new ${i}` }))
  expect(issuer.asked).toBeLessThanOrEqual(2)
})

/** Seconds since 1970, from the moment at which the clock of these tests stands. */
function at(seconds: number): number {
  return Date.parse('2026-03-02T12:00:00Z') / 1000 + seconds
}

/** A server that trusts a repository, and an imitation of who signs for it. */
async function trusting() {
  const issuer = { asked: 0, broken: false }
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'key', alg: 'RS256', use: 'sig' }
  const server = createServer((request, response) => {
    issuer.asked++
    const found = request.url === '/.well-known/jwks' && !issuer.broken
    response.writeHead(found ? 200 : 500, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const workflows: TrustedWorkflows = {
    repository: 'chain/orders',
    ref: 'refs/heads/main',
    audience: 'cd4ml',
    issuer: url,
    scopes: ['read', 'record'],
  }
  const { app } = await guardedServer({ workflows })
  const claims = {
    iss: url,
    aud: 'cd4ml',
    sub: 'repo:chain/orders:ref:refs/heads/main',
    repository: 'Chain/orders',
    ref: 'refs/heads/main',
    event_name: 'schedule',
    iat: at(-1),
    nbf: at(-1),
    exp: at(300),
  }
  return {
    issuer,
    claims,
    sign: async (
      other: Record<string, unknown>,
      { key = keys.privateKey, kid = 'key' as string | null } = {},
    ) =>
      await new SignJWT({ ...claims, ...other })
        .setProtectedHeader({ alg: 'RS256', ...(kid !== null && { kid }) })
        .sign(key),
    ask: async (token: string, path = '/record') =>
      await app.inject({ url: path, headers: { authorization: `Bearer ${token}` } }),
  }
}
