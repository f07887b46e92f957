import { seriesId } from '../../sales/totals/daily-totals.ts'

/** The subject of the events of a series. */
export function subjectOf({ product, store }: { product: string; store?: string }): string {
  return seriesId({ productId: product, ...(store !== undefined && { storeId: store }) })
}
