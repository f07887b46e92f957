import type { SeriesShown } from './engine.ts'

/** A series as the service names it: what is not known of it is left out. */
export function shownSeries(series: {
  productId: string
  storeId?: string | undefined
  name?: string | undefined
  category?: string | undefined
}): SeriesShown {
  const { productId, storeId, name, category } = series
  return {
    product: productId,
    ...(storeId !== undefined && { store: storeId }),
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
  }
}
