import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSecret } from './secret.ts'

/**
 * The cookie that holds the secret of a session, and the one that a page has before there is any: both
 * are read by no script. Over https their names let no other host set them.
 */
export function cookieOf(request: FastifyRequest, kind: CookieKind): string | undefined {
  const value = request.cookies[cookieName(request, kind)]
  return value !== undefined && isSecret('session', value) ? value : undefined
}

export function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { kind, secret, seconds, framed }: Cookie & { secret: string; seconds: number },
): void {
  const attributes = attributesOf(request, framed)
  reply.setCookie(cookieName(request, kind), secret, { ...attributes, maxAge: seconds })
}

export function dropCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { kind, framed }: Cookie,
): void {
  reply.clearCookie(cookieName(request, kind), attributesOf(request, framed))
}

type Cookie = {
  kind: CookieKind
  /** Whether pages of other sites may show ours in a frame: there, each has cookies of its own. */
  framed: boolean
}

/** `account`: of somebody who is logging in elsewhere. */
type CookieKind = 'session' | 'login' | 'account'

function cookieName(request: FastifyRequest, kind: CookieKind): string {
  return isSecure(request) ? `__Host-cd4ml-${kind}` : `cd4ml-${kind}`
}

function attributesOf(request: FastifyRequest, framed: boolean) {
  const always = { path: '/', httpOnly: true, secure: isSecure(request) }
  return framed && always.secure
    ? ({ ...always, sameSite: 'none', partitioned: true } as const)
    : ({ ...always, sameSite: 'lax' } as const)
}

function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https'
}
