import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from '../api/problem.ts'

/** Wrong secrets of an address, counted; the process counts for itself, so replicas allow as many each. */
export type FailedTries = {
  /** Throws an `HttpError` where there were too many. */
  refuseMany(request: FastifyRequest): Promise<void>
  count(request: FastifyRequest): Promise<void>
}

/** Requests that one system may send in a minute, unless the chain says otherwise: a runaway loop. */
export const REQUESTS_A_MINUTE = 1_000_000
/** By one person, who reads and clicks. */
const PAGES_A_MINUTE = 600
/** To what is public, from one address, which may be that of a whole shop. */
const PUBLIC_A_MINUTE = 3_000
const WRONG_TOKENS_A_MINUTE = 1_000
const WRONG_LOGINS = 20
const WRONG_LOGINS_MINUTES = 15

/**
 * Has everybody ask only so often: who is known by who they are, everybody else by the address. Needs
 * `request.identity`, so it comes after what sets it.
 */
export async function addRateLimits(app: FastifyInstance, requestsAMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: ({ identity: { by } }) =>
      by === 'nobody' ? PUBLIC_A_MINUTE : by === 'session' ? PAGES_A_MINUTE : requestsAMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => {
      const { by, pseudonym } = request.identity
      return by === 'nobody' ? addressOf(request) : `${by} ${pseudonym}`
    },
    errorResponseBuilder: (_, { after }) => tooMany(`Too many requests: ask again in ${after}.`),
  })
}

export function wrongTokens(app: FastifyInstance): FailedTries {
  return failedTries(app, { max: WRONG_TOKENS_A_MINUTE, minutes: 1, of: 'tokens' })
}

export function wrongLogins(app: FastifyInstance): FailedTries {
  return failedTries(app, { max: WRONG_LOGINS, minutes: WRONG_LOGINS_MINUTES, of: 'codes' })
}

function failedTries(
  app: FastifyInstance,
  { max, minutes, of }: { max: number; minutes: number; of: string },
): FailedTries {
  const limit = app.createRateLimit({
    max,
    timeWindow: minutes * 60_000,
    keyGenerator: addressOf,
  })
  return {
    async refuseMany(request) {
      const tried = await limit(request, { increment: false })
      if (tried.isAllowed || tried.remaining > 0) return
      throw tooMany(`Too many wrong ${of} came from this address.`, tried.ttlInSeconds)
    },
    async count(request) {
      await limit(request)
    },
  }
}

/** Of IPv6 the network: whoever has one has all of its addresses. */
function addressOf({ ip }: FastifyRequest): string {
  return rateLimit.normalizeIP(ip)
}

function tooMany(detail: string, seconds?: number): HttpError {
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) }
  return new HttpError(429, detail, { headers })
}
