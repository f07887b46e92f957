import { describe, expect, it, onTestFinished } from 'vitest'
import { guardedServer } from './access-fixture.ts'
import { ImitatedIssuer } from './workflow-issuer.ts'

const NOON = '2026-03-02T12:00:00Z'

it('lets the workflow of the trusted repository and branch in, so that no secret is shared with it', async () => {
  const { ask, issuer } = await trusting()
  const { statusCode, body } = await ask(await issuer.token())
  expect([statusCode, JSON.parse(body)]).toEqual([
    200,
    expect.objectContaining({ pseudonym: 'workflow', scopes: ['read', 'record'], by: 'workflow' }),
  ])
  expect((await ask(await issuer.token(), '/decide')).statusCode).toBe(403)
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
    const { ask, issuer } = await trusting()
    const refused = await ask(await issuer.token(claims))
    expect(refused.statusCode).toBe(401)
    expect(refused.json().detail).toContain(detail)
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="cd4ml", error="invalid_token"')
  })

  it('that somebody else has signed, also where it names the key of the issuer', async () => {
    const { ask, issuer } = await trusting()
    for (const kid of ['key', 'other', null]) {
      const refused = await ask(await issuer.token({}, { by: 'another', kid }))
      expect(refused.statusCode).toBe(401)
      expect(refused.json().detail).toContain('is signed by nobody who is trusted here')
    }
  })

  it('that is signed with what everybody knows: nothing, or the public key as a password', async () => {
    const { ask, issuer } = await trusting()
    for (const token of [issuer.unsigned(), await issuer.confused()]) {
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
  const { ask, issuer } = await trusting()
  const token = await issuer.token()
  issuer.broken = true
  const answer = await ask(token)
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
})

it('asks the issuer for its keys once, not for every request, nor for every token that names none', async () => {
  const { ask, issuer } = await trusting()
  for (let i = 0; i < 5; i++) expect((await ask(await issuer.token())).statusCode).toBe(200)
  for (let i = 0; i < 5; i++) await ask(await issuer.token({}, { by: 'another', kid: `new ${i}` }))
  expect(issuer.asked).toBeLessThanOrEqual(2)
})

/** A server that trusts a repository, and an imitation of who signs for it. */
async function trusting() {
  const issuer = await ImitatedIssuer.start(() => new Date(NOON))
  onTestFinished(() => issuer.close())
  const { app } = await guardedServer({ workflows: issuer.trusted() })
  const ask = async (token: string, path = '/record') =>
    await app.inject({ url: path, headers: { authorization: `Bearer ${token}` } })
  return { issuer, ask }
}

/** Seconds since 1970, from the moment at which the clock of these tests stands. */
function at(seconds: number): number {
  return Date.parse(NOON) / 1000 + seconds
}
