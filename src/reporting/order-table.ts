import { csvText, EXCEL_IN_BRAZIL } from '../base/csv-text.ts'
import type { Language } from '../base/language.ts'
import type { SeriesOrder } from '../ordering/forecaster.ts'
import {
  notOrdered,
  type Ordered,
  orderGroups,
  orderTotal,
  orderValue,
} from '../ordering/order-groups.ts'
import type { SalesAge } from '../ordering/sales-age.ts'
import { alignedColumns, terminalText } from './aligned-columns.ts'
import { intervalText, missingText, orderReason } from './order-reason.ts'
import { seriesName } from './series-name.ts'
import { numbersIn } from './texts/numbers.ts'
import { orderTexts } from './texts/order.ts'

/**
 * All orders as CSV, as `csvText` writes it: `product_id`, `store_id` where any row has one, `order`
 * (units; empty where it is not known), `from`, `through`, `on_hand`, `reason`.
 */
export function orderCsv(rows: readonly SeriesOrder[], language: Language): string {
  const stores = rows.some(({ storeId }) => storeId !== undefined)
  const header = ['product_id', ...(stores ? ['store_id'] : []), ...columns, 'reason']
  const records = rows.map((row) => [
    row.productId,
    ...(stores ? [row.storeId ?? ''] : []),
    ...(row.outcome === 'unknown'
      ? columns.map(() => '')
      : [row.units, row.from, row.through, row.onHand]),
    orderReason(row, language),
  ])
  return csvText([header, ...records])
}

const columns = ['order', 'from', 'through', 'on_hand']

/** The same for people who open it with Excel in Brazil, with all that the page of the day says. */
export function orderExcelCsv(rows: readonly SeriesOrder[], language: Language): string {
  const { columns: say } = orderTexts[language]
  const { day } = numbersIn['pt-BR']
  const stores = rows.some(({ storeId }) => storeId !== undefined)
  const header = [
    ...[say.category, say.productId, say.name, ...(stores ? [say.store] : [])],
    ...[say.from, say.through, say.onHand, say.forecast, say.p10, say.p90],
    ...[say.units, say.packs, say.packSize, say.cost, say.value],
  ]
  const numbers = (row: SeriesOrder) => {
    if (row.outcome === 'unknown') return Array(NUMBERS).fill('')
    const { from, through, onHand, forecast, units, packs, pack, cost } = row
    return [
      ...[day(from), day(through), onHand, forecast.mean, forecast.p10, forecast.p90],
      ...[units, packs, pack, cost, orderValue(row)],
    ]
  }
  const records = rows.map((row) => [
    ...[row.category ?? '', row.productId, row.name ?? ''],
    ...(stores ? [row.storeId ?? ''] : []),
    ...numbers(row),
    orderReason(row, language),
  ])
  return csvText([[...header, say.reason], ...records], EXCEL_IN_BRAZIL)
}

const NUMBERS = 11

/**
 * The orders for a terminal, at most 100 characters wide: the day, what is ordered by category, what
 * each category comes to, and what is not ordered. Where the sales are older than the chain's
 * rhythm, that comes last.
 */
export function orderText(
  rows: readonly SeriesOrder[],
  { age, day }: { age: SalesAge; day: string },
  language: Language,
): string {
  const say = orderTexts[language]
  const numbers = numbersIn[language]
  const groups = orderGroups(rows)
  const ordered = groups.flatMap(({ orders }) => orders)
  const left = ordered.length - MOST_ROWS
  const others = notOrderedLines(rows, language)
  return [
    `${say.title(numbers.day(day))}\n`,
    ordered.length === 0
      ? `${say.nothing}\n`
      : alignedColumns(ordersTable(ordered.slice(0, MOST_ROWS), language)),
    left > 0 && `… ${say.moreRows(left)}\n`,
    ordered.length > 0 && `\n${alignedColumns(totalsTable(rows, language))}`,
    others.length > 0 && `\n${others.map((line) => `${terminalText(line, 400)}\n`).join('')}`,
    age.days > age.rhythm && `\n${oldText(age, day, language)}\n`,
  ]
    .filter(Boolean)
    .join('')
}

/** That the sales are older than they should be, and what that means for the order. */
export function oldText(age: SalesAge, day: string, language: Language): string {
  const say = orderTexts[language]
  return `${say.old(age.days, age.rhythm)} ${say.restsOn(numbersIn[language].day(day))}`
}

/** What each category comes to, and all of them. */
export function totalsTable(rows: readonly SeriesOrder[], language: Language) {
  const { columns: say, total, noCategory } = orderTexts[language]
  const { integer, money } = numbersIn[language]
  const line = (name: string, { products, units, value }: ReturnType<typeof orderTotal>) => [
    name,
    integer(products),
    integer(units),
    money(value),
  ]
  const groups = orderGroups(rows)
  return {
    headers: [say.category, say.products, say.units, say.value],
    rows: [
      ...groups.map((group) => line(group.category ?? noCategory, group)),
      ...(groups.length > 1 ? [line(total, orderTotal(rows))] : []),
    ],
  }
}

/** Longer tables are no use on a screen. */
const MOST_ROWS = 100

function ordersTable(orders: readonly Ordered[], language: Language) {
  const { columns: say, inStore } = orderTexts[language]
  const { integer, money, day } = numbersIn[language]
  return {
    headers: [
      ...[say.product, say.onHand, say.forecast, say.interval],
      ...[say.through, say.units, say.packs, say.value],
    ],
    rows: orders.map((order) => [
      seriesName(order, inStore),
      integer(order.onHand),
      integer(order.forecast.mean),
      intervalText(order, language),
      day(order.through),
      integer(order.units),
      `${integer(order.packs)} × ${integer(order.pack)}`,
      money(orderValue(order)),
    ]),
  }
}

function notOrderedLines(rows: readonly SeriesOrder[], language: Language): string[] {
  const say = orderTexts[language]
  const { enough, unprofitable, unknown } = notOrdered(rows)
  return [
    ...(enough > 0 ? [say.enough(enough)] : []),
    ...(unprofitable.length > 0 ? [say.unprofitable(unprofitable.length)] : []),
    ...unprofitable
      .slice(0, MOST_ROWS)
      .map((row) => `  ${seriesName(row, say.inStore)}: ${orderReason(row, language)}`),
    ...unknownLines(unknown, language),
  ]
}

/** How many orders are not known, by what is missing. */
export function unknownLines(
  unknown: ReturnType<typeof notOrdered>['unknown'],
  language: Language,
): string[] {
  const byWhy = Map.groupBy(unknown, (row) => missingText(row, language))
  return [...byWhy].map(([why, rows]) => orderTexts[language].unknown(rows.length, why))
}
