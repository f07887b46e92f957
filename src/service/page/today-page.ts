import { attentionReasons } from '../../ordering/attention.ts'
import type { SeriesOrder } from '../../ordering/forecaster.ts'
import type { UnknownOrder } from '../../ordering/order-advice.ts'
import { orderGroups, orderTotal } from '../../ordering/order-groups.ts'
import { type Html, html } from '../../reporting/html.ts'
import { oldText, unknownLines } from '../../reporting/order-table.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import { orderTexts } from '../../reporting/texts/order.ts'
import type { InProduction } from '../engine/engine.ts'
import { layout, type PageReader } from './layout.ts'
import type { OrderRow } from './orders-of-day.ts'
import { searchForm } from './products-page.ts'
import { pageTexts } from './texts.ts'

/**
 * What needs a decision: what is not decided before what is, then by why and by what it is worth.
 * Nothing does where the sales lack for every order what any of them needs.
 */
export function needingDecision(rows: readonly OrderRow[]): OrderRow[] {
  if (withoutOrders(rows)) return []
  const rank = ({ attention, decided }: OrderRow) =>
    (decided ? attentionReasons.length : 0) + attentionReasons.indexOf(attention[0])
  return rows
    .filter(({ attention }) => attention.length > 0)
    .sort((a, b) => rank(a) - rank(b) || atStake(b) - atStake(a))
}

/** The orders where none can be advised, as the sales have no prices, costs or stock; else undefined. */
function withoutOrders(rows: readonly OrderRow[]): (SeriesOrder & UnknownOrder)[] | undefined {
  const unknown = rows.flatMap(({ order }) =>
    order.outcome === 'unknown' && order.missing !== 'forecast' ? [order] : [],
  )
  return unknown.length > 0 && unknown.length === rows.length ? unknown : undefined
}

/** What is expected to sell, in money. */
function atStake({ order }: OrderRow): number {
  return order.outcome === 'unknown' ? 0 : order.forecast.mean * order.price
}

/** The first page: what needs a decision, as a form made elsewhere, then what the rest comes to. */
export function todayPage(
  reader: PageReader,
  of: {
    production: InProduction
    rows: readonly OrderRow[]
    /** Those shown, as a form, with the links to those before and after. */
    form: Html
    pages: Html | undefined
    done: string | undefined
    warnings: readonly string[]
  },
): string {
  const { production, rows } = of
  const { language } = reader
  const say = pageTexts[language]
  const { day } = numbersIn[language]
  const open = needingDecision(rows).filter(({ decided }) => !decided).length
  const { age, orderDay } = production
  const unadvised = withoutOrders(rows)
  const old = age.days > age.rhythm ? [oldText(age, orderDay, language)] : []
  return layout(reader, {
    title: say.todayTitle(day(orderDay)),
    current: 'today',
    ...(of.done !== undefined && { done: of.done }),
    warnings: [...of.warnings, ...old],
    main: unadvised
      ? html`<section>
<h2 id="attention">${say.noOrders}</h2>
${unknownLines(unadvised, language).map((line) => html`<p class="warning">${line}</p>`)}
<p>${say.ordersNeed}</p>
</section>
<section>
<h2 id="rest">${say.history}</h2>
<p><a href="/products">${say.products}</a></p>
${searchForm(reader, production.series, {})}
</section>`
      : html`<section>
<h2 id="attention">${open > 0 ? say.toDecide(open) : say.nothingToDecide}</h2>
${rows.length === 0 && html`<p>${say.nothingAtAll}</p>`}
${of.form}
${of.pages}
</section>
<section>
<h2 id="rest">${say.theRest}</h2>
${restTable(rows, reader)}
${searchForm(reader, production.series, {})}
</section>`,
    foot: say.foot(String(production.basis.version), day(production.basis.salesThrough)),
  })
}

/** What is to be ordered of the rest, by category, each with the way to it. */
function restTable(rows: readonly OrderRow[], { language }: PageReader): Html {
  const say = pageTexts[language]
  const { integer, money } = numbersIn[language]
  const rest = rows.filter(({ attention }) => attention.length === 0)
  const decided = new Set(rest.flatMap((row) => (row.decided ? [row.order] : [])))
  const groups = orderGroups(rest.map(({ order }) => order))
  const open = groups.flatMap(({ orders }) => orders).filter((order) => !decided.has(order))
  const line = (name: Html, of: { products: number; units: number; value: number }, done: number) =>
    html`<tr><th scope="row">${name}</th><td>${say.decidedOf(integer(done), integer(of.products))}</td><td>${integer(of.units)}</td><td>${money(of.value)}</td></tr>
`
  const doneIn = (orders: readonly object[]) =>
    orders.filter((order) => decided.has(order as never)).length
  if (groups.length === 0) return html`<p>${say.restDone}</p>`
  const all = orderTotal(rest.map(({ order }) => order))
  return html`<p>${open.length > 0 ? say.restIntro(open.length) : say.restDone}</p>
<div class="wide" tabindex="0" role="region" aria-label="${say.restTable}">
<table class="numbers named"><thead><tr><th scope="col">${say.category}</th><th scope="col">${say.decided}</th><th scope="col">${say.units}</th><th scope="col">${say.value}</th></tr></thead>
<tbody>
${groups.map((group) => line(categoryLink(group.category, language), group, doneIn(group.orders)))}</tbody>
<tfoot>${line(html`${say.total}`, all, all.products - open.length)}</tfoot></table>
</div>`
}

function categoryLink(category: string | undefined, language: PageReader['language']): Html {
  if (category === undefined) return html`${orderTexts[language].noCategory}`
  const path = `/products?category=${encodeURIComponent(category.toWellFormed())}`
  return html`<a href="${path}"><bdi>${category}</bdi></a>`
}
