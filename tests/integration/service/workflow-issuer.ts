import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import type { TrustedWorkflows } from '../../../src/service/access/workflow-token.ts'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

/** An imitation of who signs the tokens of GitHub's workflows, whose clock stands where it is told. */
export class ImitatedIssuer {
  /** How often it was asked for its keys. */
  asked = 0
  broken = false
  url = ''
  readonly #server: Server
  readonly #keys: Keys
  readonly #others: Keys
  readonly #now: () => Date

  static async start(now: () => Date = () => new Date()): Promise<ImitatedIssuer> {
    const options = { extractable: true }
    const keys = await generateKeyPair('RS256', options)
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'key', alg: 'RS256', use: 'sig' }
    const issuer = new ImitatedIssuer(keys, await generateKeyPair('RS256', options), now, jwk)
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve))
    issuer.url = `http://127.0.0.1:${(issuer.#server.address() as AddressInfo).port}`
    return issuer
  }

  private constructor(keys: Keys, others: Keys, now: () => Date, jwk: object) {
    this.#keys = keys
    this.#others = others
    this.#now = now
    this.#server = createServer((request, response) => {
      this.asked++
      const found = request.url === '/.well-known/jwks' && !this.broken
      response.writeHead(found ? 200 : 500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ keys: [jwk] }))
    })
  }

  /** What a service is told that trusts the workflows of a repository. */
  trusted(): TrustedWorkflows {
    return {
      repository: 'chain/orders',
      ref: 'refs/heads/main',
      audience: 'https://orders.example',
      issuer: this.url,
      scopes: ['read', 'record'],
    }
  }

  /** Of a workflow that is trusted, but for the claims that are given. */
  claims(other: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      iss: this.url,
      aud: 'https://orders.example',
      sub: 'repo:chain/orders:ref:refs/heads/main',
      repository: 'Chain/orders',
      ref: 'refs/heads/main',
      event_name: 'schedule',
      iat: this.in(-1),
      nbf: this.in(-1),
      exp: this.in(300),
      ...other,
    }
  }

  /** Signed, by default with the key that is published, under its name. */
  async token(
    other: Record<string, unknown> = {},
    { by = 'issuer', kid = 'key' }: { by?: 'issuer' | 'another'; kid?: string | null } = {},
  ): Promise<string> {
    return await new SignJWT(this.claims(other))
      .setProtectedHeader({ alg: 'RS256', ...(kid !== null && { kid }) })
      .sign((by === 'issuer' ? this.#keys : this.#others).privateKey)
  }

  /** Signed by nobody. */
  unsigned(): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return `${part({ alg: 'none', kid: 'key' })}.${part(this.claims())}.`
  }

  /** Signed with the public key, which everybody knows, as if it were a password. */
  async confused(): Promise<string> {
    const password = new TextEncoder().encode(await exportSPKI(this.#keys.publicKey))
    return await new SignJWT(this.claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'key' })
      .sign(password)
  }

  /** Seconds since 1970, so many from now. */
  in(seconds: number): number {
    return Math.floor(this.#now().getTime() / 1000) + seconds
  }

  close(): void {
    this.#server.close()
  }
}
