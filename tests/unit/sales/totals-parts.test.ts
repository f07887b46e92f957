import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unlessMistaken } from '../../../src/base/errors.ts'
import { buildPanel, endOf } from '../../../src/demand/panel.ts'
import { reportingFrequency } from '../../../src/demand/reporting-frequency.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { totalsAsOf } from '../../../src/sales/totals/known-totals.ts'
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

describe('a part that sold on a few days alone', () => {
  test.each(['day', 'week', 'month'] as const)(
    'is known by %s until the day until which its chain is, on whichever days it sold',
    (frequency) => {
      fc.assert(
        fc.property(entries, fc.integer({ min: 20_000, max: 20_080 }), (all, asOf) => {
          const totals = totalsOf(onePerDay(all).map((entry) => ({ ...entry, sold: 1 })))
          const endIn = (of: DailyTotals) =>
            unlessMistaken(() => endOf(buildPanel(of, { frequency, asOf })))
          for (const series of seriesByPart(totals, 'category').values()) {
            const part = totalsOfSeries(totals, series)
            const known = totalsAsOf(part, asOf)
            expect(reportingFrequency(part, asOf)).toBe(reportingFrequency(totals, asOf))
            expect(reportingFrequency(known)).toBe(reportingFrequency(totals, asOf))
            const end = endIn(part)
            if (end !== undefined) expect(end).toBe(endIn(totals))
          }
        }),
      )
    },
  )

  test('is no part of monthly totals because these were the first days of three months', () => {
    const days = Array.from({ length: 90 }, (_, i) => 20_000 + i)
    const firsts = [20_000, 20_031, 20_059]
    const totals = totalsOf([
      ...days.map((day) => ({ product: 'a', day, sold: 1, category: 'often' })),
      ...firsts.map((day) => ({ product: 'b', day, sold: 1, category: 'rarely' })),
    ])
    const part = totalsOfSeries(totals, seriesByPart(totals, 'category').get('rarely')!)
    expect(reportingFrequency(part)).toBe('day')
    const { periods, units } = buildPanel(part, { frequency: 'day' })
    expect(periods).toBe(90)
    expect(units.reduce((sum, sold) => sum + sold)).toBe(3)
  })
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
