import { remembered } from '../base/remembered.ts'
import type { Series } from '../demand/panel.ts'
import { type FoundProduct, findProduct } from './find-product.ts'

export type ProductQuestion = {
  productId: string
  /** Where the product is sold in several stores: which; without it, each of them. */
  storeId?: string
}

/** Which series of a panel a question is about. */
export type SeriesIndex = {
  /** Their places in the panel, or what there is instead. */
  seriesOf(question: ProductQuestion): FoundSeries
  /** Some of the stores in which a product is sold; `undefined` for what is sold without a store. */
  storesOf(productId: string): (string | undefined)[]
  /** The product that a text means, by its id or its name. */
  find(text: string): FoundProduct
}

export type FoundSeries =
  | { outcome: 'found'; indices: number[] }
  | { outcome: 'unknown product'; productId: string; such: string[] }
  /** `stores` may have `undefined`: what was sold without one. */
  | {
      outcome: 'unknown store'
      productId: string
      storeId: string
      stores: (string | undefined)[]
    }

/** Names that a message lists. */
const MOST_NAMED = 10

/** An index of series by product, then store. */
export function seriesIndex({ series }: { series: readonly Series[] }): SeriesIndex {
  const products = new Map<string, Map<string | undefined, number>>()
  for (const [index, { productId, storeId }] of series.entries()) {
    remembered(products, productId, () => new Map()).set(storeId, index)
  }
  const named = () =>
    [...products.values()].map((stores) => {
      const { productId, name } = series[[...stores.values()][0]]
      return { productId, ...(name !== undefined && { name }) }
    })
  let all: ReturnType<typeof named> | undefined
  const such = [...products.keys()].slice(0, 5)
  return {
    seriesOf({ productId, storeId }) {
      const stores = products.get(productId)
      if (!stores) {
        return { outcome: 'unknown product', productId, such }
      }
      if (storeId === undefined) return { outcome: 'found', indices: [...stores.values()] }
      const index = stores.get(storeId)
      if (index !== undefined) return { outcome: 'found', indices: [index] }
      return {
        outcome: 'unknown store',
        productId,
        storeId,
        stores: [...stores.keys()].slice(0, MOST_NAMED),
      }
    },
    storesOf: (productId) => [...(products.get(productId)?.keys() ?? [])].slice(0, MOST_NAMED),
    find(text) {
      all ??= named()
      return findProduct(all, text)
    },
  }
}
