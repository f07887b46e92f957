import type { Day } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import type { Measures } from './measures.ts'
import type { TotalsColumns } from './totals-columns.ts'

/** What a series of demand is about: a product, or a product in a store. */
export type SeriesKey = { productId: string; storeId: string | undefined }

/** The same as files hold it, where what is not there is left out. */
type NamedSeries = Pick<SeriesKey, 'productId'> & Partial<SeriesKey>

/** A text that tells series apart: the product id, with stores a JSON pair of product and store. */
export function seriesId({ productId, storeId }: NamedSeries): string {
  return storeId === undefined ? productId : JSON.stringify([productId, storeId])
}

/** The inverse of `seriesId`; a product whose id is written as such a pair is taken for one. */
export function seriesKey(id: string): SeriesKey {
  const pair = /^\[("(?:[^"\\]|\\.)*"),("(?:[^"\\]|\\.)*")\]$/.exec(id)
  if (!pair) return { productId: id, storeId: undefined }
  return { productId: JSON.parse(pair[1]), storeId: JSON.parse(pair[2]) }
}

/** The order of series: by product, then store, as git sorts paths. */
export function bySeries(a: NamedSeries, b: NamedSeries): number {
  return inByteOrder(a.productId, b.productId) || inByteOrder(a.storeId ?? '', b.storeId ?? '')
}

/**
 * What the accepted sales rows add up to: one entry for each series and day on which anything
 * happened, sorted by series, then day. All arrays have one element an entry. Everything is dated,
 * so that cutting the entries at a day gives exactly what was known on that day.
 */
export type DailyTotals = Measures & {
  /** Sorted by product, then store, in code-point order. */
  series: SeriesKey[]
  /** Index into `series`. */
  seriesIndex: Int32Array
  day: Int32Array
  /** What `nameIndex` and `categoryIndex` point into. */
  names: string[]
  categories: string[]
  columns: TotalsColumns
  /**
   * Of a part of a chain: what all of it sold on each day, as of one series. It tells which periods are
   * over, and how finely sales are reported, where the part alone has sold too little to tell.
   */
  chain?: Omit<DailyTotals, 'chain'>
}

/** The sales by which time is told: those of the chain. */
export function chainOf(totals: DailyTotals): DailyTotals {
  return totals.chain ?? totals
}

/** n + 1: the first entry of each series, and the end of the last. */
export function startsOf({ series, seriesIndex }: DailyTotals): Int32Array {
  const starts = new Int32Array(series.length + 1)
  for (const index of seriesIndex) starts[index + 1]++
  for (let index = 0; index < series.length; index++) starts[index + 1] += starts[index]
  return starts
}

/** The distinct days with a sale row up to `asOf`, inclusive, ascending. */
export function saleDays(totals: DailyTotals, asOf?: Day): Day[] {
  const all = remembered(allSaleDays, totals, () =>
    distinctDays(totals, (entry) => totals.offered[entry] === 1),
  )
  return upTo(all, asOf)
}

/** The distinct days up to `asOf`, inclusive, on which units were sold or came back, ascending. */
export function unitDays(totals: DailyTotals, asOf?: Day): Day[] {
  const { sold, returned } = totals
  const all = remembered(allUnitDays, totals, () =>
    distinctDays(totals, (entry) => sold[entry] > 0 || returned[entry] > 0),
  )
  return upTo(all, asOf)
}

/** Each panel of a history asks, and every entry is looked at. */
const allSaleDays = new WeakMap<DailyTotals, Day[]>()
const allUnitDays = new WeakMap<DailyTotals, Day[]>()

function upTo(days: Day[], asOf: Day = Number.POSITIVE_INFINITY): Day[] {
  const after = days.findIndex((day) => day > asOf)
  return days.slice(0, after < 0 ? days.length : after)
}

/** The distinct days of the entries of which this is true, ascending. */
function distinctDays({ day: days }: DailyTotals, counts: (entry: number) => boolean): Day[] {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const day of days) {
    if (day < first) first = day
    if (day > last) last = day
  }
  const found: Day[] = []
  if (last < first) return found
  const seen = new Uint8Array(last - first + 1)
  for (let entry = 0; entry < days.length; entry++) {
    if (counts(entry)) seen[days[entry] - first] = 1
  }
  for (let day = first; day <= last; day++) if (seen[day - first] === 1) found.push(day)
  return found
}

/** The last day with a sale row of the chain, no later than `asOf`; undefined where there is none. */
export function lastSaleDay(totals: DailyTotals, asOf?: Day): Day | undefined {
  return saleDays(chainOf(totals), asOf).at(-1)
}

/**
 * Names and categories with the index of each, in order of their first use: equal for equal data,
 * whatever else the table held.
 */
export function textsInOrder(
  { nameIndex, categoryIndex }: Pick<DailyTotals, 'nameIndex' | 'categoryIndex'>,
  texts: { names: readonly string[]; categories: readonly string[] },
): Pick<DailyTotals, 'nameIndex' | 'names' | 'categoryIndex' | 'categories'> {
  const names = inOrderOfUse(nameIndex, texts.names)
  const categories = inOrderOfUse(categoryIndex, texts.categories)
  return {
    nameIndex: names.index,
    names: names.texts,
    categoryIndex: categories.index,
    categories: categories.texts,
  }
}

function inOrderOfUse(
  index: Int32Array,
  texts: readonly string[],
): { index: Int32Array; texts: string[] } {
  const position = new Int32Array(texts.length).fill(-1)
  const used: string[] = []
  const renumbered = new Int32Array(index.length).fill(-1)
  for (let entry = 0; entry < index.length; entry++) {
    const text = index[entry]
    if (text < 0) continue
    if (position[text] < 0) position[text] = used.push(texts[text]) - 1
    renumbered[entry] = position[text]
  }
  return { index: renumbered, texts: used }
}

/** Code-point order: `<` on strings compares UTF-16 units, which differs above U+FFFF. */
export function inByteOrder(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
