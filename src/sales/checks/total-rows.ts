import type { DailyTotals } from '../totals/daily-totals.ts'

/** What is no product, or no store, but a sum of others: `byName` where only its name says so. */
export type TotalRows = { products: string[]; stores: string[]; byName: string[] }

/**
 * Rows of totals among the sales: a product that sells each day what the other products of its store
 * do together, or a store that sells what the other stores do; and products or stores that are called
 * as totals are (`Subtotal Laticínios`) and together sell once or twice what all others do, each day or in all.
 */
export function totalRows(totals: DailyTotals): TotalRows {
  const products = totalsAmong(byProduct(totals), namesOf(totals))
  const stores = totalsAmong(byStore(totals), new Map())
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

/** Net units by product or store (`id`) and by where they are added up (`group`): a row each. */
type Cells = {
  ids: string[]
  id: Int32Array
  group: Int32Array
  net: Float64Array
  groups: number
}

function totalsAmong(cells: Cells, names: ReadonlyMap<string, string>) {
  const { ids } = cells
  const called = (...patterns: RegExp[]) =>
    ids.filter((id) =>
      patterns.some((pattern) => pattern.test(id) || pattern.test(names.get(id) ?? '')),
    )
  const exactly = called(totalName)
  for (const named of [called(totalName, totalOfSomething), exactly]) {
    if (named.length === 0) continue
    if (areSums(new Set(named), cells) || isSumOfAll(new Set(named), cells)) {
      return { sums: named, byName: [] }
    }
  }
  const sums = sumsOfOthers(cells)
  return { sums, byName: exactly.filter((id) => !sums.includes(id)) }
}

/** Products within their store and day; each entry of the totals is a row. */
function byProduct({ series, seriesIndex, day, sold, returned }: DailyTotals): Cells {
  const ids = new Numbers<string>()
  const stores = new Numbers<string | undefined>()
  const groups = new Numbers<number>()
  const products = series.map(({ productId }) => ids.of(productId))
  const storeOf = series.map(({ storeId }) => stores.of(storeId))
  const id = new Int32Array(day.length)
  const group = new Int32Array(day.length)
  const net = new Float64Array(day.length)
  let rows = 0
  for (let i = 0; i < day.length; i++) {
    net[rows] = sold[i] - returned[i]
    if (net[rows] === 0) continue
    id[rows] = products[seriesIndex[i]]
    group[rows] = groups.of(day[i] * stores.size + storeOf[seriesIndex[i]])
    rows++
  }
  return {
    ids: ids.values(),
    id: id.subarray(0, rows),
    group: group.subarray(0, rows),
    net: net.subarray(0, rows),
    groups: groups.size,
  }
}

/** Stores within their day. */
function byStore({ series, seriesIndex, day, sold, returned }: DailyTotals): Cells {
  const ids = new Numbers<string>()
  const groups = new Numbers<number>()
  const rows = new Numbers<number>()
  const stores = series.map(({ storeId }) => (storeId === undefined ? -1 : ids.of(storeId)))
  const id: number[] = []
  const group: number[] = []
  const net: number[] = []
  for (let i = 0; i < day.length; i++) {
    const store = stores[seriesIndex[i]]
    const units = sold[i] - returned[i]
    if (store < 0 || units === 0) continue
    const row = rows.of(day[i] * ids.size + store)
    id[row] = store
    group[row] = groups.of(day[i])
    net[row] = (net[row] ?? 0) + units
  }
  return {
    ids: ids.values(),
    id: Int32Array.from(id),
    group: Int32Array.from(group),
    net: Float64Array.from(net),
    groups: groups.size,
  }
}

class Numbers<T> {
  readonly #numbers = new Map<T, number>()

  of(value: T): number {
    let number = this.#numbers.get(value)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(value, number)
    }
    return number
  }

  get size(): number {
    return this.#numbers.size
  }

  values(): T[] {
    return [...this.#numbers.keys()]
  }
}

/** What is called a total sells together once or twice what the others do: with subtotals, twice. */
function areSums(named: ReadonlySet<string>, { ids, id, group, net, groups }: Cells): boolean {
  const isNamed = ids.map((text) => named.has(text))
  const sums = new Float64Array(groups)
  const others = new Float64Array(groups)
  for (let i = 0; i < net.length; i++) (isNamed[id[i]] ? sums : others)[group[i]] += net[i]
  return [1, 2].some((times) => {
    const evidence = new Evidence()
    for (const [place, sum] of sums.entries()) {
      if (sum !== 0) evidence.add(sum, times * others[place])
    }
    return evidence.isProof()
  })
}

/** What is called a total adds up to all that the others ever sold: at the end of a file, or of months. */
function isSumOfAll(named: ReadonlySet<string>, { ids, id, net }: Cells): boolean {
  let sum = 0
  let others = 0
  let rows = 0
  for (let i = 0; i < net.length; i++) {
    if (named.has(ids[id[i]])) {
      sum += net[i]
      rows++
    } else {
      others += net[i]
    }
  }
  const isAlike = Math.abs(sum - others) <= tolerance * rows
  return isAlike && ids.length - named.size >= leastOthers && sum >= leastSumOfAll
}

function sumsOfOthers({ ids, id, group, net, groups }: Cells): string[] {
  const sums = new Float64Array(groups)
  const members = new Int32Array(groups)
  for (let i = 0; i < net.length; i++) {
    sums[group[i]] += net[i]
    members[group[i]]++
  }
  const found = ids.map(() => new Evidence())
  for (let i = 0; i < net.length; i++) {
    if (members[group[i]] > leastOthers) found[id[i]].add(net[i], sums[group[i]] - net[i])
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

function namesOf({ nameIndex, names, seriesIndex, series }: DailyTotals): Map<string, string> {
  const last = new Map<string, string>()
  for (let i = 0; i < nameIndex.length; i++) {
    if (nameIndex[i] >= 0) last.set(series[seriesIndex[i]].productId, names[nameIndex[i]])
  }
  return last
}
