import { extname } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { UserError } from '../../base/errors.ts'
import { answerPage, type Pages, textOf } from './pages.ts'
import { pageTexts } from './texts.ts'

/** The dashboard, as `cd4ml dashboard` makes it of the project's folder. */
export function dashboardRoutes(app: FastifyInstance, pages: Pages): void {
  const { dashboard, settings } = pages.parts

  const notThere = (request: FastifyRequest, reply: FastifyReply, why?: string) => {
    const reader = pages.readerOf(request)
    const say = pageTexts[reader.language]
    const text = why ?? say.noDashboard
    return answerPage(reply, 404, pages.problem(reader, { title: say.dashboard, text }))
  }

  app.get('/dashboard', { config: { scope: 'read' } }, async (request, reply) => {
    const { language } = pages.readerOf(request)
    const folder = language === settings().language ? '' : `${language}/`
    return reply.redirect(`/dashboard/${folder}index.html`, 303)
  })

  app.get('/dashboard/*', { config: { scope: 'read' } }, async (request, reply) => {
    if (!dashboard) return notThere(request, reply)
    const path = textOf(request.params, '*') || 'index.html'
    try {
      const text = await dashboard.file(path)
      if (text === undefined)
        return notThere(request, reply, pageTexts[pages.readerOf(request).language].noPage)
      return reply
        .header('content-security-policy', POLICY)
        .header('content-type', types[extname(path)] ?? 'text/plain; charset=utf-8')
        .send(text)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const { what, remedy = '' } = error
      return notThere(request, reply, `${what}. ${remedy}`)
    }
  })
}

/** As every page, and the scripts beside the pages. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

const types: Partial<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
