import { access } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { type TotalsStore, totalsInMemory } from '../../../src/sales/totals/kept-totals.ts'
import { mergeTotals } from '../../../src/sales/totals/merged-totals.ts'
import { totalsOfSeries } from '../../../src/sales/totals/parts.ts'
import { keptSlices, slicedTogether } from '../../../src/sales/totals/slices.ts'
import { totalsOnDisk } from '../../../src/sales/totals/totals-on-disk.ts'
import { temporaryFolder } from '../../repository.ts'
import { type Entry, someEntries, totalsOf } from '../demand/totals.ts'

const folder = await temporaryFolder()
let stores = 0

async function onDisk(use: (store: TotalsStore) => void, entriesAtOnce?: number): Promise<void> {
  const path = join(folder, `${stores++}`)
  const store = totalsOnDisk(path, entriesAtOnce)
  use(store)
  await store.close()
  await expect(access(path)).rejects.toThrow()
}

test('of totals on disk every range of series is there as it was', async () => {
  await fc.assert(
    fc.asyncProperty(someEntries, someEntries, fc.nat(), fc.nat(), (one, other, a, b) =>
      onDisk((store) => {
        const kept = [one, other].map((entries) => store.keep(totalsOf(entries)))
        for (const [index, { series, load }] of kept.entries()) {
          const totals = totalsOf([one, other][index])
          const [from, to] = [a, b].map((at) => at % (series.length + 1)).sort()
          const own = totals.series.map((_, at) => at).slice(from, to)
          expect(load(from, to)).toEqual(withoutChain(totalsOfSeries(totals, own)))
        }
      }),
    ),
    { numRuns: 40 },
  )
})

test('slices of several files come to all that these have, each product in one slice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(someEntries, { maxLength: 4 }),
      fc.constantFrom(1, 20, 90, 10_000),
      (files, most) =>
        onDisk((store) => {
          const kept = files.map((entries) => store.keep(totalsOf(entries)))
          const slices = [...slicedTogether(kept, { ...store, free: () => {} })].map((own) =>
            mergeTotals(columns, own),
          )
          const all = mergeTotals(
            columns,
            files.map((entries) => totalsOf(entries)),
          )
          expect(mergeTotals(columns, slices)).toEqual(all)
          expect(slices.flatMap(productsOf)).toEqual(productsOf(all))
          const entriesOf = (products: string[]) =>
            files.flat().filter(({ product }) => products.includes(product)).length
          for (const [index, slice] of slices.entries()) {
            const own = productsOf(slice)
            if (own.length > 1) expect(entriesOf(own)).toBeLessThanOrEqual(most)
            const next = productsOf(slices[index + 1] ?? slice)[0]
            if (index + 1 < slices.length) expect(entriesOf([...own, next])).toBeGreaterThan(most)
          }
        }, most),
    ),
    { numRuns: 60 },
  )
})

test('what is held in memory is one slice, and is not copied', () => {
  const totals = totalsOf(SOME)
  const kept = totalsInMemory.keep(totals)
  expect([...slicedTogether([kept], totalsInMemory)]).toEqual([[totals]])
  expect([...slicedTogether([kept], totalsInMemory)][0][0]).toBe(totals)
  expect([...slicedTogether([], totalsInMemory)]).toEqual([[]])
})

test('a slice is gone when the next one is asked for, and there again the next time', () =>
  onDisk((store) => {
    const kept = [store.keep(totalsOf(SOME)), store.keep(totalsOf(SOME))]
    const slices = keptSlices(kept, store)
    for (const _ of [1, 2]) {
      let before: DailyTotals | undefined
      for (const slice of slices) {
        if (before) expect(before.day).toHaveLength(0)
        expect([...slice.day]).toEqual([20_000, 20_001])
        before = slice
      }
    }
  }))

const SOME: Entry[] = [
  { product: 'a', day: 20_000, sold: 1, name: 'Arroz' },
  { product: 'b', day: 20_001, sold: 2 },
]
const { columns } = totalsOf([])

function productsOf({ series }: DailyTotals): string[] {
  return series.map(({ productId }) => productId)
}

function withoutChain({ chain: _, ...totals }: DailyTotals): DailyTotals {
  return totals
}
