import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Language } from '../../base/language.ts'
import { BoundedMap } from '../../base/remembered.ts'
import type { EventLog } from '../../ledger/events/event-log.ts'
import { type Html, html } from '../../reporting/html.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import type { Engine } from '../engine/engine.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import { languageOf } from '../http/language.ts'
import {
  type Decidable,
  decisionForm,
  type ForecastRow,
  type FormOptions,
} from './decision-form.ts'
import { layout, ownPath, type PageReader } from './layout.ts'
import type { ServedDashboard } from './open-dashboard.ts'
import { type OrderRow, type OrdersOfDay, ordersOfDay } from './orders-of-day.ts'
import { STYLE } from './page-files.ts'
import { searchForm } from './products-page.ts'
import { pageTexts } from './texts.ts'

/** What the buyer's page is made from. */
export type PageParts = {
  engine: Engine
  log: EventLog
  /** Names of persons by their pseudonyms, as far as they are known. */
  names: (pseudonyms: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** As they are now: the language is for those whose browser asks for none of ours. */
  settings: () => ServiceSettings
  now: () => Date
  /** Absent where the service does not answer by a repository. */
  dashboard?: ServedDashboard
}

export type Pages = ReturnType<typeof pagesOf>

/** What all pages have in common: who reads, what stands in the way, forms for decisions. */
export function pagesOf(parts: PageParts) {
  const { engine, settings } = parts
  const orders = ordersOfDay(parts)

  const readerOf = (request: FastifyRequest, writable = true): PageReader => {
    const { timeZone, language: usual } = settings()
    const language = languageOf(request.headers, usual)
    return {
      language,
      decides: writable && request.identity.scopes.has('decide'),
      formToken: request.formToken,
      here: ownPath(request.url),
      embedded: textOf(request.query, 'embedded') !== '',
      style: STYLE,
      moment: moments(timeZone, language),
    }
  }

  return {
    parts,
    orders,
    /** Forecasts that were answered of late: what decisions on them are about, should the ledger fail. */
    forecasts: new BoundedMap<string, ForecastRow>(MOST_FORECASTS),
    readerOf,

    /** What is made while one version answers: made again where another has taken over meanwhile. */
    async byOneVersion<T>(make: () => Promise<T>): Promise<T> {
      for (let tries = 1; ; tries++) {
        const before = JSON.stringify(engine.current().basis)
        const made = await make()
        if (JSON.stringify(engine.current().basis) === before || tries === MOST_TRIES) return made
      }
    },

    /** What the reader has to know before all else. */
    warnings(
      { language }: PageReader,
      { identity }: FastifyRequest,
      { writable }: Pick<OrdersOfDay, 'writable'>,
    ) {
      const say = pageTexts[language]
      const { refused } = engine.current()
      return [
        ...(writable ? [] : [say.notRecorded]),
        ...(identity.scopes.has('decide') ? [] : [say.readOnly]),
        ...(refused ? [say.refused(refused.problem)] : []),
      ]
    },

    /** That decisions were saved, as the address says after they were sent. */
    done({ query }: FastifyRequest, { language }: PageReader): string | undefined {
      const saved = Number(textOf(query, 'saved'))
      return Number.isInteger(saved) && saved > 0 ? pageTexts[language].saved(saved) : undefined
    },

    async form(
      items: readonly Decidable[],
      reader: PageReader,
      of: Pick<FormOptions, 'label' | 'prefix'> & { back?: string },
    ): Promise<Html> {
      const persons = items.flatMap(({ row }) => row.decided?.by ?? [])
      const names = await parts.names([...new Set(persons)])
      return decisionForm(
        items,
        { ...reader, names, reasons: settings().reasons },
        { back: reader.here, ...of },
      )
    },

    /** The rows of a page of a list, recorded as shown. */
    async shownRows(rows: readonly OrderRow[], { query }: FastifyRequest) {
      const last = Math.max(1, Math.ceil(rows.length / ROWS))
      const asked = Number(textOf(query, 'page') || 1)
      const page = Number.isInteger(asked) ? Math.min(Math.max(1, asked), last) : 1
      const shown = await orders.shown(rows.slice((page - 1) * ROWS, page * ROWS))
      return { page, shown: shown.map((row) => ({ row })) }
    },

    /** What cannot be shown, with the ways on. */
    problem(
      reader: PageReader,
      { title, text, back = '/', q }: { title: string; text: string; back?: string; q?: string },
    ): string {
      const say = pageTexts[reader.language]
      return layout(reader, {
        title,
        warnings: [text],
        main: html`${searchForm(reader, engine.current().series, { ...(q !== undefined && { q }) })}
<p><a href="${back}">${back === '/' ? say.openToday : say.back}</a></p>`,
      })
    },
  }
}

/** Rows of a page: more are slow to load on a phone, and to look through. */
export const ROWS = 25

const MOST_FORECASTS = 1000

/** Versions take longer to load than pages to make. */
const MOST_TRIES = 3

export function answerPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.status(status).header('content-type', 'text/html; charset=utf-8').send(page)
}

/** A part of a query or a path, whatever came: a text, or empty. */
export function textOf(of: unknown, name: string): string {
  const value: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, name) : ''
  return typeof value === 'string' ? value : ''
}

/** A moment as people read it: its day, and hours and minutes, where the chain is. */
function moments(timeZone: string, language: Language) {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  return (time: string) => {
    const [day, clock] = format.format(new Date(time)).split(' ')
    return `${numbersIn[language].day(day)} ${clock}`
  }
}
