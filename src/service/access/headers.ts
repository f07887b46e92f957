import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/**
 * Has answers say to a browser what it may do with them: nothing but show our own styles and pictures
 * and send forms to us, in a frame of nobody but those named. A program that sends a token is no
 * browser, and is not slowed by it: no page can be made to open an address with one.
 *
 * @param embedIn - origins, such as `https://stock.example`
 */
export async function addHeaders(app: FastifyInstance, embedIn: readonly string[]): Promise<void> {
  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: embedIn.length > 0 ? [...embedIn] : ["'none'"],
      },
    },
    // The older header knows no origins but our own: where others are named, it would refuse them.
    frameguard: embedIn.length > 0 ? false : { action: 'deny' },
    // With none at all, browsers would not say of our own forms where they come from.
    referrerPolicy: { policy: 'same-origin' },
    // Said over https alone, below.
    hsts: false,
  })
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization === undefined) reply.helmet()
    else reply.header('x-content-type-options', 'nosniff')
    if (request.protocol === 'https') {
      reply.header('strict-transport-security', 'max-age=31536000')
    }
    if (request.routeOptions.config.scope !== 'public') reply.header('cache-control', 'no-store')
  })
}
