import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { KeptForecasts } from '../ledger/forecast-record.ts'
import type { SeriesOrder } from '../ordering/forecaster.ts'
import {
  notOrdered,
  type Ordered,
  type OrderGroup,
  orderGroups,
  orderValue,
} from '../ordering/order-groups.ts'
import type { SalesAge } from '../ordering/sales-age.ts'
import { daysBetween } from './format.ts'
import { escapeCell, inlineText, link, type TableCell, table } from './markdown.ts'
import { intervalText, whyText } from './order-reason.ts'
import { oldText, totalsTable, unknownLines } from './order-table.ts'
import { productName } from './series-name.ts'
import { fittedText } from './text-length.ts'
import { numbersIn } from './texts/numbers.ts'
import { orderTexts } from './texts/order.ts'

type OrdersOfDay = {
  orders: readonly SeriesOrder[]
  /** ISO days: the one in whose morning is ordered, and the one on which this is made. */
  day: string
  madeOn: string
  age: SalesAge
  version: number
  model: string
  /** Set where no `ordering.yml` says how the chain buys. */
  usualTerms?: { leadTime: number; reviewPeriod: number }
  /** Addresses of the files with all of it. */
  files: { excel: string; csv: string; forecastsExcel: string; forecastsCsv: string }
}

/**
 * The order of the day as a page for buyers: how old the sales are, what each category comes to, and
 * every product with its reason, as many as GitHub shows. Without a clock: the same orders give the
 * same page.
 */
export function ordersPage(of: OrdersOfDay, language: Language): string {
  const groups = orderGroups(of.orders)
  const products = Math.max(0, ...groups.map(({ orders }) => orders.length))
  return fittedText(
    { products, categories: groups.length },
    (most) => pageText(of, groups, most, language),
    (text) => Buffer.byteLength(text) <= MOST_PAGE_BYTES,
  )
}

/** GitHub shows no more of a page. */
export const MOST_PAGE_BYTES = 500_000

/** A page that stays since there is no newer one, with its age and why. */
export function stalePage(
  page: string,
  made: { at: string },
  kept: Pick<KeptForecasts, 'at' | 'problem'>,
  language: Language,
): string {
  const say = orderTexts[language]
  const day = numbersIn[language].day(kept.at.slice(0, 10))
  const why = say.staleOn(day, inlineText(shortened(kept.problem, 300)))
  return `⚠️ **${say.stale(daysBetween(made.at, kept.at))}** ${why}\n\n${page}`
}

type Most = { products: number; categories: number }

function pageText(of: OrdersOfDay, groups: OrderGroup[], most: Most, language: Language): string {
  const { orders, day, madeOn, age, version, model, usualTerms } = of
  const say = orderTexts[language]
  const numbers = numbersIn[language]
  const by = `v${version} (${inlineText(shortened(model, 80))})`
  const totals = totalsTable(orders, language)
  const left = groups.length - most.categories
  const totalsShown = [
    ...totals.rows.slice(0, most.categories),
    ...totals.rows.slice(groups.length),
  ]
  return [
    `# ${say.title(numbers.day(day))}\n`,
    age.days > age.rhythm && `⚠️ **${oldText(age, day, language)}**\n`,
    usualTerms && `ℹ️ ${say.usualTerms(usualTerms.leadTime, usualTerms.reviewPeriod)}\n`,
    `${say.made(numbers.day(madeOn), by)}, ${say.sales(numbers.day(age.through), age.days)}.\n`,
    `${filesText(of, language)}\n`,
    groups.length === 0
      ? `${say.nothing}\n`
      : `${table(totals.headers, totalsShown)}\n${say.valueAtCost}\n`,
    ...groups.slice(0, most.categories).map((group) => groupText(group, most, language)),
    left > 0 && `${say.moreCategories(left)}\n`,
    notOrderedText(orders, language),
  ]
    .filter(Boolean)
    .join('\n')
}

function filesText({ files }: OrdersOfDay, language: Language): string {
  const say = orderTexts[language]
  const both = (excel: string, csv: string) => `${link(say.forExcel, excel)}, ${link(say.csv, csv)}`
  return `${say.orders}: ${both(files.excel, files.csv)}. ${say.forecasts}: ${both(files.forecastsExcel, files.forecastsCsv)}.`
}

function groupText(group: OrderGroup, most: Most, language: Language): string {
  const say = orderTexts[language]
  const left = group.orders.length - most.products
  const category = inlineText(shortened(group.category ?? say.noCategory, 80))
  return [
    `## ${category}\n`,
    most.products > 0 && ordersTable(group.orders.slice(0, most.products), language),
    left > 0 && `${say.more(left)}\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

function ordersTable(orders: Ordered[], language: Language): string {
  const { columns: say } = orderTexts[language]
  const { integer, money, day } = numbersIn[language]
  const stores = orders.some(({ storeId }) => storeId !== undefined)
  const headers = [
    ...[say.product, ...(stores ? [say.store] : []), say.onHand, say.forecast, say.interval],
    ...[say.through, say.units, say.packs, say.value, say.reason],
  ]
  return table(
    headers,
    orders.map((order): TableCell[] => [
      productName(order),
      ...(stores ? [shortened(order.storeId ?? '–', 60)] : []),
      integer(order.onHand),
      integer(order.forecast.mean),
      intervalText(order, language),
      day(order.through),
      { markdown: `**${escapeCell(integer(order.units))}**` },
      `${integer(order.packs)} × ${integer(order.pack)}`,
      money(orderValue(order)),
      whyText(order, language),
    ]),
  )
}

function notOrderedText(orders: readonly SeriesOrder[], language: Language): string {
  const say = orderTexts[language]
  const { enough, unprofitable, unknown } = notOrdered(orders)
  const named = unprofitable.slice(0, MOST_UNPROFITABLE).map(productName)
  const more = unprofitable.length > named.length ? ', …' : ''
  const losing = `${say.unprofitable(unprofitable.length)} ${inlineText(named.join(', '))}${more}`
  const lines = [
    ...(enough > 0 ? [say.enough(enough)] : []),
    ...(unprofitable.length > 0 ? [losing] : []),
    ...unknownLines(unknown, language),
  ]
  if (lines.length === 0) return ''
  return `## ${say.notOrdered}\n\n${lines.map((line) => `- ${line}\n`).join('')}`
}

const MOST_UNPROFITABLE = 20
