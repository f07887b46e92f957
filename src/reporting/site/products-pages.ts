import type { Language } from '../../base/language.ts'
import type { DashboardData } from '../../monitoring/dashboard/dashboard-data.ts'
import { type Html, html, type Part } from '../html.ts'
import { htmlTable, numberColumns } from '../html-table.ts'
import { numbersIn } from '../texts/numbers.ts'
import { siteTexts } from '../texts/site.ts'
import {
  categories,
  courseName,
  ON_A_PAGE,
  pageOfProducts,
  placeOfProduct,
  ROWS,
  type Shown,
  worstFirst,
} from './catalogue.ts'
import { sitePages } from './layout.ts'
import { productSection } from './product-section.ts'
import { linkTo, type SitePlace } from './site-place.ts'

type ListPage = { path: string; title: string; main(place: SitePlace): Html }

/** The lists of products, and the pages that the products stand on. */
export function productsPages(
  shown: readonly Shown[],
  { areSalesUnusable }: Pick<DashboardData, 'areSalesUnusable'>,
  language: Language,
): ListPage[] {
  const say = siteTexts[language]
  const noProducts = areSalesUnusable ? say.unusableSales : say.noProducts
  const worst = inPages(worstFirst(shown), ROWS)
  const groups = [...categories(shown)].map(([name, rows], i) => ({
    name,
    rows,
    path: (page: number) => `products/category-${i + 1}${page === 0 ? '' : `-${page + 1}`}.html`,
  }))
  const first: ListPage = {
    path: sitePages.products,
    title: say.productsTitle,
    main: (place) => html`${
      shown.length === 0
        ? html`<p class="empty">${noProducts}</p>`
        : introduction(shown, groups, place)
    }
${
  shown.length > 0 &&
  html`<h2 id="worst">${say.worstFirst}</h2>
${listTable(worst[0], say.worstFirst, place)}
${pageLinks(place, 0, worst.length, worstPath)}`
}`,
  }
  return [
    first,
    ...worst
      .slice(1)
      .map((rows, i) =>
        listPage(worstPath(i + 1), say.worstFirst, rows, i + 1, worst.length, worstPath, language),
      ),
    ...groups.flatMap(({ name, rows, path }) =>
      inPages(rows, ROWS).map((part, page, all) =>
        listPage(path(page), categoryName(name, language), part, page, all.length, path, language),
      ),
    ),
    ...inPages(shown, ON_A_PAGE).map(
      (part, page, all): ListPage => ({
        path: pageOfProducts(page),
        title: titleOfPage(part, language),
        main: (
          place,
        ) => html`<p><a href="${linkTo(place, sitePages.products)}">${say.toTheList}</a></p>
${part.map((one) => productSection(one, language))}
${pageLinks(place, page, all.length, pageOfProducts)}`,
      }),
    ),
  ]
}

/** What the search looks through: name, category, where it stands. The same in every language. */
export function searchIndex(shown: readonly Shown[]): string {
  const entries = worstFirst(shown).map((one) => {
    const { path, id } = placeOfProduct(one)
    return [
      courseName(one.course, (store) => `· ${store}`),
      one.course.category ?? '',
      `${path}#${id}`,
    ]
  })
  // As text of a script: no sequence in a string of JSON ends or begins anything there.
  return `globalThis.cd4mlProducts = ${JSON.stringify(entries.map((entry) => entry.map((text) => text.toWellFormed())))}\n`
}

function worstPath(page: number): string {
  return page === 0 ? sitePages.products : `products/worst-${page + 1}.html`
}

function introduction(
  shown: readonly Shown[],
  groups: readonly { name: string; rows: Shown[]; path(page: number): string }[],
  place: SitePlace,
): Html {
  const { language } = place
  const say = siteTexts[language]
  const links = groups.map(
    ({ name, rows, path }) =>
      html`<li><a href="${linkTo(place, path(0))}"><bdi>${categoryName(name, language)}</bdi></a> <small>${numbersIn[language].integer(rows.length)}</small></li>
`,
  )
  return html`<p>${say.productsIntro(shown.length)}</p>
<form class="search" role="search" hidden data-found="${say.searching}">
<p><label for="q">${say.searchLabel}</label>
<input type="search" id="q" maxlength="100" autocomplete="off"></p>
</form>
<div id="found" aria-live="polite"></div>
<h2 id="categories">${say.byCategory}</h2>
<ul class="columns">
${links}</ul>`
}

function listPage(
  path: string,
  title: string,
  rows: readonly Shown[],
  page: number,
  pages: number,
  pathOf: (page: number) => string,
  language: Language,
): ListPage {
  const say = siteTexts[language]
  return {
    path,
    title,
    main: (place) => html`<p><a href="${linkTo(place, sitePages.products)}">${say.toTheList}</a></p>
${listTable(rows, title, place)}
${pageLinks(place, page, pages, pathOf)}`,
  }
}

function listTable(rows: readonly Shown[], label: string, place: SitePlace): Html {
  const { language } = place
  const say = siteTexts[language]
  return htmlTable(
    label,
    [
      { text: say.product },
      { text: say.category },
      ...numberColumns(say.sold, say.off, say.offNaive, say.wape),
    ],
    rows.map((one) => listRow(one, place)),
  )
}

function listRow(one: Shown, place: SitePlace): Part[] {
  const { language } = place
  const { units, percent } = numbersIn[language]
  const { course, totals } = one
  const { path, id } = placeOfProduct(one)
  const address = `${linkTo(place, path)}#${id}`
  const known = totals.periods > 0
  return [
    html`<a href="${address}"><bdi>${courseName(course, siteTexts[language].inStore)}</bdi></a>`,
    html`<bdi>${course.category ?? '–'}</bdi>`,
    known ? units(totals.actual) : '–',
    known ? units(totals.model) : '–',
    known ? units(totals.naive) : '–',
    totals.actual > 0 ? percent(totals.model / totals.actual) : '–',
  ]
}

/** The links to the page before and the page after; undefined where there is only one. */
function pageLinks(
  place: SitePlace,
  page: number,
  pages: number,
  pathOf: (page: number) => string,
): Html | undefined {
  const say = siteTexts[place.language]
  const { integer } = numbersIn[place.language]
  if (pages < 2) return undefined
  const where = say.page(integer(page + 1), integer(pages))
  return html`<nav class="pages" aria-label="${where}">
${page > 0 && html`<a rel="prev" href="${linkTo(place, pathOf(page - 1))}">${say.earlier}</a>`}
<span>${where}</span>
${page + 1 < pages && html`<a rel="next" href="${linkTo(place, pathOf(page + 1))}">${say.later}</a>`}
</nav>`
}

function titleOfPage(part: readonly Shown[], language: Language): string {
  const { integer } = numbersIn[language]
  return siteTexts[language].productsPage(
    integer(part[0].number + 1),
    integer(part[part.length - 1].number + 1),
  )
}

function categoryName(name: string, language: Language): string {
  return name === '' ? siteTexts[language].noCategory : name
}

function inPages<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, page) =>
    all.slice(page * size, (page + 1) * size),
  )
}
