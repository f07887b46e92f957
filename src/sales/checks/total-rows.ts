import type { Day } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import type { DailyTotals } from '../totals/daily-totals.ts'
import type { SlicedTotals } from '../totals/slices.ts'

/** What is no product, or no store, but a sum of others: `byName` where only its name says so. */
export type TotalRows = { products: string[]; stores: string[]; byName: string[] }

/**
 * Rows of totals among the sales: a product that sells each day what the other products of its store
 * do together, or a store that sells what the other stores do; and products or stores that are called
 * as totals are (`Subtotal Laticínios`) and together sell once or twice what all others do, each day or in all.
 */
export function totalRows(sales: SlicedTotals): TotalRows {
  const byProduct = new ProductRows()
  const byStore = new StoreRows()
  const names = new Map<string, string>()
  for (const totals of sales) {
    byProduct.add(totals)
    byStore.add(totals)
    addNames(names, totals)
  }
  const products = totalsAmong(byProduct.table(sales), names)
  const stores = totalsAmong(byStore.table(), new Map())
  const byName = [...products.byName, ...stores.byName]
  return { products: products.sums, stores: stores.sums, byName: [...new Set(byName)] }
}

/** Alone, it may still be called so: "TOTAL", "Subtotal", "Total geral", "Soma", "Summe". */
const totalName =
  /^\W*((sub|grand)?[\s_-]*total(e|es|s|is)?([\s_-]+(geral|general|général|dia|loja))?|soma|suma|somme|sum|(zwischen|gesamt)?summe|gesamt)\W*$/iu
/** With what it is the total of. */
const totalOfSomething = /^\W*((sub|grand)[\s_-]*total|totale?|soma|suma|somme|summe)\b/iu

/** Of two, one may always sell with the other. */
const leastOthers = 2
const leastDays = 3
/** In bits, by different amounts: a sum that is the same every day proves nothing. */
const leastSurprise = 20
/** Units that nothing called a total sells by chance as all others do. */
const leastSumOfAll = 256
/** Some rows may be missing from the sum: quarantined, or corrected since. */
const leastShare = 0.9
/** Sums of kilograms are rounded. */
const tolerance = 0.011

/** Net units by product or store and by where they are added up: a row each. */
type Rows = {
  /** Index into `ids` of the table. */
  id: Int32Array
  /** Index into `groups` of the table. */
  group: Int32Array
  net: Float64Array
}

/** Rows in slices, which can be gone through more than once, and what they add up to. */
type Table = { ids: string[]; groups: Group[]; slices: Iterable<Rows> }

type Group = { sum: number; members: number }

function totalsAmong(table: Table, names: ReadonlyMap<string, string>) {
  const { ids } = table
  const called = (...patterns: RegExp[]) =>
    ids.filter((id) =>
      patterns.some((pattern) => pattern.test(id) || pattern.test(names.get(id) ?? '')),
    )
  const exactly = called(totalName)
  for (const named of [called(totalName, totalOfSomething), exactly]) {
    if (named.length === 0) continue
    if (areSums(new Set(named), table) || isSumOfAll(new Set(named), table)) {
      return { sums: named, byName: [] }
    }
  }
  const sums = sumsOfOthers(table)
  return { sums, byName: exactly.filter((id) => !sums.includes(id)) }
}

/** Products within their store and day; each entry of the totals is a row. */
class ProductRows {
  readonly #ids = new Map<string, number>()
  /** By store and day. */
  readonly #numbers = new Map<string | undefined, Map<Day, number>>()
  readonly #groups: Group[] = []

