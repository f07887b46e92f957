import { createHash } from 'node:crypto'
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  ResponseBodyError,
} from 'openid-client'
import { type Static, Type } from 'typebox'
import { unlessMistaken } from '../../base/errors.ts'
import { checker } from '../../base/schema.ts'
import { openObject } from '../../base/schema-parts.ts'

/** Where the people of the chain log in already: https://openid.net/developers/how-connect-works/ */
export type OpenIdProvider = {
  issuer: string
  clientId: string
  clientSecret: string
  /** Of all whom it knows, those who belong here: whoever fits one of these that are said. */
  allowed: { emailDomain?: string; group?: string }
}

/** Who came back from the provider. */
export type OpenIdLogin =
  | { outcome: 'known'; issuer: string; subject: string; name: string }
  | { outcome: 'refused'; code: string }
  /** Known to the provider, and none of those who belong here. */
  | { outcome: 'stranger' }
  | { outcome: 'unreachable'; code: string }

/**
 * Logs people in by a provider of OpenID Connect: by a code with PKCE, state and nonce, which all
 * follow from one secret that the browser keeps in a cookie. The provider is first asked when the
 * first person comes, so that the service starts without it.
 */
export function openIdLogins({ issuer, clientId, clientSecret, allowed }: OpenIdProvider) {
  let found: Promise<Configuration> | undefined

  async function provider(): Promise<Configuration> {
    const execute = [enableNonRepudiationChecks]
    if (new URL(issuer).protocol === 'http:') execute.push(allowInsecureRequests)
    found ??= discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: SECONDS,
      execute,
    })
    // Whoever comes next asks again.
    found.catch(() => {
      found = undefined
    })
    return await found
  }

  return {
    /** Where the browser goes; undefined where the provider does not answer. */
    async address(secret: string, back: { redirectUri: string; to: string }) {
      const { state, nonce, verifier } = partsOf(secret)
      try {
        return buildAuthorizationUrl(await provider(), {
          redirect_uri: back.redirectUri,
          scope: 'openid email profile',
          state: `${state}.${Buffer.from(back.to).toString('base64url')}`,
          nonce,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
        }).href
      } catch (error) {
        if (failure(error).outcome === 'unreachable') return undefined
        throw error
      }
    },

    /** Who has come back to `url`, with the same secret. */
    async login(secret: string, url: URL): Promise<OpenIdLogin> {
      const { state, nonce, verifier } = partsOf(secret)
      const [, to = ''] = (url.searchParams.get('state') ?? '').split('.')
      try {
        const tokens = await authorizationCodeGrant(await provider(), url, {
          expectedState: `${state}.${to}`,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const claims = unlessMistaken(() => checkClaims(tokens.claims(), 'the token'))
        if (claims === undefined) return { outcome: 'refused', code: 'claims' }
        if (!belongs(claims, allowed)) return { outcome: 'stranger' }
        const { iss, sub, name, email } = claims
        return { outcome: 'known', issuer: iss, subject: sub, name: name ?? email ?? sub }
      } catch (error) {
        return failure(error)
      }
    },
  }
}

/** Where the person wanted to go before, out of the state that came back. */
export function wantedPath(url: URL): string {
  const [, to = ''] = (url.searchParams.get('state') ?? '').split('.')
  return Buffer.from(to, 'base64url').toString()
}

const Claims = openObject({
  iss: Type.String(),
  sub: Type.String({ minLength: 1, maxLength: 255 }),
  name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  email_verified: Type.Optional(Type.Boolean()),
  groups: Type.Optional(Type.Array(Type.String())),
})
type Claims = Static<typeof Claims>
const checkClaims = checker(Claims)

function belongs(
  { email, email_verified, groups = [] }: Claims,
  { emailDomain, group }: OpenIdProvider['allowed'],
): boolean {
  // An address that nobody has verified is whatever somebody has typed.
  const ofDomain =
    emailDomain !== undefined &&
    email_verified === true &&
    email?.toLowerCase().endsWith(`@${emailDomain.toLowerCase()}`) === true
  return ofDomain || (group !== undefined && groups.includes(group))
}

/** What the browser's secret stands for at the provider: none of them leads back to it. */
function partsOf(secret: string): { state: string; nonce: string; verifier: string } {
  const part = (of: string) => createHash('sha256').update(`${of} of ${secret}`).digest('base64url')
  return { state: part('state'), nonce: part('nonce'), verifier: part('verifier') }
}

function failure(error: unknown): Extract<OpenIdLogin, { code: string }> {
  if (error instanceof AuthorizationResponseError) return { outcome: 'refused', code: error.error }
  if (error instanceof ResponseBodyError) {
    const outcome = error.status >= 500 ? 'unreachable' : 'refused'
    return { outcome, code: error.error }
  }
  if (error instanceof ClientError) {
    const { code = 'unknown' } = error
    return { outcome: UNREACHABLE.has(code) ? 'unreachable' : 'refused', code }
  }
  if (error instanceof TypeError && error.message === 'fetch failed') {
    return { outcome: 'unreachable', code: 'fetch failed' }
  }
  throw error
}

const UNREACHABLE = new Set(['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'])

/** How long the provider may take. */
const SECONDS = 10
