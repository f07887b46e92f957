import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from '../http/problem.ts'

/** What fails too often, counted; the process counts for itself, so replicas allow as many each. */
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
/** Each is read up to the limit before it is refused. */
const TOO_LARGE_A_MINUTE = 20

/**
 * Has everybody ask only so often: who is known by who they are, everybody else by the address. Needs
 * `request.identity`, so it comes after what sets it.
 */
export async function addRateLimits(app: FastifyInstance, requestsAMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: ({ identity: { by } }) =>
      by === 'nobody' ? PUBLIC_A_MINUTE : by === 'session' ? PAGES_A_MINUTE : requestsAMinute,
    timeWindow: '1 minute',
    keyGenerator: askerOf,
    errorResponseBuilder: (_, { after }) => tooMany(`Too many requests: ask again in ${after}.`),
  })
}

export function wrongTokens(app: FastifyInstance): FailedTries {
  const says = 'Too many wrong tokens came from this address.'
  return failedTries(app, { max: WRONG_TOKENS_A_MINUTE, minutes: 1, by: addressOf, says })
}

export function wrongLogins(app: FastifyInstance): FailedTries {
  const says = 'Too many wrong codes came from this address.'
  const [max, minutes] = [WRONG_LOGINS, WRONG_LOGINS_MINUTES]
  return failedTries(app, { max, minutes, by: addressOf, says })
}

export function tooLargeBodies(app: FastifyInstance): FailedTries {
  const says = 'Too many bodies were too large: no more of them are read for now.'
  return failedTries(app, { max: TOO_LARGE_A_MINUTE, minutes: 1, by: askerOf, says })
}

function failedTries(
  app: FastifyInstance,
  {
    max,
    minutes,
    by,
    says,
  }: { max: number; minutes: number; by: (request: FastifyRequest) => string; says: string },
): FailedTries {
  const limit = app.createRateLimit({ max, timeWindow: minutes * 60_000, keyGenerator: by })
  return {
    async refuseMany(request) {
      const tried = await limit(request, { increment: false })
      if (tried.isAllowed || tried.remaining > 0) return
      throw tooMany(says, tried.ttlInSeconds)
    },
    async count(request) {
      await limit(request)
    },
  }
}

function askerOf(request: FastifyRequest): string {
  const { by, pseudonym } = request.identity
  return by === 'nobody' ? addressOf(request) : `${by} ${pseudonym}`
}

/** Of IPv6 the network: whoever has one has all of its addresses. */
function addressOf({ ip }: FastifyRequest): string {
  return rateLimit.normalizeIP(ip)
}

function tooMany(detail: string, seconds?: number): HttpError {
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) }
  return new HttpError(429, detail, { headers })
}
