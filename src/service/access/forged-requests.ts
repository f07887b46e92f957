import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { HttpError } from '../http/problem.ts'
import { formTokenOf } from './secret.ts'

/**
 * Refuses what another site has had a browser send: a browser adds the session's cookie to that as
 * well. https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function refuseOtherSites({ headers, host }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') {
    throw new HttpError(403, `A page of this service has to send this, but it came ${site}.`)
  }
  const { origin } = headers
  if (origin === undefined || isOrigin(origin, host)) return
  throw new HttpError(
    403,
    `A page of ${host} has to send this, but one of another origin did. A proxy in front of the service has to hand on the header Host.`,
  )
}

/**
 * Refuses a form that does not send back what the page of this secret's session was given, in its
 * field `formToken` or the header `x-form-token`. Takes the field out of the body: it is none of the
 * route's.
 */
export function refuseForgedForm(request: FastifyRequest, secret: string): void {
  const { body, headers } = request
  const isForm = typeof body === 'object' && body !== null
  const field = isForm && 'formToken' in body ? body.formToken : undefined
  if (isForm && 'formToken' in body) delete body.formToken
  const given = field ?? headers['x-form-token']
  if (typeof given === 'string' && isSame(given, formTokenOf(secret))) return
  throw new HttpError(
    403,
    'The form does not belong to this session, or the session has changed since. Load the page again, and send it once more.',
  )
}

/** Whether an origin is this host, by whatever of http and https; `null` is none. */
function isOrigin(origin: string, host: string): boolean {
  const from = URL.parse(origin)
  return from !== null && from.host === URL.parse(`${from.protocol}//${host}`)?.host
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
