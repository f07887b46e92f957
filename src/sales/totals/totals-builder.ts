import type { Day } from '../../base/day.ts'
import type { DailyTotals, SeriesKey } from './daily-totals.ts'
import { addMeasures, copiedMeasures, type Measures, noMeasures } from './measures.ts'

/**
 * Adds events up to `DailyTotals`. Products, stores, names and categories come in as numbers that
 * `intern` gave for their text; -1 stands for none.
 */
export class TotalsBuilder {
  readonly columns: DailyTotals['columns']
  readonly #texts: string[] = []
  readonly #textIndex = new Map<string, number>()
  /** For each product: store → series. */
  readonly #seriesOf = new Map<number, Map<number, number>>()
  readonly #products: number[] = []
  readonly #stores: number[] = []
  /** For each series: day → entry. */
  readonly #entries: Map<Day, number>[] = []
  #size = 0
  #room: number
  /** With room for more entries, and other arrays once that is used up; texts as `intern` numbers them. */
  measures: Measures

  /** `room`: for how many entries there is room at first. */
  constructor(columns: DailyTotals['columns'], room = 1024) {
    this.columns = columns
    this.#room = room
    this.measures = noMeasures(room)
  }

  intern(text: string): number {
    let index = this.#textIndex.get(text)
    if (index === undefined) {
      index = this.#texts.push(text) - 1
      this.#textIndex.set(text, index)
    }
    return index
  }

  /**
   * The entry of a series and a day, an empty one where there was none: an index of `measures`, which
   * may be other arrays after this.
   */
  entry(product: number, store: number, day: Day): number {
    const entries = this.#entries[this.#series(product, store)]
    let entry = entries.get(day)
    if (entry === undefined) {
      entry = this.#size++
      entries.set(day, entry)
      if (this.#size > this.#room) this.#grow()
    }
    return entry
  }

  /** What a series is about; `store` is NaN or -1 where there is none. */
  key(product: number, store: number): SeriesKey {
    return { productId: this.#texts[product], storeId: store >= 0 ? this.#texts[store] : undefined }
  }

  /** Adds all that other totals hold; where both state a name, category or stock, theirs stands. */
  absorb(totals: DailyTotals): void {
    const names = totals.names.map((name) => this.intern(name))
    const categories = totals.categories.map((category) => this.intern(category))
    const series = totals.series.map(({ productId, storeId }) => ({
      product: this.intern(productId),
      store: storeId === undefined ? -1 : this.intern(storeId),
    }))
    const target = new Int32Array(totals.day.length)
    for (let i = 0; i < target.length; i++) {
      const { product, store } = series[totals.seriesIndex[i]]
      target[i] = this.entry(product, store, totals.day[i])
    }
    addMeasures(this.measures, target, {
      ...totals,
      nameIndex: totals.nameIndex.map((index) => (index < 0 ? -1 : names[index])),
      categoryIndex: totals.categoryIndex.map((index) => (index < 0 ? -1 : categories[index])),
    })
  }

  finish(): DailyTotals {
    const bySeries = this.#sortedSeries()
    const order = new Int32Array(this.#size)
    const day = new Int32Array(this.#size)
    const seriesIndex = new Int32Array(this.#size)
    let next = 0
    for (const [index, series] of bySeries.entries()) {
      const entries = this.#entries[series]
      for (const date of Int32Array.from([...entries.keys()]).sort()) {
        seriesIndex[next] = index
        day[next] = date
        order[next] = entries.get(date) ?? 0
        next++
      }
    }
    // `from` with a function goes through an iterator, which is ten times slower.
    const measures = copiedMeasures(this.measures, this.#size, (to, from) => {
      for (let i = 0; i < order.length; i++) to[i] = from[order[i]]
    })
    const names = this.#table(measures.nameIndex)
    const categories = this.#table(measures.categoryIndex)
    return {
      ...measures,
      series: bySeries.map((series) => this.#keyOf(series)),
      seriesIndex,
      day,
      nameIndex: names.index,
      names: names.texts,
      categoryIndex: categories.index,
      categories: categories.texts,
      columns: this.columns,
    }
  }

  #series(product: number, store: number): number {
    let stores = this.#seriesOf.get(product)
    if (stores === undefined) {
      stores = new Map()
      this.#seriesOf.set(product, stores)
    }
    let series = stores.get(store)
    if (series === undefined) {
      series = this.#entries.push(new Map()) - 1
      this.#products.push(product)
      this.#stores.push(store)
      stores.set(store, series)
    }
    return series
  }

  #grow(): void {
    this.#room *= 2
    this.measures = copiedMeasures(this.measures, this.#room, (to, from) => to.set(from))
  }

  #keyOf(series: number): SeriesKey {
    return this.key(this.#products[series], this.#stores[series])
  }

  #sortedSeries(): number[] {
    const keys = this.#entries.map((_, series) => this.#keyOf(series))
    return [...keys.keys()].sort(
      (a, b) =>
        inByteOrder(keys[a].productId, keys[b].productId) ||
        inByteOrder(keys[a].storeId ?? '', keys[b].storeId ?? ''),
    )
  }

  /** The texts that are used, in order of their first use, so that equal data gives equal tables. */
  #table(values: Int32Array): { index: Int32Array; texts: string[] } {
    const position = new Map<number, number>([[-1, -1]])
    const texts: string[] = []
    const index = values.map((text) => {
      let at = position.get(text)
      if (at === undefined) {
        at = texts.push(this.#texts[text]) - 1
        position.set(text, at)
      }
      return at
    })
    return { index, texts }
  }
}

/** What several files add up to, in the order given. */
export function mergeTotals(columns: DailyTotals['columns'], parts: DailyTotals[]): DailyTotals {
  if (parts.length === 1) return parts[0]
  const room = parts.reduce((entries, { day }) => entries + day.length, 1)
  const builder = new TotalsBuilder(columns, room)
  for (const part of parts) builder.absorb(part)
  return builder.finish()
}

// Code-point order, as git sorts paths; `<` on strings compares UTF-16 units, which differs above U+FFFF.
function inByteOrder(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
