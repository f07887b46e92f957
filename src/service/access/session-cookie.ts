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
  { kind, secret, seconds }: { kind: CookieKind; secret: string; seconds: number },
): void {
  reply.setCookie(cookieName(request, kind), secret, { ...attributes(request), maxAge: seconds })
}

export function dropCookie(request: FastifyRequest, reply: FastifyReply, kind: CookieKind): void {
  reply.clearCookie(cookieName(request, kind), attributes(request))
}

type CookieKind = 'session' | 'login'

function cookieName(request: FastifyRequest, kind: CookieKind): string {
  return isSecure(request) ? `__Host-cd4ml-${kind}` : `cd4ml-${kind}`
}

function attributes(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request) } as const
}

function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https'
}
