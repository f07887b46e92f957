import type { DailyTotals, SeriesKey } from './daily-totals.ts'

/** What is no product, or no store, but a sum of others: `byName` where only its name says so. */
export type TotalRows = { products: string[]; stores: string[]; byName: string[] }

/**
 * Rows of totals among the sales: a product that sells each day what the other products of its store
 * do together, or a store that sells what the other stores do; and products or stores that are called
 * as totals are (`Subtotal Laticínios`) and together sell once or twice what all others do.
 */
export function totalRows(totals: DailyTotals): TotalRows {
  const products = totalsAmong(totals, {
    of: ({ productId }) => productId,
    within: ({ storeId }) => storeId ?? '',
    names: namesOf(totals),
  })
  const stores = totalsAmong(totals, {
    of: ({ storeId }) => storeId,
    within: () => '',
    names: new Map(),
  })
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
/** Some rows may be missing from the sum: quarantined, or corrected since. */
const leastShare = 0.9
/** Sums of kilograms are rounded. */
const tolerance = 0.011

type Kind = {
  of: (key: SeriesKey) => string | undefined
  /** The sums are those of a day in here. */
  within: (key: SeriesKey) => string
  names: ReadonlyMap<string, string>
}

/** Net units of a day, by product or by store. */
type Group = Map<string, number>

function totalsAmong(totals: DailyTotals, kind: Kind): { sums: string[]; byName: string[] } {
  const groups = groupsOf(totals, kind)
  const ids = new Set(groups.flatMap((group) => [...group.keys()]))
  const called = (...names: RegExp[]) =>
    [...ids].filter((id) =>
      names.some((name) => name.test(id) || name.test(kind.names.get(id) ?? '')),
    )
  const exactly = called(totalName)
  for (const named of [called(totalName, totalOfSomething), exactly]) {
    if (areSums(new Set(named), groups)) return { sums: named, byName: [] }
  }
  const sums = sumsOfOthers(groups)
  return { sums, byName: exactly.filter((id) => !sums.includes(id)) }
}

function groupsOf(totals: DailyTotals, { of, within }: Kind): Group[] {
  const groups = new Map<string, Group>()
  for (let i = 0; i < totals.day.length; i++) {
    const net = totals.sold[i] - totals.returned[i]
    const key = totals.series[totals.seriesIndex[i]]
    const id = of(key)
    if (net === 0 || id === undefined) continue
    const place = `${totals.day[i]} ${within(key)}`
    const group: Group = groups.get(place) ?? new Map()
    group.set(id, (group.get(id) ?? 0) + net)
    groups.set(place, group)
  }
  return [...groups.values()]
}

/** What is called a total sells together once or twice what the others do: with subtotals, twice. */
function areSums(named: ReadonlySet<string>, groups: Group[]): boolean {
  return [1, 2].some((times) => {
    const evidence = new Evidence()
    for (const group of groups) {
      let others = 0
      let sums = 0
      for (const [id, net] of group) {
        if (named.has(id)) sums += net
        else others += net
      }
      if (sums !== 0) evidence.add(sums, times * others)
    }
    return evidence.isProof()
  })
}

function sumsOfOthers(groups: Group[]): string[] {
  const found = new Map<string, Evidence>()
  for (const group of groups) {
    if (group.size <= leastOthers) continue
    let sum = 0
    for (const net of group.values()) sum += net
    for (const [id, net] of group) {
      const evidence = found.get(id) ?? new Evidence()
      evidence.add(net, sum - net)
      found.set(id, evidence)
    }
  }
  return [...found].flatMap(([id, evidence]) => (evidence.isProof() ? [id] : []))
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
