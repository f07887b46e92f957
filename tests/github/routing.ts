import type { paths } from '@octokit/openapi-types'
import type { BodySchema } from './body-check.ts'
import type { Identity, Permission } from './identity.ts'
import type { State } from './state.ts'

/** A request that has been let in. `body` is checked where the route has a schema for it. */
export type Call<Params = Record<string, string>, Body = unknown> = {
  state: State
  identity: Identity
  url: URL
  params: Params
  query: URLSearchParams
  accept: string
  contentType: string
  bytes: Buffer
  body: Body
}

/** What a handler gives back; bytes are sent as they are, everything else as JSON. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

export type Route = {
  verb: Verb
  path: string
  needs: readonly Permission[]
  body?: BodySchema
  handle: (call: Call) => Promise<Answer>
}

/**
 * One endpoint of GitHub's, typed by its description: path, fields of the request, statuses and
 * fields of the answer. An answer may leave fields out, but has none that GitHub's has not.
 * One of the permissions in `needs` lets a token in.
 */
export function route<V extends Verb, P extends PathWith<V>>(
  verb: V,
  path: P,
  { needs, body }: { needs: Permission | readonly Permission[]; body?: BodySchema },
): { answers: (handle: HandlerOf<P, OperationOf<P, V>>) => Route } {
  return {
    answers: (handle) => ({
      verb,
      path,
      needs: typeof needs === 'string' ? [needs] : needs,
      ...(body && { body }),
      handle: async (call) => await handle(call as Parameters<typeof handle>[0]),
    }),
  }
}

/** The route of a request and the values in its path; undefined where there is none. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    if (route.verb !== method.toLowerCase()) continue
    const match = pattern(route.path).exec(path)
    if (match) return { route, params: decoded(match.groups ?? {}) }
  }
  return undefined
}

/** Those with more fixed parts first: `/commits/{ref}/pulls` before `/commits/{ref}`. */
export function bySpecificity(routes: readonly Route[]): Route[] {
  const fixed = ({ path }: Route) => path.split('/').filter((part) => !part.startsWith('{')).length
  return [...routes].sort((a, b) => fixed(b) - fixed(a))
}

type Verb = 'get' | 'post' | 'patch' | 'put' | 'delete'
type OperationOf<P extends keyof paths, V extends Verb> =
  paths[P] extends Record<V, infer O> ? O : never
type PathWith<V extends Verb> = {
  [P in keyof paths]: paths[P] extends Record<V, object> ? P : never
}[keyof paths]

type HandlerOf<P extends string, O> = (call: Call<Params<P>, BodyOf<O>>) => Promise<AnswerOf<O>>

type Params<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? { [K in Name]: string } & Params<Rest>
  : unknown

type BodyOf<O> = O extends { requestBody?: { content: { 'application/json': infer B } } }
  ? B
  : object

type AnswerOf<O> = O extends { responses: infer R }
  ? {
      [S in keyof R]: { status: S; body?: Part<ContentOf<R[S]>> | Buffer; headers?: Headers }
    }[keyof R]
  : never
type Headers = Record<string, string>
type ContentOf<R> = R extends { content: infer C } ? C[keyof C] : undefined

type Part<T> = T extends readonly (infer E)[]
  ? Part<E>[]
  : T extends object
    ? { [K in keyof T]?: Part<T[K]> }
    : T

/** Names with slashes in them: GitHub takes these parts encoded and plain. */
const LONG = ['ref', 'path', 'branch', 'basehead', 'tag']

function pattern(path: string): RegExp {
  const source = path.replace(/\{(\w+)\}/g, (_, name) =>
    LONG.includes(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  )
  return new RegExp(`^${source}$`)
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
  )
}
