import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Language } from '../../base/language.ts'
import { type EventLog, LedgerUnavailable } from '../../ledger/events/event-log.ts'
import type { DecisionReason } from '../../ordering/decision-reasons.ts'
import { orderExcelCsv } from '../../reporting/order-table.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import { HttpError } from '../api/problem.ts'
import type { Engine } from '../engine/engine.ts'
import { type Decidable, decisionForm } from './decision-form.ts'
import { saveDecisions, sentForm } from './decisions.ts'
import { html } from './html.ts'
import { LANGUAGE_COOKIE, languageOf, ourLanguage } from './language.ts'
import { layout, ownPath, type PageReader } from './layout.ts'
import { type OrderRow, type OrdersOfDay, ordersOfDay } from './orders-of-day.ts'
import { pageFiles, STYLE } from './page-files.ts'
import { pageLinks, productsPage, searchForm, wantedRows } from './products-page.ts'
import { pageTexts } from './texts.ts'
import { needingDecision, ROWS, todayPage } from './today-page.ts'

/** What the buyer's page is made from. */
export type PageParts = {
  engine: Engine
  log: EventLog
  reasons: readonly DecisionReason[]
  /** Names of persons by their pseudonyms, as far as they are known. */
  names: (pseudonyms: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Of the project: for those whose browser asks for none of ours. */
  language: Language
  /** The chain's, an IANA name. */
  timeZone: string
  now: () => Date
}

/** The page for buyers: HTML from the server, which needs no script. */
export function pageRoutes(parts: PageParts) {
  return async (app: FastifyInstance): Promise<void> => {
    const orders = ordersOfDay(parts)
    const moment = moments(parts.timeZone)
    const { reasons, engine, log } = parts

    const readerOf = (request: FastifyRequest, day?: OrdersOfDay): PageReader => {
      const language = languageOf(request.headers, parts.language)
      return {
        language,
        decides: request.identity.scopes.has('decide') && day?.writable !== false,
        formToken: request.formToken,
        here: ownPath(request.url),
        embedded: false,
        style: STYLE,
        moment: (time) => moment(time, language),
      }
    }
    const warningsFor = (reader: PageReader, request: FastifyRequest, day: OrdersOfDay) => {
      const say = pageTexts[reader.language]
      const { refused } = engine.current()
      return [
        ...(day.writable ? [] : [say.notRecorded]),
        ...(request.identity.scopes.has('decide') ? [] : [say.readOnly]),
        ...(refused ? [say.refused(refused.problem)] : []),
      ]
    }
    const formOf = async (
      items: readonly Decidable[],
      reader: PageReader,
      of: { label: string; back?: string; key?: string },
    ) => {
      const persons = items.flatMap(({ row }) => row.decided?.by ?? [])
      const names = await parts.names([...new Set(persons)])
      return decisionForm(items, { ...reader, names, reasons }, { back: reader.here, ...of })
    }
    /** The rows of the page that is asked for, recorded as shown. */
    const pageOf = async (rows: readonly OrderRow[], { query }: FastifyRequest) => {
      const last = Math.max(1, Math.ceil(rows.length / ROWS))
      const asked = Number(textOf(query, 'page') || 1)
      const page = Number.isInteger(asked) ? Math.min(Math.max(1, asked), last) : 1
      const shown = await orders.shown(rows.slice((page - 1) * ROWS, page * ROWS))
      return { page, shown: shown.map((row) => ({ row })) }
    }
    const doneIn = ({ query }: FastifyRequest, language: Language) => {
      const saved = Number(textOf(query, 'saved'))
      return Number.isInteger(saved) && saved > 0 ? pageTexts[language].saved(saved) : undefined
    }

    app.setErrorHandler(async (error, request, reply) => {
      const reader = readerOf(request)
      const say = pageTexts[reader.language]
      const isUnavailable = error instanceof LedgerUnavailable
      const status = isUnavailable ? 503 : statusOf(error)
      if (error instanceof HttpError) reply.headers(error.headers)
      if (status >= 500) request.log.error({ err: error }, 'failed')
      const [title, text] = isUnavailable
        ? [say.unavailableTitle, say.unavailable]
        : [say.failedTitle, status < 500 ? say.oldForm : say.failed]
      return answer(reply, status, problemPage(reader, title, text))
    })
    app.addHook('onSend', async (_, reply) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    })

    app.get('/', { config: { scope: 'read' } }, async (request, reply) => {
      const day = await orders.all()
      const reader = readerOf(request, day)
      const rows = needingDecision(day.rows)
      const { page, shown } = await pageOf(rows, request)
      const say = pageTexts[reader.language]
      return answer(
        reply,
        200,
        todayPage(reader, {
          production: engine.current(),
          rows: day.rows,
          form: await formOf(shown, reader, { label: say.toDecide(rows.length) }),
          pages: pageLinks(reader, { page, rows: rows.length, size: ROWS }),
          done: doneIn(request, reader.language),
          warnings: warningsFor(reader, request, day),
        }),
      )
    })

    app.get('/products', { config: { scope: 'read' } }, async (request, reply) => {
      const day = await orders.all()
      const reader = readerOf(request, day)
      const wanted = {
        q: textOf(request.query, 'q').slice(0, 100),
        category: textOf(request.query, 'category'),
        store: textOf(request.query, 'store'),
      }
      const rows = wantedRows(day.rows, wanted)
      const { page, shown } = await pageOf(rows, request)
      return answer(
        reply,
        200,
        productsPage(reader, {
          production: engine.current(),
          wanted,
          count: rows.length,
          form: await formOf(shown, reader, { label: pageTexts[reader.language].products }),
          pages: pageLinks(reader, { page, rows: rows.length, size: ROWS }),
          done: doneIn(request, reader.language),
          warnings: warningsFor(reader, request, day),
        }),
      )
    })

    app.get('/orders.csv', { config: { scope: 'read' } }, async (request, reply) => {
      const { rows, day } = await orders.all()
      const shown = await orders.shown(rows)
      const { language } = readerOf(request)
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="orders-${day}.csv"`)
        .send(
          orderExcelCsv(
            shown.map(({ order }) => order),
            language,
          ),
        )
    })

    app.post('/decisions', { config: { scope: 'decide' } }, async (request, reply) => {
      const form = sentForm(request.body)
      const back = ownPath(form.back)
      const reader = { ...readerOf(request), here: back }
      const { language } = reader
      const say = pageTexts[language]
      const again = async (items: Decidable[], said: string, title: string, status: number) =>
        answer(
          reply,
          status,
          layout(reader, {
            title,
            warnings: [said],
            main: html`${await formOf(items, reader, { label: say.orders, back })}
<p><a href="${back}">${say.back}</a></p>`,
          }),
        )
      try {
        const saved = await saveDecisions(form, {
          log,
          reasons,
          person: request.identity.pseudonym,
          now: parts.now,
          language,
          current: async (subjects) => rowsBySubject(subjects, await orders.all(), orders.shown),
        })
        switch (saved.outcome) {
          case 'saved':
            return reply.redirect(withSaved(back, saved.count), 303)
          case 'look again': {
            const wrong = saved.items.filter(({ problems }) => problems).length
            const said = saved.said ?? say.checkIntro(wrong)
            const done = saved.saved > 0 ? `${say.saved(saved.saved)} ` : ''
            return await again(saved.items, done + said, say.checkTitle, 422)
          }
          case 'nothing chosen':
            return answer(reply, 422, problemPage(reader, say.checkTitle, say.noneChosen, back))
          case 'too old':
            return answer(reply, 409, problemPage(reader, say.oldFormTitle, say.oldForm))
        }
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error
        const rows = new Map((await orders.all()).rows.map((row) => [row.subject, row]))
        const items = form.entries.flatMap((entry) => {
          const row = rows.get(entry.series)
          return row ? [{ row: { ...row, event: entry.of }, entry }] : []
        })
        reply.header('retry-after', '60')
        return await again(items, say.unavailable, say.unavailableTitle, 503)
      }
    })

    app.get('/language', { config: { scope: 'public' } }, async (request, reply) => {
      const language = ourLanguage(textOf(request.query, 'to')) ?? parts.language
      return reply
        .header(
          'set-cookie',
          `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly`,
        )
        .redirect(ownPath(textOf(request.query, 'back')), 303)
    })

    for (const { path, type, bytes } of pageFiles) {
      app.get(path, { config: { scope: 'public' } }, async (_, reply) =>
        reply
          .header('content-type', type)
          .header('cache-control', 'public, max-age=31536000, immutable')
          .send(bytes),
      )
    }

    const problemPage = (reader: PageReader, title: string, text: string, back = '/') => {
      const say = pageTexts[reader.language]
      return layout(reader, {
        title,
        warnings: [text],
        main: html`<p><a href="${back}">${back === '/' ? say.openToday : say.back}</a></p>
${searchForm(reader, engine.current().series, {})}`,
      })
    }
  }
}

function answer(reply: FastifyReply, status: number, page: string) {
  return reply.status(status).header('content-type', 'text/html; charset=utf-8').send(page)
}

function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}

/** A part of a query or a path, whatever came: a text, or empty. */
function textOf(of: unknown, name: string): string {
  const value: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, name) : ''
  return typeof value === 'string' ? value : ''
}

async function rowsBySubject(
  subjects: readonly string[],
  { rows }: OrdersOfDay,
  shown: (rows: OrderRow[]) => Promise<OrderRow[]>,
): Promise<Map<string, OrderRow>> {
  const wanted = new Set(subjects)
  const current = await shown(rows.filter(({ subject }) => wanted.has(subject)))
  return new Map(current.map((row) => [row.subject, row]))
}

function withSaved(back: string, count: number): string {
  const url = new URL(back, 'http://page')
  url.searchParams.set('saved', String(count))
  return url.pathname + url.search
}

/** A moment as people read it: its day, and hours and minutes, where the chain is. */
function moments(timeZone: string) {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  return (time: string, language: Language) => {
    const [day, clock] = format.format(new Date(time)).split(' ')
    return `${numbersIn[language].day(day)} ${clock}`
  }
}
