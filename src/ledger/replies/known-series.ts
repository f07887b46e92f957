import type { RepliedSeries, RowRule } from './reply.ts'

/** Whether there is such a series among these, or what is missing to tell which it is. */
export function knownSeries(
  series: Iterable<RepliedSeries>,
): (asked: RepliedSeries) => 'known' | RowRule {
  const stores = new Map<string, Set<string | undefined>>()
  for (const { product, store } of series) {
    stores.set(product, (stores.get(product) ?? new Set()).add(store))
  }
  return ({ product, store }) => {
    const known = stores.get(product)
    if (known === undefined) return 'product-unknown'
    if (known.has(store)) return 'known'
    return store === undefined ? 'store-missing' : 'store-unknown'
  }
}
