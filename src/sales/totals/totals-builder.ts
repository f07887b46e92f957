import type { Day } from '../../base/day.ts'
import { bySeries, type DailyTotals, type SeriesKey, textsInOrder } from './daily-totals.ts'
import { copiedMeasures, type Measures, noMeasures } from './measures.ts'

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
  #room = 1024
  /** With room for more entries, and other arrays once that is used up; texts as `intern` numbers them. */
  measures: Measures

  constructor(columns: DailyTotals['columns']) {
    this.columns = columns
    this.measures = noMeasures(this.#room)
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

  finish(): DailyTotals {
    const keys = this.#products.map((product, series) => this.key(product, this.#stores[series]))
    const sorted = [...keys.keys()].sort((a, b) => bySeries(keys[a], keys[b]))
    const order = new Int32Array(this.#size)
    const day = new Int32Array(this.#size)
    const seriesIndex = new Int32Array(this.#size)
    let next = 0
    for (const [index, series] of sorted.entries()) {
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
    return {
      ...measures,
      series: sorted.map((series) => keys[series]),
      seriesIndex,
      day,
      ...textsInOrder(measures, { names: this.#texts, categories: this.#texts }),
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
}
