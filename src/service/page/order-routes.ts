import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LedgerUnavailable } from '../../ledger/events/event-log.ts'
import { orderExcelCsv } from '../../reporting/order-table.ts'
import { HttpError } from '../http/problem.ts'
import type { Decidable } from './decision-form.ts'
import { type SentForm, saveDecisions, sentForm } from './decisions.ts'
import { html } from './html.ts'
import { layout, ownPath } from './layout.ts'
import { answerPage, type Pages, ROWS, textOf } from './pages.ts'
import { pageLinks, productsPage, wantedRows } from './products-page.ts'
import { pageTexts } from './texts.ts'
import { needingDecision, todayPage } from './today-page.ts'

/** The order of the day, all products, the spreadsheet of both, and what is decided on them. */
export function orderRoutes(app: FastifyInstance, pages: Pages): void {
  const { engine, log, reasons, now } = pages.parts
  const { orders } = pages

  const today = async (request: FastifyRequest) => {
    const day = await orders.all()
    const reader = pages.readerOf(request, day.writable)
    const rows = needingDecision(day.rows)
    const { page, shown } = await pages.shownRows(rows, request)
    const label = pageTexts[reader.language].toDecide(rows.length)
    return todayPage(reader, {
      production: engine.current(),
      rows: day.rows,
      form: await pages.form(shown, reader, { label }),
      pages: pageLinks(reader, { page, rows: rows.length, size: ROWS }),
      done: pages.done(request, reader),
      warnings: pages.warnings(reader, request, day),
    })
  }

  const products = async (request: FastifyRequest) => {
    const day = await orders.all()
    const reader = pages.readerOf(request, day.writable)
    const wanted = {
      q: textOf(request.query, 'q').slice(0, 100),
      category: textOf(request.query, 'category'),
      store: textOf(request.query, 'store'),
    }
    const rows = wantedRows(day.rows, wanted)
    const { page, shown } = await pages.shownRows(rows, request)
    const label = pageTexts[reader.language].products
    return productsPage(reader, {
      production: engine.current(),
      wanted,
      count: rows.length,
      form: await pages.form(shown, reader, { label }),
      pages: pageLinks(reader, { page, rows: rows.length, size: ROWS }),
      done: pages.done(request, reader),
      warnings: pages.warnings(reader, request, day),
    })
  }

  for (const [path, make] of [
    ['/', today],
    ['/products', products],
  ] as const) {
    app.get(path, { config: { scope: 'read' } }, async (request, reply) =>
      answerPage(reply, 200, await pages.byOneVersion(() => make(request))),
    )
  }

  app.get('/orders.csv', { config: { scope: 'read' } }, async (request, reply) => {
    const { day, shown } = await pages.byOneVersion(async () => {
      const { day, rows } = await orders.all()
      return { day, shown: await orders.shown(rows) }
    })
    const { language } = pages.readerOf(request)
    const csv = orderExcelCsv(
      shown.map(({ order }) => order),
      language,
    )
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="orders-${day}.csv"`)
      .send(csv)
  })

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
      reasons,
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
