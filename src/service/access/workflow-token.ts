import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { Type } from 'typebox'
import { quoted, UserError } from '../../base/errors.ts'
import { checker } from '../../base/schema.ts'
import { openObject } from '../../base/schema-parts.ts'
import { shortened, visibleText } from '../../base/wording.ts'
import type { Identity, Scope } from '../http/identity.ts'

/** The workflows that may ask without a secret of their own. */
export type TrustedWorkflows = {
  /** `owner/name`, as GitHub has it. */
  repository: string
  /** Branch or tag that they run on, such as `refs/heads/main`. */
  ref: string
  /** Whom the token has to be for: what the workflow asks GitHub for. */
  audience: string
  /** Who signs the tokens: GitHub, or a GitHub Enterprise Server. */
  issuer: string
  scopes: readonly Scope[]
}

/** What a token that is none says, or who it lets in. */
export type WorkflowCheck =
  | { outcome: 'trusted'; identity: Identity }
  | { outcome: 'refused'; detail: string }
  /** Its issuer does not tell its keys now. */
  | { outcome: 'not checked' }

/** Whether a token has the form of those that GitHub signs. */
export function isSigned(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)
}

/**
 * Checks the token that a workflow of GitHub Actions has been given for itself: who signed it, for
 * whom, until when, and which repository and branch it runs on.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export function workflowTokens(trusted: TrustedWorkflows, now: () => Date) {
  const { issuer, audience, repository, ref, scopes } = trusted
  const keys = createRemoteJWKSet(new URL(`${issuer.replace(/\/$/, '')}/.well-known/jwks`), {
    timeoutDuration: KEYS_MILLISECONDS,
  })
  const identity: Identity = { pseudonym: 'workflow', scopes: new Set(scopes), by: 'workflow' }

  return async (token: string): Promise<WorkflowCheck> => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ['RS256'],
        clockTolerance: TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'iat'],
        currentDate: now(),
      })
      const claims = checkClaims(payload, 'the token')
      if (!isSameName(claims.repository, repository)) {
        return refused(
          `is of the repository ${shown(claims.repository)}, which is not trusted here`,
        )
      }
      if (claims.ref !== ref) {
        return refused(`is of ${shown(claims.ref)}, and only ${shown(ref)} is trusted here`)
      }
      // It runs on the trusted branch, and may run the code of anybody's pull request.
      if (claims.event_name === 'pull_request_target') {
        return refused('is of a pull_request_target, which is not trusted here')
      }
      return { outcome: 'trusted', identity }
    } catch (error) {
      const problem = problemOf(error)
      return problem === undefined ? { outcome: 'not checked' } : refused(problem)
    }
  }
}

const checkClaims = checker(
  openObject({
    repository: Type.String(),
    ref: Type.String(),
    event_name: Type.Optional(Type.String()),
  }),
)

/** What is wrong with a token, to be read after "the token"; undefined where nobody can say now. */
function problemOf(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return `expired at ${momentOf(error.payload.exp)}`
  if (error instanceof errors.JWTClaimValidationFailed) return ofClaim(error)
  if (error instanceof UserError) {
    return `has not all that GitHub writes: ${error.place.key ?? ''} ${error.what}`
  }
  if (!(error instanceof errors.JOSEError)) {
    if (isOfNetwork(error)) return undefined
    throw error
  }
  if (error.code in of) return of[error.code]
  return undefined
}

/** By the code of the error; what is missing has to do with the keys of the issuer. */
const of: { [code: string]: string } = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'is not signed with RS256',
  ERR_JOSE_NOT_SUPPORTED: 'is none that GitHub signs',
  ERR_JWS_INVALID: 'is none that GitHub signs',
  ERR_JWT_INVALID: 'is none that GitHub signs',
  ERR_JWKS_NO_MATCHING_KEY: 'is signed by nobody who is trusted here',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'is signed by nobody who is trusted here',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'is signed by nobody who is trusted here',
}

function ofClaim({ claim, reason, payload }: errors.JWTClaimValidationFailed): string {
  if (reason === 'missing') return `does not say its ${claim}`
  if (claim === 'nbf') return `begins to hold only at ${momentOf(payload.nbf)}`
  return `is for another ${claim}: ${shown(payload[claim])}`
}

function refused(problem: string): WorkflowCheck {
  return { outcome: 'refused', detail: `The token of the workflow ${problem}.` }
}

/** GitHub takes a name for the same in capitals. */
function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function shown(value: unknown): string {
  return quoted(visibleText(shortened(String(value), 100)))
}

function momentOf(seconds: number | undefined): string {
  return new Date((seconds ?? 0) * 1000).toISOString()
}

/** What `fetch` throws where nobody answers. */
function isOfNetwork(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed'
}

/** How far the clocks of GitHub and this machine may be apart. */
const TOLERANCE_SECONDS = 30
const KEYS_MILLISECONDS = 5_000
