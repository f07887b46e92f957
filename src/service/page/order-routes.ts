import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LedgerUnavailable } from '../../ledger/events/event-log.ts'
import { orderExcelCsv } from '../../reporting/order-table.ts'
import type { Decidable } from './decision-form.ts'
import { saveDecisions, sentForm } from './decisions.ts'
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

  app.post('/decisions', { config: { scope: 'decide' } }, async (request, reply) => {
    const form = sentForm(request.body)
    const back = ownPath(form.back)
    const reader = { ...pages.readerOf(request), here: back }
    const { language } = reader
    const say = pageTexts[language]
    const again = async (status: number, title: string, said: string, items: Decidable[]) => {
      const main = html`${await pages.form(items, reader, { label: say.orders, back })}
<p><a href="${back}">${say.back}</a></p>`
      return answerPage(reply, status, layout(reader, { title, warnings: [said], main }))
    }
    try {
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
          const said = saved.said ?? say.checkIntro(wrong)
          const done = saved.saved > 0 ? `${say.saved(saved.saved)} ` : ''
          const title = saved.saved > 0 ? say.partlyTitle : say.checkTitle
          return await again(422, title, done + said, saved.items)
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
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error
      const rows = new Map((await orders.all()).rows.map((row) => [row.subject, row]))
      const items = form.entries.flatMap((entry): Decidable[] => {
        const row = pages.forecasts.get(entry.of) ?? rows.get(entry.series)
        return row ? [{ row: { ...row, event: entry.of }, entry }] : []
      })
      reply.header('retry-after', '60')
      return await again(503, say.unavailableTitle, say.unavailable, items)
    }
  })
}

function withSaved(back: string, count: number): string {
  const url = new URL(back, 'http://page')
  url.searchParams.set('saved', String(count))
  return url.pathname + url.search
}
