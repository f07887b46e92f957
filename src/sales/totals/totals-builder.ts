import type { Day } from '../../base/day.ts'
import type { DailyTotals, SeriesKey } from './daily-totals.ts'

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
  /** One element an entry, and room for more. */
  sold: Float64Array
  returned: Float64Array
  offered: Uint8Array
  revenue: Float64Array
  pricedUnits: Float64Array
  costTotal: Float64Array
  costedUnits: Float64Array
  bought: Float64Array
  shelfLifeTotal: Float64Array
  expiringUnits: Float64Array
  expired: Float64Array
  statedStock: Float64Array
  name: Int32Array
  category: Int32Array

  /** `room`: for how many entries there is room at first. */
  constructor(columns: DailyTotals['columns'], room = 1024) {
    this.columns = columns
    this.sold = new Float64Array(room)
    this.returned = new Float64Array(room)
    this.offered = new Uint8Array(room)
    this.revenue = new Float64Array(room)
    this.pricedUnits = new Float64Array(room)
    this.costTotal = new Float64Array(room)
    this.costedUnits = new Float64Array(room)
    this.bought = new Float64Array(room)
    this.shelfLifeTotal = new Float64Array(room)
    this.expiringUnits = new Float64Array(room)
    this.expired = new Float64Array(room)
    this.statedStock = new Float64Array(room).fill(Number.NaN)
    this.name = new Int32Array(room).fill(-1)
    this.category = new Int32Array(room).fill(-1)
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
   * The entry of a series and a day, an empty one where there was none: an index of the arrays, which
   * may be other arrays after this.
   */
  entry(product: number, store: number, day: Day): number {
    const entries = this.#entries[this.#series(product, store)]
    let entry = entries.get(day)
    if (entry === undefined) {
      entry = this.#size++
      entries.set(day, entry)
      if (this.#size > this.sold.length) this.#grow()
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
    addAt(target, this.sold, totals.sold)
    addAt(target, this.returned, totals.returned)
    addAt(target, this.revenue, totals.revenue)
    addAt(target, this.pricedUnits, totals.pricedUnits)
    addAt(target, this.costTotal, totals.costTotal)
    addAt(target, this.costedUnits, totals.costedUnits)
    addAt(target, this.bought, totals.bought)
    addAt(target, this.shelfLifeTotal, totals.shelfLifeTotal)
    addAt(target, this.expiringUnits, totals.expiringUnits)
    addAt(target, this.expired, totals.expired)
    for (let i = 0; i < target.length; i++) {
      const entry = target[i]
      this.offered[entry] |= totals.offered[i]
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
      for (const date of Int32Array.from([...entries.keys()]).sort()) {
        seriesIndex[next] = index
        day[next] = date
        order[next] = entries.get(date) ?? 0
        next++
      }
    }
    const names = this.#table(this.name, order)
    const categories = this.#table(this.category, order)
    return {
      series: bySeries.map((series) => this.#keyOf(series)),
      seriesIndex,
      day,
      sold: inOrder(this.sold, order, new Float64Array(this.#size)),
      returned: inOrder(this.returned, order, new Float64Array(this.#size)),
      offered: inOrder(this.offered, order, new Uint8Array(this.#size)),
      revenue: inOrder(this.revenue, order, new Float64Array(this.#size)),
      pricedUnits: inOrder(this.pricedUnits, order, new Float64Array(this.#size)),
      costTotal: inOrder(this.costTotal, order, new Float64Array(this.#size)),
      costedUnits: inOrder(this.costedUnits, order, new Float64Array(this.#size)),
      bought: inOrder(this.bought, order, new Float64Array(this.#size)),
      shelfLifeTotal: inOrder(this.shelfLifeTotal, order, new Float64Array(this.#size)),
      expiringUnits: inOrder(this.expiringUnits, order, new Float64Array(this.#size)),
      expired: inOrder(this.expired, order, new Float64Array(this.#size)),
      statedStock: inOrder(this.statedStock, order, new Float64Array(this.#size)),
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
    const room = 2 * this.sold.length
    this.sold = grown(this.sold, new Float64Array(room))
    this.returned = grown(this.returned, new Float64Array(room))
    this.offered = grown(this.offered, new Uint8Array(room))
    this.revenue = grown(this.revenue, new Float64Array(room))
    this.pricedUnits = grown(this.pricedUnits, new Float64Array(room))
    this.costTotal = grown(this.costTotal, new Float64Array(room))
    this.costedUnits = grown(this.costedUnits, new Float64Array(room))
    this.bought = grown(this.bought, new Float64Array(room))
    this.shelfLifeTotal = grown(this.shelfLifeTotal, new Float64Array(room))
    this.expiringUnits = grown(this.expiringUnits, new Float64Array(room))
    this.expired = grown(this.expired, new Float64Array(room))
    this.statedStock = grown(this.statedStock, new Float64Array(room).fill(Number.NaN))
    this.name = grown(this.name, new Int32Array(room).fill(-1))
    this.category = grown(this.category, new Int32Array(room).fill(-1))
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
  #table(values: Int32Array, order: Int32Array): { index: Int32Array; texts: string[] } {
    const position = new Map<number, number>([[-1, -1]])
    const texts: string[] = []
    const index = new Int32Array(order.length)
    for (let i = 0; i < order.length; i++) {
      const text = values[order[i]]
      let at = position.get(text)
      if (at === undefined) {
        at = texts.push(this.#texts[text]) - 1
        position.set(text, at)
      }
      index[i] = at
    }
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

function addAt(target: Int32Array, sums: Float64Array, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) sums[target[i]] += values[i]
}

function grown<A extends Float64Array | Int32Array | Uint8Array>(values: A, room: A): A {
  room.set(values)
  return room
}

// `from` with a function goes through an iterator, which is ten times slower.
function inOrder<A extends Float64Array | Uint8Array>(values: A, order: Int32Array, result: A): A {
  for (let i = 0; i < order.length; i++) result[i] = values[order[i]]
  return result
}

// Code-point order, as git sorts paths; `<` on strings compares UTF-16 units, which differs above U+FFFF.
function inByteOrder(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
