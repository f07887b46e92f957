import type { FastifyInstance, HTTPMethods } from 'fastify'
import { HttpError } from '../http/problem.ts'

/**
 * Has what is asked of an address in a method that it does not know answered with 405 and what it
 * knows. To be called before the routes are added; what it returns, after them.
 */
export function otherMethods(app: FastifyInstance): () => void {
  const known = new Map<string, Set<HTTPMethods>>()
  let done = false
  app.addHook('onRoute', ({ url, method }) => {
    if (done) return
    const methods = known.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    known.set(url, methods)
  })
  return () => {
    done = true
    for (const [url, methods] of known) {
      const others = METHODS.filter((method) => !methods.has(method))
      const allow = [...methods].join(', ')
      app.route({
        method: others,
        url,
        config: { scope: 'public' },
        schema: { hide: true },
        // Before the body is read.
        onRequest: async (request) => {
          throw new HttpError(405, `${request.method} is not known here, but ${allow} is.`, {
            headers: { allow },
          })
        },
        handler: () => undefined,
      })
    }
  }
}

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
