import {
  type CourseTotals,
  courseTotals,
  type SeriesCourse,
} from '../../monitoring/dashboard/product-courses.ts'
import { seriesName } from '../series-name.ts'

/** Products of a page: more are slow to load on a phone, fewer make thousands of files. */
export const ON_A_PAGE = 20

/** Rows of a page of a list. */
export const ROWS = 100

/** A product with its place among all, which is in the order of categories and names. */
export type Shown = { course: SeriesCourse; totals: CourseTotals; number: number }

/** Every product in the order of categories and names: where each has its place. */
export function catalogue(products: readonly SeriesCourse[]): Shown[] {
  return products
    .map((course) => ({ course, key: sortKey(course) }))
    .sort((a, b) => collator.compare(a.key, b.key))
    .map(({ course }, number) => ({ course, totals: courseTotals(course), number }))
}

/** The same, those first whose forecasts were off by most units. */
export function worstFirst(shown: readonly Shown[]): Shown[] {
  return shown.toSorted((a, b) => b.totals.model - a.totals.model || a.number - b.number)
}

/** Of each category its products, those without one last. */
export function categories(shown: readonly Shown[]): Map<string, Shown[]> {
  return Map.groupBy(shown, ({ course }) => course.category?.trim() ?? '')
}

/** Within a language: the page that a product stands on, and the place there. */
export function placeOfProduct({ number }: Shown): { path: string; id: string } {
  return { path: pageOfProducts(Math.floor(number / ON_A_PAGE)), id: `p${number + 1}` }
}

export function pageOfProducts(page: number): string {
  return `products/${page + 1}.html`
}

/** A product as people know it, with the store where it is sold in several. */
export function courseName(
  { product, store, name }: SeriesCourse,
  inStore: (store: string) => string,
): string {
  const key = {
    productId: product,
    ...(store !== undefined && { storeId: store }),
    ...(name !== undefined && { name }),
  }
  return seriesName(key, inStore)
}

function sortKey({ category, name, product, store }: SeriesCourse): string {
  const named = name?.trim() || product
  return [category?.trim() || '\uFFFF', named, product, store ?? ''].join('\u0001')
}

// A fixed locale: the same ledger gives the same pages everywhere.
const collator = new Intl.Collator('pt', { numeric: true })
