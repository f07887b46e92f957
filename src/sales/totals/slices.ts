import { firstIndex } from '../../base/first-index.ts'
import { type DailyTotals, inByteOrder } from './daily-totals.ts'
import type { KeptTotals, TotalsStore } from './kept-totals.ts'

/**
 * Totals in slices, which put together are all of them: each has all series of some products, in the
 * order of the series. A slice is there until the next one is asked for. They can be gone through
 * more than once.
 */
export type SlicedTotals = Iterable<DailyTotals>

/**
 * What several totals have of each slice, in the order of `kept`: as many entries together as the
 * store allows at once. There is always a slice, and without a limit one.
 */
export function slicedTogether(
  kept: readonly KeptTotals[],
  store: TotalsStore,
): Iterable<DailyTotals[]> {
  const lasts = lastProducts(kept, store.entriesAtOnce)
  return {
    *[Symbol.iterator]() {
      const from = kept.map(() => 0)
      for (const last of lasts) {
        const slices = kept.map((totals, index) => {
          const start = from[index]
          from[index] = endOfSlice(totals, start, last)
          return totals.load(start, from[index])
        })
        yield slices
        for (const slice of slices) store.free(slice)
      }
    },
  }
}

/** Totals that are kept slice by slice. */
export function keptSlices(kept: readonly KeptTotals[], store: TotalsStore): SlicedTotals {
  return {
    *[Symbol.iterator]() {
      for (const { series, load } of kept) {
        const slice = load(0, series.length)
        yield slice
        store.free(slice)
      }
    },
  }
}

/** The last product of each slice, in order; undefined for the last of all, which has what is left. */
function lastProducts(kept: readonly KeptTotals[], most: number): (string | undefined)[] {
  if (most === Number.POSITIVE_INFINITY) return [undefined]
  const entries = new Map<string, number>()
  for (const { series, starts } of kept) {
    for (const [index, { productId }] of series.entries()) {
      const own = starts[index + 1] - starts[index]
      entries.set(productId, (entries.get(productId) ?? 0) + own)
    }
  }
  const products = [...entries.keys()].sort(inByteOrder)
  const lasts: (string | undefined)[] = []
  let size = 0
  for (const [index, product] of products.entries()) {
    size += entries.get(product)!
    const next = entries.get(products[index + 1]) ?? 0
    if (size + next <= most || index === products.length - 1) continue
    lasts.push(product)
    size = 0
  }
  return [...lasts, undefined]
}

function endOfSlice({ series }: KeptTotals, from: number, last: string | undefined): number {
  if (last === undefined) return series.length
  return firstIndex(from, series.length, (index) => inByteOrder(series[index].productId, last) > 0)
}
