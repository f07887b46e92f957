import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { dayFromIso } from '../../base/day.ts'
import { advisedUnits } from '../../ledger/events/advised.ts'
import type { EventOf } from '../../ledger/events/event.ts'
import { soldOn } from '../../ledger/events/ledger-entries.ts'
import { subjectOf } from '../../ledger/events/subject.ts'
import { pastOverrides } from '../../monitoring/value-added/past-overrides.ts'
import { reasonsAboutDemand } from '../../ordering/decision-reasons.ts'
import { type Html, html } from '../../reporting/html.ts'
import { seriesId } from '../../sales/totals/daily-totals.ts'
import type { RefusedQuestion } from '../engine/engine.ts'
import { HttpError } from '../http/problem.ts'
import { prepareForecasts } from '../recording/forecasts.ts'
import { recorded } from '../recording/prepared.ts'
import { layout, type PageReader, productPath } from './layout.ts'
import { pastDecision, SOURCE, unlessUnavailable } from './orders-of-day.ts'
import { answerPage, type Pages, textOf } from './pages.ts'
import { type ComeTrue, productPage, type ToldDecision, titleOf } from './product-page.ts'
import { questionForm, type TypedQuestion, typedQuestion } from './question-form.ts'
import { pageTexts } from './texts.ts'

/** All about one product: what sold, what is expected, what was decided, and forecasts of other days. */
export function productRoutes(app: FastifyInstance, pages: Pages): void {
  const { engine, log, now, names, settings } = pages.parts

  const product = async (id: string, request: FastifyRequest, reply: FastifyReply) => {
    const inStores = engine.current().series.filter(({ product }) => product === id)
    const asked = textOf(request.query, 'store')
    const [series, ...others] = asked ? inStores.filter(({ store }) => store === asked) : inStores
    if (series === undefined) {
      const reader = pages.readerOf(request)
      const say = pageTexts[reader.language]
      const problem = { title: say.notFoundTitle, text: say.noProduct(id), q: id.slice(0, 100) }
      return answerPage(reply, 404, pages.problem(reader, problem))
    }
    if (others.length > 0) {
      return answerPage(reply, 200, storesPage(pages.readerOf(request), [series, ...others]))
    }
    const page = await pages.byOneVersion(() => seriesPage(series, request))
    return answerPage(reply, 200, page)
  }

  app.get('/products/:product', { config: { scope: 'read' } }, async (request, reply) =>
    product(textOf(request.params, 'product'), request, reply),
  )
  app.get('/product', { config: { scope: 'read' } }, async (request, reply) =>
    product(textOf(request.query, 'id'), request, reply),
  )

  const seriesPage = async (
    { product, store, ...named }: ReturnType<typeof engine.current>['series'][number],
    request: FastifyRequest,
  ) => {
    const key = { productId: product, ...(store !== undefined && { storeId: store }) }
    const subject = seriesId(key)
    const path = productPath(key)
    const found = await engine.product(product, store)
    const rows = await pages.orders.current([subject])
    const told = await unlessUnavailable(() => toldOf(subject, product))
    const asker = pages.readerOf(request, told !== undefined)
    const reader = { ...asker, here: asker.embedded ? embedded(path) : path }
    const say = pageTexts[reader.language]
    // It was there a moment ago, in other sales.
    if (found === undefined) throw new HttpError(409, 'The sales have changed: ask again.')
    const row = rows.get(subject)
    const { inputs, orderDay } = engine.current()
    const question = typedQuestion(inputs, queryOf(request), {
      language: reader.language,
      today: dayFromIso(orderDay) ?? 0,
    })
    const forecast = question && (await forecastOf({ product, store, question }))
    const persons = [...(told?.decisions ?? []), ...(row?.decided ? [row.decided] : [])]
    const known = await names([...new Set(persons.map(({ by }) => by))])
    const given = Object.fromEntries(new URL(reader.here, 'http://page').searchParams)
    return productPage(
      { ...reader, names: known, reasons: settings().reasons },
      {
        production: engine.current(),
        view: { ...found.view, ...named },
        orderForm: row && (await pages.form([{ row }], reader, { label: say.order })),
        answer: forecast?.answer && (await forecast.answer(reader)),
        ask: questionForm(inputs, {
          action: `${new URL(path, 'http://page').pathname}#ask`,
          given,
          asked: question,
          ...(forecast?.refused && { refused: forecast.refused }),
          language: reader.language,
        }),
        decisions: told?.decisions ?? [],
        overrides: told?.overrides ?? [],
        cameTrue: told?.cameTrue ?? [],
        done: pages.done(request, reader),
        warnings: pages.warnings(reader, request, { writable: told !== undefined }),
      },
    )
  }

  /** The forecast that was asked for, recorded, to be decided on; or what is wrong with the question. */
  const forecastOf = async ({
    product,
    store,
    question,
  }: {
    product: string
    store: string | undefined
    question: TypedQuestion
  }): Promise<{ refused?: RefusedQuestion; answer?: (reader: PageReader) => Promise<Html> }> => {
    const series = { product, ...(store !== undefined && { store }) }
    const by = { source: SOURCE, time: now().toISOString() }
    const prepared = await prepareForecasts(engine, [{ ...series, ...question.question }], by)
    const [answered] = prepared.answers(new Map())
    if (answered.outcome === 'refused') return { refused: answered }
    const kept = await unlessUnavailable(() => recorded(log, prepared))
    const [event] = prepared.events
    if (kept === undefined || event?.type !== 'cd4ml.forecast.v1') {
      return { answer: async ({ language }) => unrecorded(language) }
    }
    const row = { forecast: event.data, subject: event.subject, event: event.id }
    pages.forecasts.set(event.id, row)
    const { evaluatedUntil, standsIn } = answered.answer
    return {
      answer: async (reader) =>
        html`${await pages.form([{ row }], reader, { label: pageTexts[reader.language].ask, prefix: 'asked.' })}
${standsIn !== undefined && html`<p class="warning">${pageTexts[reader.language].standsIn(standsIn || '–')}</p>`}
${evaluatedUntil !== undefined && html`<p class="warning">${pageTexts[reader.language].farAhead(evaluatedUntil)}</p>`}`,
    }
  }

  /** What the ledger tells of a series, and of its product in all stores. */
  const toldOf = async (subject: string, product: string) => {
    const of = { subjects: [subject] }
    const decided = await log.find({ type: 'cd4ml.decision.v1', ...of, limit: MOST_DECISIONS })
    const on = await log.byId([...new Set(decided.map(({ data }) => data.of.id))])
    const notes = await log.notes(decided.map(({ id }) => id))
    const decisions = decided.map((event): ToldDecision => {
      const note = notes.get(event.id)
      return {
        ...pastDecision(event, advisedUnits(on.get(event.data.of.id))),
        of: event.data.of.type,
        ...(note !== undefined && { note }),
      }
    })
    const forecasts = await log.find({ type: 'cd4ml.forecast.v1', ...of, limit: MOST_FORECASTS })
    const actuals = await log.find({ type: 'cd4ml.actual.v1', ...of, limit: MOST_FORECASTS })
    const inStores = engine.current().series.filter((one) => one.product === product)
    const overrides = await pastOverrides(log, {
      subjects: inStores.map(subjectOf),
      today: dayFromIso(now().toISOString().slice(0, 10)) ?? 0,
      aboutDemand: reasonsAboutDemand(settings().reasons),
    })
    return { decisions, cameTrue: cameTrue(forecasts, actuals), overrides }
  }
}

