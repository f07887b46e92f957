import type { FastifyInstance } from 'fastify'
import { LedgerUnavailable } from '../../ledger/events/event-log.ts'
import { EngineUnavailable } from '../engine/engine.ts'
import { LANGUAGE_COOKIE, ourLanguage } from '../http/language.ts'
import { HttpError } from '../http/problem.ts'
import { dashboardRoutes } from './dashboard-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { ownPath } from './layout.ts'
import { orderRoutes } from './order-routes.ts'
import { pageFiles } from './page-files.ts'
import { answerPage, type PageParts, pagesOf, textOf } from './pages.ts'
import { productRoutes } from './product-routes.ts'
import { pageTexts } from './texts.ts'

/** The page for buyers: HTML from the server, which needs no script. */
export function pageRoutes(parts: PageParts) {
  return async (app: FastifyInstance): Promise<void> => {
    const pages = pagesOf(parts)

    app.setErrorHandler(async (error, request, reply) => {
      const reader = pages.readerOf(request)
      const say = pageTexts[reader.language]
      const status = statusOf(error)
      if (status >= 500) request.log.error({ err: error }, 'failed')
      if (error instanceof HttpError) reply.headers(error.headers)
      if (status === 503) reply.header('retry-after', '5')
      const problem =
        status === 503 || status === 429
          ? { title: say.busyTitle, text: say.busy }
          : status < 500
            ? { title: say.refusedTitle, text: say.oldForm }
            : { title: say.failedTitle, text: say.failed }
      return answerPage(reply, status, pages.problem(reader, problem))
    })

    orderRoutes(app, pages)
    decisionRoutes(app, pages)
    productRoutes(app, pages)
    dashboardRoutes(app, pages)

    app.get('/language', { config: { scope: 'public' } }, async (request, reply) => {
      const language = ourLanguage(textOf(request.query, 'to')) ?? parts.settings().language
      return reply
        .header(
          'set-cookie',
          `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly`,
        )
        .redirect(ownPath(textOf(request.query, 'back')), 303)
    })

    // Where forms are sent to, browsers come back without one: by a tab that is opened again.
    for (const path of ['/decisions', '/logout']) {
      app.get(path, { config: { scope: 'read' } }, async (_, reply) => reply.redirect('/', 303))
    }

    for (const { path, type, bytes } of pageFiles) {
      app.get(path, { config: { scope: 'public' } }, async (_, reply) =>
        reply
          .header('content-type', type)
          .header('cache-control', 'public, max-age=31536000, immutable')
          .send(bytes),
      )
    }
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status
  if (error instanceof LedgerUnavailable || error instanceof EngineUnavailable) return 503
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}