  add(totals: DailyTotals): void {
    const { group, net } = this.#rowsOf(totals)
    for (let row = 0; row < net.length; row++) addTo(this.#groups[group[row]], net[row])
  }

  /** Of the slices that were added. */
  table(sales: SlicedTotals): Table {
    const rowsOf = (totals: DailyTotals) => this.#rowsOf(totals)
    const slices = {
      *[Symbol.iterator]() {
        for (const totals of sales) yield rowsOf(totals)
      },
    }
    return { ids: [...this.#ids.keys()], groups: this.#groups, slices }
  }

  #rowsOf({ series, seriesIndex, day, sold, returned }: DailyTotals): Rows {
    const products = series.map(({ productId }) => numberOf(this.#ids, productId))
    const numbers = series.map(({ storeId }) =>
      remembered(this.#numbers, storeId, () => new Map<Day, number>()),
    )
    const id = new Int32Array(day.length)
    const group = new Int32Array(day.length)
    const net = new Float64Array(day.length)
    let rows = 0
    for (let i = 0; i < day.length; i++) {
      net[rows] = sold[i] - returned[i]
      if (net[rows] === 0) continue
      id[rows] = products[seriesIndex[i]]
      group[rows] = remembered(numbers[seriesIndex[i]], day[i], this.#newGroup)
      rows++
    }
    return {
      id: id.subarray(0, rows),
      group: group.subarray(0, rows),
      net: net.subarray(0, rows),
    }
  }

  readonly #newGroup = () => this.#groups.push({ sum: 0, members: 0 }) - 1
}

type StoreRow = { id: number; group: number; net: number }

/** Stores within their day. */
class StoreRows {
  readonly #ids = new Map<string, number>()
  readonly #days = new Map<Day, number>()
  readonly #rowsOf = new Map<string, Map<Day, StoreRow>>()
  readonly #rows: StoreRow[] = []

  add({ series, seriesIndex, day, sold, returned }: DailyTotals): void {
    const stores = series.map(({ storeId }) => {
      if (storeId === undefined) return undefined
      const rows = remembered(this.#rowsOf, storeId, () => new Map<Day, StoreRow>())
      return { id: numberOf(this.#ids, storeId), rows }
    })
    for (let i = 0; i < day.length; i++) {
      const store = stores[seriesIndex[i]]
      const units = sold[i] - returned[i]
      if (store === undefined || units === 0) continue
      let row = store.rows.get(day[i])
      if (row === undefined) {
        row = { id: store.id, group: numberOf(this.#days, day[i]), net: 0 }
        store.rows.set(day[i], row)
        this.#rows.push(row)
      }
      row.net += units
    }
  }

  table(): Table {
    const groups = [...this.#days].map(() => ({ sum: 0, members: 0 }))
    for (const { group, net } of this.#rows) addTo(groups[group], net)
    const rows = {
      id: Int32Array.from(this.#rows, ({ id }) => id),
      group: Int32Array.from(this.#rows, ({ group }) => group),
      net: Float64Array.from(this.#rows, ({ net }) => net),
    }
    return { ids: [...this.#ids.keys()], groups, slices: [rows] }
  }
}

function numberOf<T>(numbers: Map<T, number>, value: T): number {
  return remembered(numbers, value, () => numbers.size)
}

function addTo(group: Group, net: number): void {
  group.sum += net
  group.members++
}

/** Adds to the last name of each product that its sales say; a slice has all of them. */
function addNames(
  names: Map<string, string>,
  { nameIndex, names: texts, seriesIndex, series }: DailyTotals,
): void {
  for (let i = 0; i < nameIndex.length; i++) {
    if (nameIndex[i] >= 0) names.set(series[seriesIndex[i]].productId, texts[nameIndex[i]])
  }
}

/** What is called a total sells together once or twice what the others do: with subtotals, twice. */
function areSums(named: ReadonlySet<string>, { ids, groups, slices }: Table): boolean {
  const isNamed = ids.map((text) => named.has(text))
  const sums = new Float64Array(groups.length)
  const others = new Float64Array(groups.length)
  for (const { id, group, net } of slices) {
    for (let i = 0; i < net.length; i++) (isNamed[id[i]] ? sums : others)[group[i]] += net[i]
  }
  return [1, 2].some((times) => {
    const evidence = new Evidence()
    for (const [place, sum] of sums.entries()) {
      if (sum !== 0) evidence.add(sum, times * others[place])
    }
    return evidence.isProof()
  })
}

/** What is called a total adds up to all that the others ever sold: at the end of a file, or of months. */
function isSumOfAll(named: ReadonlySet<string>, { ids, slices }: Table): boolean {
  const isNamed = ids.map((text) => named.has(text))
  let sum = 0
  let others = 0
  let rows = 0
  for (const { id, net } of slices) {
    for (let i = 0; i < net.length; i++) {
      if (isNamed[id[i]]) {
        sum += net[i]
        rows++
      } else {
        others += net[i]
      }
    }
  }
  const isAlike = Math.abs(sum - others) <= tolerance * rows
  return isAlike && ids.length - named.size >= leastOthers && sum >= leastSumOfAll
}

function sumsOfOthers({ ids, groups, slices }: Table): string[] {
  const found = ids.map(() => new Evidence())
  for (const { id, group, net } of slices) {
    for (let i = 0; i < net.length; i++) {
      const { sum, members } = groups[group[i]]
      if (members > leastOthers) found[id[i]].add(net[i], sum - net[i])
    }
  }
  return ids.filter((_, index) => found[index].isProof())
}

class Evidence {
  #days = 0
  #alike = 0
  readonly #amounts = new Set<number>()

  add(units: number, sum: number): void {
    this.#days++
    if (Math.abs(units - sum) > tolerance) return
    this.#alike++
    this.#amounts.add(Math.abs(units))
  }

  isProof(): boolean {
    if (this.#alike < leastDays || this.#alike < leastShare * this.#days) return false
    let surprise = 0
    for (const amount of this.#amounts) surprise += Math.log2(1 + amount)
    return surprise >= leastSurprise
  }
}