const MOST_DECISIONS = 20
const MOST_FORECASTS = 200
/** Forecasts of the past that are shown. */
const MOST_COME_TRUE = 8

function queryOf({ query }: FastifyRequest): Map<string, string> {
  const fields: [string, unknown][] = Object.entries(
    typeof query === 'object' && query !== null ? query : {},
  )
  return new Map(fields.filter((field): field is [string, string] => typeof field[1] === 'string'))
}

/** The newest forecast of each span of days for which it is known what sold. */
function cameTrue(
  forecasts: readonly EventOf<'cd4ml.forecast.v1'>[],
  actuals: readonly EventOf<'cd4ml.actual.v1'>[],
): ComeTrue[] {
  const days = ({ from, to }: { from: string; to: string }) => `${from} ${to}`
  const newest = new Map(forecasts.toReversed().map(({ data }) => [days(data), data]))
  return [...newest.values()]
    .flatMap((forecast) => {
      const sold = soldOn(forecast, actuals)
      return sold && sold.knownDays === sold.days ? [{ forecast, units: sold.units }] : []
    })
    .sort((a, b) => (a.forecast.from < b.forecast.from ? 1 : -1))
    .slice(0, MOST_COME_TRUE)
}

/** A product that is sold in several stores: which is meant. */
function storesPage(
  reader: PageReader,
  series: readonly { product: string; store?: string; name?: string }[],
): string {
  const say = pageTexts[reader.language]
  const [{ store: _, ...product }] = series
  const links = series.map(({ product, store }) => {
    const path = productPath({ productId: product, ...(store !== undefined && { storeId: store }) })
    return html`<li><a href="${path}"><bdi>${store ?? product}</bdi></a></li>
`
  })
  return layout(reader, {
    title: titleOf(product, reader.language),
    main: html`<h2>${say.allStores}</h2><ul>${links}</ul>`,
  })
}

/** The same page in the frame of another system. */
function embedded(path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}embedded=1`
}

function unrecorded(language: PageReader['language']): Html {
  return html`<p class="warning">${pageTexts[language].forecastUnrecorded}</p>`
}
