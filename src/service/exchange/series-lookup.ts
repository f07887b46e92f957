import type { RepliedSeries, RowRule } from '../../ledger/replies/reply.ts'
import type { Engine } from '../engine/engine.ts'

/** Whether there is such a series in the sales that are known now, or what is missing to tell. */
export function seriesLookup(engine: Engine): (series: RepliedSeries) => 'known' | RowRule {
  const stores = new Map<string, Set<string | undefined>>()
  for (const { product, store } of engine.current().series) {
    stores.set(product, (stores.get(product) ?? new Set()).add(store))
  }
  return ({ product, store }) => {
    const known = stores.get(product)
    if (known === undefined) return 'product-unknown'
    if (known.has(store)) return 'known'
    return store === undefined ? 'store-missing' : 'store-unknown'
  }
}
