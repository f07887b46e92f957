import type { Day } from '../day.ts'
import type { DailyTotals } from './daily-totals.ts'

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
  readonly sold: number[] = []
  readonly returned: number[] = []
  readonly offered: number[] = []
  readonly revenue: number[] = []
  readonly pricedUnits: number[] = []
  readonly costTotal: number[] = []
  readonly costedUnits: number[] = []
  readonly bought: number[] = []
  readonly expired: number[] = []
  readonly statedStock: number[] = []
  readonly name: number[] = []
  readonly category: number[] = []

  constructor(columns: DailyTotals['columns']) {
    this.columns = columns
  }

  intern(text: string): number {
    let index = this.#textIndex.get(text)
    if (index === undefined) {
      index = this.#texts.push(text) - 1
      this.#textIndex.set(text, index)
    }
    return index
  }

  /** The entry of a series and a day, an empty one where there was none: an index of the arrays. */
  entry(product: number, store: number, day: Day): number {
    const entries = this.#entries[this.#series(product, store)]
    let entry = entries.get(day)
    if (entry === undefined) {
      entry = this.#size++
      entries.set(day, entry)
      for (const sum of this.#sums()) sum.push(0)
      this.statedStock.push(Number.NaN)
      this.name.push(-1)
      this.category.push(-1)
    }
    return entry
  }

  /** Adds all that other totals hold; where both state a name, category or stock, theirs stands. */
  absorb(totals: DailyTotals): void {
    const names = totals.names.map((name) => this.intern(name))
    const categories = totals.categories.map((category) => this.intern(category))
    const series = totals.series.map(({ productId, storeId }) => ({
      product: this.intern(productId),
      store: storeId === undefined ? -1 : this.intern(storeId),
    }))
    for (let i = 0; i < totals.day.length; i++) {
      const { product, store } = series[totals.seriesIndex[i]]
      const entry = this.entry(product, store, totals.day[i])
      this.sold[entry] += totals.sold[i]
      this.returned[entry] += totals.returned[i]
      this.offered[entry] |= totals.offered[i]
      this.revenue[entry] += totals.revenue[i]
      this.pricedUnits[entry] += totals.pricedUnits[i]
      this.costTotal[entry] += totals.costTotal[i]
      this.costedUnits[entry] += totals.costedUnits[i]
      this.bought[entry] += totals.bought[i]
      this.expired[entry] += totals.expired[i]
      if (!Number.isNaN(totals.statedStock[i])) this.statedStock[entry] = totals.statedStock[i]
      if (totals.nameIndex[i] >= 0) this.name[entry] = names[totals.nameIndex[i]]
      if (totals.categoryIndex[i] >= 0) this.category[entry] = categories[totals.categoryIndex[i]]
    }
  }

  finish(): DailyTotals {
    const bySeries = this.#sortedSeries()
    const order = new Int32Array(this.#size)
    const day = new Int32Array(this.#size)
    const seriesIndex = new Int32Array(this.#size)
    let next = 0
    for (const [index, series] of bySeries.entries()) {
      const entries = this.#entries[series]
      for (const date of Int32Array.from(entries.keys()).sort()) {
        seriesIndex[next] = index
        day[next] = date
        order[next] = entries.get(date) ?? 0
        next++
      }
    }
    const sorted = (values: number[]) => Float64Array.from(order, (entry) => values[entry])
    const names = this.#table(this.name, order)
    const categories = this.#table(this.category, order)
    return {
      series: bySeries.map((series) => this.#key(series)),
      seriesIndex,
      day,
      sold: sorted(this.sold),
      returned: sorted(this.returned),
      offered: Uint8Array.from(order, (entry) => this.offered[entry]),
      revenue: sorted(this.revenue),
      pricedUnits: sorted(this.pricedUnits),
      costTotal: sorted(this.costTotal),
      costedUnits: sorted(this.costedUnits),
      bought: sorted(this.bought),
      expired: sorted(this.expired),
      statedStock: sorted(this.statedStock),
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

  #sums(): number[][] {
    return [
      this.sold,
      this.returned,
      this.offered,
      this.revenue,
      this.pricedUnits,
      this.costTotal,
      this.costedUnits,
      this.bought,
      this.expired,
    ]
  }

  #key(series: number) {
    const store = this.#stores[series]
    return {
      productId: this.#texts[this.#products[series]],
      storeId: store < 0 ? undefined : this.#texts[store],
    }
  }

  #sortedSeries(): number[] {
    const keys = this.#entries.map((_, series) => this.#key(series))
    return [...keys.keys()].sort(
      (a, b) =>
        compare(keys[a].productId, keys[b].productId) ||
        compare(keys[a].storeId ?? '', keys[b].storeId ?? ''),
    )
  }

  /** The texts that are used, in order of their first use, so that equal data gives equal tables. */
  #table(values: number[], order: Int32Array): { index: Int32Array; texts: string[] } {
    const position = new Map<number, number>([[-1, -1]])
    const texts: string[] = []
    const index = Int32Array.from(order, (entry) => {
      const text = values[entry]
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
  const builder = new TotalsBuilder(columns)
  for (const part of parts) builder.absorb(part)
  return builder.finish()
}

// Code-point order, as git sorts paths; `<` on strings compares UTF-16 units, which differs above U+FFFF.
function compare(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
