import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unlessMistaken } from '../../../src/base/errors.ts'
import { buildPanel } from '../../../src/demand/panel.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { mergeTotals } from '../../../src/sales/totals/merged-totals.ts'
import { salesOfChain, seriesByPart, totalsOfSeries } from '../../../src/sales/totals/parts.ts'
import { totalsDigest } from '../../../src/sales/totals/totals-digest.ts'
import { type Entry, totalsOf } from '../demand/totals.ts'

const entries = fc.array(
  fc.record({
    product: fc.constantFrom('a', 'b', 'c', 'd'),
    day: fc.integer({ min: 20_000, max: 20_060 }),
    sold: fc.integer({ min: 0, max: 9 }),
    category: fc.constantFrom('x', 'y', undefined),
  }),
  { minLength: 1, maxLength: 60 },
)

describe('what a part of the sales comes to', () => {
  test('is what a file with its rows alone would', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const rows = onePerDay(all)
        const totals = totalsOf(rows)
        for (const series of seriesByPart(totals, 'category').values()) {
          const products = series.map((index) => totals.series[index].productId)
          const alone = totalsOf(rows.filter(({ product }) => products.includes(product)))
          expect(totalsDigest(totalsOfSeries(totals, series))).toBe(totalsDigest(alone))
        }
      }),
    )
  })

  test('is neither more nor less than the whole, once all are put together again', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const totals = totalsOf(onePerDay(all))
        const parts = [...seriesByPart(totals, 'category').values()].map((series) =>
          totalsOfSeries(totals, series),
        )
        expect(totalsDigest(mergeTotals(totals.columns, parts))).toBe(totalsDigest(totals))
      }),
    )
  })
})

describe('a product that changes its category', () => {
  test('goes to the new one with all that it ever sold', () => {
    const totals = totalsOf([
      { product: 'a', day: 20_000, sold: 1, category: 'x' },
      { product: 'a', day: 20_001, sold: 2, category: 'y' },
      { product: 'b', day: 20_000, sold: 3, category: 'x' },
      { product: 'c', day: 20_000, sold: 4 },
    ])
    expect([...seriesByPart(totals, 'category')]).toEqual([
      ['', [2]],
      ['x', [1]],
      ['y', [0]],
    ])
    expect(unitsOf(totalsOfSeries(totals, [0]))).toEqual([1, 2])
  })
})

test('the periods of a chain are those of all its sales together', () => {
  fc.assert(
    fc.property(entries, (all) => {
      const totals = totalsOf(onePerDay(all).map((entry) => ({ ...entry, sold: 1 })))
      const periodsOf = (of: DailyTotals) =>
        unlessMistaken(() => {
          const { firstPeriod, periods } = buildPanel(of, { frequency: 'day', ignoreStock: true })
          return { firstPeriod, periods }
        })
      expect(periodsOf(salesOfChain(totals))).toEqual(periodsOf(totals))
    }),
  )
})

/** Of what is the same product on the same day, the first. */
function onePerDay(all: Sale[]): Entry[] {
  const first = new Map(all.toReversed().map((it) => [`${it.product} ${it.day}`, it]))
  return [...first.values()].map(({ category, ...sale }) => ({
    ...sale,
    ...(category && { category }),
  }))
}

type Sale = { product: string; day: number; sold: number; category: string | undefined }

function unitsOf({ sold }: DailyTotals): number[] {
  return [...sold]
}
