import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LedgerUnavailable } from '../../ledger/events/event-log.ts'
import { html } from '../../reporting/html.ts'
import { HttpError } from '../http/problem.ts'
import type { Decidable } from './decision-form.ts'
import { type SentForm, saveDecisions, sentForm } from './decisions.ts'
import { layout, ownPath } from './layout.ts'
import { answerPage, type Pages, textOf } from './pages.ts'
import { pageTexts } from './texts.ts'

/** What is decided on the orders and forecasts of all pages. */
export function decisionRoutes(app: FastifyInstance, pages: Pages): void {
  const { log, settings, now } = pages.parts
  const { orders } = pages

  /** What was entered, to be sent again: of what it was about, as it is now. */
  const entered = async ({ entries }: SentForm): Promise<Decidable[]> => {
    const rows = new Map((await orders.all()).rows.map((row) => [row.subject, row]))
    return entries.flatMap((entry) => {
      const row = pages.forecasts.get(entry.of) ?? rows.get(entry.series)
      return row ? [{ row: { ...row, event: entry.of }, entry }] : []
    })
  }

  const again = async (
    request: FastifyRequest,
    reply: FastifyReply,
    {
      status,
      title,
      said,
      items,
    }: { status: number; title: string; said: string; items: Decidable[] },
  ) => {
    const back = ownPath(textOf(request.body, 'back'))
    const reader = { ...pages.readerOf(request), here: back }
    const say = pageTexts[reader.language]
    const main = html`${await pages.form(items, reader, { label: say.orders, back })}
<p><a href="${back}">${say.back}</a></p>`
    return answerPage(reply, status, layout(reader, { title, warnings: [said], main }))
  }

  const save = async (request: FastifyRequest, reply: FastifyReply) => {
    const form = sentForm(request.body)
    const back = ownPath(form.back)
    const reader = { ...pages.readerOf(request), here: back }
    const { language } = reader
    const say = pageTexts[language]
    const saved = await saveDecisions(form, {
      log,
      reasons: settings().reasons,
      person: request.identity.pseudonym,
      now,
      language,
      current: (subjects) => orders.current(subjects),
    })
    switch (saved.outcome) {
      case 'saved':
        return reply.redirect(withSaved(back, saved.count), 303)
      case 'look again': {
        const wrong = saved.items.filter(({ problems }) => problems).length
        const done = saved.saved > 0 ? `${say.saved(saved.saved)} ` : ''
        return await again(request, reply, {
          status: 422,
          title: saved.saved > 0 ? say.partlyTitle : say.checkTitle,
          said: done + (saved.said ?? say.checkIntro(wrong)),
          items: saved.items,
        })
      }
      case 'nothing chosen': {
        const problem = { title: say.checkTitle, text: say.noneChosen, back }
        return answerPage(reply, 422, pages.problem(reader, problem))
      }
      case 'too old': {
        const problem = { title: say.oldFormTitle, text: say.oldForm }
        return answerPage(reply, 409, pages.problem(reader, problem))
      }
    }
  }

  app.post('/decisions', {
    config: { scope: 'decide' },
    handler: save,
    /** What cannot be saved for no fault of the person is not lost. */
    errorHandler: async (error, request, reply) => {
      const say = pageTexts[pages.readerOf(request).language]
      const items = () => entered(sentForm(request.body))
      if (error instanceof LedgerUnavailable) {
        reply.header('retry-after', '60')
        const [title, said] = [say.unavailableTitle, say.unavailable]
        return await again(request, reply, { status: 503, title, said, items: await items() })
      }
      if (isOfOtherSession(error, request)) {
        const [title, said] = [say.sessionTitle, say.session]
        return await again(request, reply, { status: 403, title, said, items: await items() })
      }
      throw error
    },
  })
}

/**
 * Whether a page of ours sent it that was shown before the person logged in anew: what other sites
 * send is refused before its body is read.
 */
function isOfOtherSession(error: unknown, { body, headers }: FastifyRequest): boolean {
  const isRefused = error instanceof HttpError && error.status === 403
  return isRefused && body !== undefined && headers.origin !== undefined
}

function withSaved(back: string, count: number): string {
  const url = new URL(back, 'http://page')
  url.searchParams.set('saved', String(count))
  return url.pathname + url.search
}
