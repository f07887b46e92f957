import type { FastifyInstance, FastifyRequest } from 'fastify'
import { orderExcelCsv } from '../../reporting/order-table.ts'
import { answerPage, type Pages, ROWS, textOf } from './pages.ts'
import { pageLinks, productsPage, wantedRows } from './products-page.ts'
import { pageTexts } from './texts.ts'
import { needingDecision, todayPage } from './today-page.ts'

/** The order of the day, all products, and the spreadsheet of both. */
export function orderRoutes(app: FastifyInstance, pages: Pages): void {
  const { engine } = pages.parts
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
}
