import { shortened } from '../base/wording.ts'

type Named = { productId: string; storeId?: string; name?: string }

/** A product as people know it, with the id by which it is found: `Biscoito Maria 400g (1042)`. */
export function productName({ productId, name }: Named): string {
  const id = shortened(productId, MOST)
  return name ? `${shortened(name, MOST)} (${id})` : id
}

/** With its store, where it has one. */
export function seriesName(series: Named, inStore: (store: string) => string): string {
  const product = productName(series)
  return series.storeId === undefined
    ? product
    : `${product} ${inStore(shortened(series.storeId, MOST))}`
}

const MOST = 60
