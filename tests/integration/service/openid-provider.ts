import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { onTestFinished } from 'vitest'

/** An imitation of a provider of OpenID Connect that lets one account in, whoever asks. */
export class ImitatedProvider {
  /** What its tokens say beside who and for whom. */
  claims: Record<string, unknown> = {
    sub: 'account 7',
    name: 'Ana Souza',
    email: 'ana@chain.example',
    email_verified: true,
  }
  /** Another key than the one that it publishes. */
  signedByAnother = false
  /** Answers with this status, where it is none of success. */
  status = 200
  issuer = ''
  readonly #codes = new Map<string, URLSearchParams>()
  #keys!: Awaited<ReturnType<typeof generateKeyPair>>
  #others!: Awaited<ReturnType<typeof generateKeyPair>>

  static async start(): Promise<ImitatedProvider> {
    const provider = new ImitatedProvider()
    provider.#keys = await generateKeyPair('RS256', { extractable: true })
    provider.#others = await generateKeyPair('RS256')
    const server = createServer(async (request, response) => {
      const answer = await provider.#answer(request.url ?? '', await text(request))
      response.writeHead(provider.status === 200 ? answer.status : provider.status, {
        'content-type': 'application/json',
      })
      response.end(JSON.stringify(answer.body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return provider
  }

  /** What a browser does that is sent here: the person agrees, and is sent back with a code. */
  agree(address: string): string {
    const { searchParams } = new URL(address)
    const code = `code ${this.#codes.size}`
    this.#codes.set(code, searchParams)
    const back = new URL(searchParams.get('redirect_uri')!)
    back.searchParams.set('code', code)
    back.searchParams.set('state', searchParams.get('state')!)
    return back.pathname + back.search
  }

  async #answer(path: string, body: string): Promise<{ status: number; body: object }> {
    const { issuer } = this
    if (path === '/.well-known/openid-configuration') {
      const discovered = {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      }
      return { status: 200, body: discovered }
    }
    if (path === '/keys') {
      const jwk = { ...(await exportJWK(this.#keys.publicKey)), kid: 'key', alg: 'RS256' }
      return { status: 200, body: { keys: [jwk] } }
    }
    const given = new URLSearchParams(body)
    const asked = this.#codes.get(given.get('code') ?? '')
    this.#codes.delete(given.get('code') ?? '')
    const proof = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url')
    if (
      !asked ||
      asked.get('code_challenge') !== proof ||
      asked.get('redirect_uri') !== given.get('redirect_uri')
    ) {
      return { status: 400, body: { error: 'invalid_grant' } }
    }
    const { privateKey } = this.signedByAnother ? this.#others : this.#keys
    const token = new SignJWT({ nonce: asked.get('nonce'), ...this.claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'key' })
      .setIssuedAt()
      .setExpirationTime('5 minutes')
    if (!('iss' in this.claims)) token.setIssuer(issuer)
    if (!('aud' in this.claims)) token.setAudience(asked.get('client_id')!)
    return {
      status: 200,
      body: { access_token: 'a', token_type: 'bearer', id_token: await token.sign(privateKey) },
    }
  }
}
