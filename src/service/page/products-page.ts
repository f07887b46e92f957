import { plainText } from '../../ordering/find-product.ts'
import { attributes, type Html, html } from '../../reporting/html.ts'
import { numbersIn } from '../../reporting/texts/numbers.ts'
import type { InProduction, SeriesShown } from '../engine/engine.ts'
import { layout, type PageReader } from './layout.ts'
import type { OrderRow } from './orders-of-day.ts'
import { pageTexts } from './texts.ts'

/** What of all products is looked for; what is empty is not asked. */
export type Wanted = { q?: string; category?: string; store?: string }

/** Those that have all words of the question in their name or number, in whatever case and accents. */
export function wantedRows(
  rows: readonly OrderRow[],
  { q = '', category, store }: Wanted,
): OrderRow[] {
  const words = plainText(q).split(' ').filter(Boolean)
  return rows
    .filter(
      ({ order }) =>
        (!category || order.category === category) &&
        (!store || order.storeId === store) &&
        words.every((word) => plainText(`${order.name ?? ''} ${order.productId}`).includes(word)),
    )
    .sort(byCategoryAndName)
}

/** All products, or those looked for: as a form made elsewhere. */
export function productsPage(
  reader: PageReader,
  of: {
    production: InProduction
    wanted: Wanted
    count: number
    form: Html
    pages: Html | undefined
    done: string | undefined
    warnings: readonly string[]
  },
): string {
  const say = pageTexts[reader.language]
  const { day } = numbersIn[reader.language]
  const { basis, series } = of.production
  return layout(reader, {
    title: say.products,
    current: 'products',
    ...(of.done !== undefined && { done: of.done }),
    warnings: of.warnings,
    main: html`${searchForm(reader, series, of.wanted)}
<p role="status">${of.count > 0 ? say.found(of.count) : say.nothingFound}
${of.count === 0 && html`<a href="/products">${say.showAll}</a>`}</p>
${of.form}
${of.pages}`,
    foot: say.foot(String(basis.version), day(basis.salesThrough)),
  })
}

/** Looks for products by name or number, category and store. */
export function searchForm(
  { language }: PageReader,
  series: readonly SeriesShown[],
  wanted: Wanted,
): Html {
  const say = pageTexts[language]
  const categories = distinct(series.map(({ category }) => category))
  const stores = distinct(series.map(({ store }) => store))
  return html`<form method="get" action="/products" class="search" role="search">
<p><label for="q">${say.searchLabel}</label>
<input type="search" id="q" name="q" maxlength="100"${attributes({ value: wanted.q ?? '' })}></p>
${categories.length > 1 && selectField('category', say.category, categories, wanted.category, language)}
${stores.length > 1 && selectField('store', say.store, stores, wanted.store, language)}
<p class="buttons"><button type="submit">${say.search}</button></p>
</form>`
}

function selectField(
  name: 'category' | 'store',
  label: string,
  values: readonly string[],
  chosen: string | undefined,
  language: PageReader['language'],
): Html {
  const options = values.map(
    (value) => html`<option${attributes({ value, selected: value === chosen })}>${value}</option>`,
  )
  return html`<p><label${attributes({ for: name })}>${label}</label>
<select${attributes({ id: name, name })}><option value="">${pageTexts[language].every}</option>${options}</select></p>`
}

/** The links to the page before and the page after; undefined where there is only one. */
export function pageLinks(
  { language, here }: PageReader,
  { page, rows, size }: { page: number; rows: number; size: number },
): Html | undefined {
  const say = pageTexts[language]
  const { integer } = numbersIn[language]
  const pages = Math.ceil(rows / size)
  if (pages < 2) return undefined
  const at = (number: number) => {
    const url = new URL(here, 'http://page')
    url.searchParams.delete('saved')
    url.searchParams.set('page', String(number))
    return url.pathname + url.search
  }
  return html`<nav class="pages" aria-label="${say.page(integer(page), integer(pages))}">
${page > 1 && html`<a rel="prev" href="${at(page - 1)}">${say.earlier}</a>`}
<span>${say.page(integer(page), integer(pages))}</span>
${page < pages && html`<a rel="next" href="${at(page + 1)}">${say.later}</a>`}
</nav>`
}

function distinct(values: readonly (string | undefined)[]): string[] {
  const known = values.filter((value) => value !== undefined && value.trim() !== '')
  return [...new Set(known as string[])].sort(collator.compare)
}

function byCategoryAndName({ order: a }: OrderRow, { order: b }: OrderRow): number {
  return (
    collator.compare(a.category ?? '\uFFFF', b.category ?? '\uFFFF') ||
    collator.compare(a.name ?? a.productId, b.name ?? b.productId) ||
    collator.compare(a.storeId ?? '', b.storeId ?? '')
  )
}

const collator = new Intl.Collator('pt', { numeric: true })
