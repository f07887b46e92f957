import type {} from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. The server does not start with one that does not say it. */
    scope?: Scope | 'public'
  }
  interface FastifyRequest {
    /** Who asks; `NOBODY` on a public route. */
    identity: Identity
    /** What a form of a page has to send back in its field `formToken`; empty without a session. */
    formToken: string
  }
}

/** What somebody may do: ask; decide; report what sold; delete persons. */
export const scopes = ['read', 'decide', 'record', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** Who asks. */
export type Identity = {
  /** As decisions name them: nothing that says who it is. */
  pseudonym: string
  scopes: ReadonlySet<Scope>
  by: 'token' | 'session' | 'workflow' | 'nobody'
}

/** Who asks a public route without saying who. */
export const NOBODY: Identity = { pseudonym: 'nobody', scopes: new Set(), by: 'nobody' }

/** Scopes as the database has them: `read decide`. */
export function writtenScopes(all: Iterable<Scope>): string {
  const given = new Set(all)
  return scopes.filter((scope) => given.has(scope)).join(' ')
}

/** What `writtenScopes` has written; what is no scope of this release allows nothing. */
export function readScopes(text: string): Set<Scope> {
  const given = new Set(text.split(' '))
  return new Set(scopes.filter((scope) => given.has(scope)))
}
