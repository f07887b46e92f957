import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodOf } from '../../../src/demand/calendar.ts'
import { dayShares } from '../../../src/demand/day-shares.ts'
import { buildPanel, type Panel } from '../../../src/demand/panel.ts'
import { dayOf, type Entry, someEntries, totalsOf } from './totals.ts'

const MONDAY = dayOf('2026-06-01')

describe('weekday shares', () => {
  it('sum to 1 for every series, so that no demand is lost between week and day', () => {
    fc.assert(
      fc.property(someEntries, (entries) => {
        const totals = totalsOf(entries, { purchaseDate: true })
        const panel = buildPanel(totals, { frequency: 'month', asOf: 20_200 })
        for (let i = 0; i < panel.series.length; i++) {
          expect(sum(sharesOf(panel, i))).toBeCloseTo(1, 12)
          expect(Math.min(...sharesOf(panel, i))).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('are what sold on each day, and nothing on a Sunday when the shop is closed', () => {
    const panel = weeks(20, [{ product: 'a', sold: [100, 100, 100, 100, 200, 400, 0] }])
    const expected = [0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0]
    for (const [day, share] of sharesOf(panel, 0).entries()) {
      expect(share).toBeCloseTo(expected[day], 2)
    }
    expect(sharesOf(panel, 0)[6]).toBe(0)
  })

  it('forget how the week was before the last half year', () => {
    const entries = Array.from({ length: 60 * 7 }, (_, day) => ({
      product: 'a',
      day: MONDAY + day,
      sold: day % 7 === (day < 30 * 7 ? 5 : 0) ? 100 : 1,
    }))
    const panel = buildPanel(totalsOf(entries), { frequency: 'week' })
    expect(sharesOf(panel, 0)[0]).toBeGreaterThan(0.9)
  })

  it('of a product that hardly sells are those of its category', () => {
    const panel = weeks(20, [
      { product: 'a', category: 'carnes', sold: [0, 0, 0, 0, 0, 100, 100] },
      { product: 'b', category: 'pão', sold: [100, 100, 0, 0, 0, 0, 0] },
      { product: 'c', category: 'carnes', sold: [0, 0, 0, 0, 0, 0, 0] },
    ])
    expect(sum(sharesOf(panel, 2).slice(5))).toBeGreaterThan(0.95)
  })

  it('do not take a day that often lacks stock for a day without demand', () => {
    const stocked: Entry[] = Array.from({ length: 140 }, (_, day) => ({
      product: 'a',
      day: MONDAY + day,
      ...(day % 14 !== 5 && { bought: 50, sold: 50 }),
    }))
    const panel = buildPanel(totalsOf(stocked, { purchaseDate: true }), { frequency: 'week' })
    expect(sharesOf(panel, 0)[5]).toBeCloseTo(1 / 7, 2)
  })
})

describe('day shares', () => {
  const panel = weeks(20, [{ product: 'a', sold: [100, 100, 100, 100, 200, 400, 0] }])

  it('of a month weigh its days by their weekday and sum to 1', () => {
    const october = dayShares({ ...panel, frequency: 'month' }, 0, periodOf('month', MONDAY + 130))
    expect(october).toHaveLength(31)
    expect(sum(october)).toBeCloseTo(1, 12)
    expect(october[2] / october[0]).toBeCloseTo(4, 0)
    expect(october[3]).toBe(0)
  })

  it('of a week are its weekday shares, and of a day all of it', () => {
    expect([...dayShares(panel, 0, 2900)]).toEqual(
      sharesOf(panel, 0).map((share) => expect.closeTo(share, 12)),
    )
    expect([...dayShares({ ...panel, frequency: 'day' }, 0, MONDAY)]).toEqual([1])
  })
})

function weeks(
  count: number,
  products: { product: string; category?: string; sold: number[] }[],
): Panel {
  const entries = products.flatMap(({ sold, ...product }) =>
    Array.from({ length: count * 7 }, (_, day) => ({
      ...product,
      day: MONDAY + day,
      sold: sold[day % 7],
    })),
  )
  return buildPanel(totalsOf(entries), { frequency: 'week' })
}

function sharesOf({ weekdayShares }: Panel, index: number): number[] {
  return [...weekdayShares.subarray(index * 7, index * 7 + 7)]
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}
