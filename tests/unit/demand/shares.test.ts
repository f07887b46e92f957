import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weekday } from '../../../src/base/day.ts'
import { periodOf } from '../../../src/demand/calendar.ts'
import { dayShares } from '../../../src/demand/day-shares.ts'
import { buildPanel, type Panel } from '../../../src/demand/panel.ts'
import { weekdayShares } from '../../../src/demand/weekday-shares.ts'
import { knownOn } from '../../../src/sales/totals/known-totals.ts'
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
      { product: 'b', category: 'pão', sold: [100, 1, 0, 0, 0, 0, 0] },
      { product: 'c', category: 'carnes', sold: [0, 0, 0, 0, 0, 0, 0] },
    ])
    expect(sum(sharesOf(panel, 2).slice(5))).toBeGreaterThan(0.95)
  })

  it('are the same for a product that was launched on a Saturday', () => {
    const rest = [100, 100, 100, 100, 200, 400, 0]
    const panel = buildPanel(
      totalsOf([
        ...Array.from({ length: 140 }, (_, day) => ({
          product: 'a',
          day: MONDAY + day,
          sold: rest[day % 7],
        })),
        { product: 'b', day: MONDAY + 138, sold: 40 },
      ]),
      { frequency: 'week' },
    )
    expect(sharesOf(panel, 1)[5]).toBeCloseTo(0.4, 2)
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

describe('weekday shares of any sales', () => {
  const [FIRST, LAST] = [MONDAY + 10, MONDAY + 260]
  const series = fc.record({
    category: fc.constantFrom(undefined, 'carnes', 'pão'),
    offered: fc.constantFrom(
      MONDAY,
      MONDAY + 100,
      MONDAY + 255,
      LAST + 3,
      Number.POSITIVE_INFINITY,
    ),
    sales: fc.uniqueArray(
      fc.record({
        day: fc.integer({ min: MONDAY, max: MONDAY + 270 }),
        sold: fc.integer({ min: 0, max: 9 }),
      }),
      { selector: ({ day }) => day, minLength: 1, maxLength: 30 },
    ),
    outs: fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 20 })), {
      maxLength: 1,
    }),
  })

  it('are the posterior means that the docstring says, counted day by day', () => {
    fc.assert(
      fc.property(fc.array(series, { minLength: 1, maxLength: 4 }), (all) => {
        const totals = totalsOf(
          all.flatMap(({ sales }, index) =>
            sales.map((sale) => ({ product: `${index}`, ...sale })),
          ),
        )
        const past = {
          categories: all.map(({ category }) => category),
          offeredFrom: Float64Array.from(all, ({ offered }) => offered),
          outs: all.map(({ outs, offered }) =>
            outs.flatMap(([from, length]) => {
              const first = LAST - 200 + from
              const to = Math.min(LAST, first + length)
              return first >= offered ? [{ from: first, to }] : []
            }),
          ),
        }
        const found = weekdayShares(knownOn(totals), { ...past, firstDay: FIRST, lastDay: LAST })
        const expected = all.flatMap((_, index) => posterior(all, past.outs, index))
        for (const [at, share] of found.entries()) expect(share).toBeCloseTo(expected[at], 9)
      }),
      { numRuns: 60 },
    )
  })

  type Known = {
    category: string | undefined
    offered: number
    sales: { day: number; sold: number }[]
  }

  function posterior(
    all: Known[],
    outs: { from: number; to: number }[][],
    index: number,
  ): number[] {
    const from = Math.max(FIRST, LAST - 26 * 7 + 1)
    const tallies = all.map(({ sales, offered }, i) => {
      const [sold, days] = [Array(7).fill(0), Array(7).fill(0)]
      for (const { day, sold: units } of sales) {
        if (day >= from && day <= LAST) sold[weekday(day)] += units
      }
      for (let day = Math.max(from, offered); day <= LAST; day++) {
        const isOut = outs[i].some((out) => day >= out.from && day <= out.to)
        if (!isOut) days[weekday(day)]++
      }
      return { sold, days }
    })
    const amounts = all.flatMap(({ sales }) => sales.map(({ sold }) => sold)).filter((it) => it > 0)
    const weight = 20 * (amounts.length > 0 ? Math.min(...amounts) : 1)
    const profile = (keep: (index: number) => boolean, prior: number[], usual = prior) => {
      const rates = prior.map((share, d) => {
        let [sold, expected] = [weight * share, weight]
        for (const [i, tally] of tallies.entries()) {
          const weeks = sum(tally.days.map((days, at) => days * usual[at]))
          if (!keep(i) || sum(tally.sold) === 0 || weeks === 0) continue
          sold += tally.sold[d]
          expected += (sum(tally.sold) / weeks) * tally.days[d]
        }
        return sold / expected
      })
      return rates.map((rate) => rate / sum(rates))
    }
    const open = Array.from({ length: 7 }, (_, d) =>
      all.some(({ sales }) =>
        sales.some(({ day, sold }) => sold > 0 && day <= LAST && weekday(day) === d),
      )
        ? 1
        : 0,
    )
    const equal = open.map((isOpen) => (sum(open) === 0 ? 1 / 7 : isOpen / sum(open)))
    const everyone = profile(
      () => true,
      equal,
      profile(() => true, equal),
    )
    const { category } = all[index]
    const group = profile((i) => all[i].category === category, everyone)
    return profile((i) => i === index, group)
  }
})

describe('day shares', () => {
  it('of a day are all of it, on a day that never sells too', () => {
    const daily: Panel = { ...panel, frequency: 'day' }
    for (const day of [MONDAY, MONDAY + 6]) expect([...dayShares(daily, 0, day)]).toEqual([1])
  })

  it('are those of their own series', () => {
    const two = weeks(20, [
      { product: 'a', sold: [1, 1, 1, 1, 1, 1, 1] },
      { product: 'b', sold: [0, 0, 0, 0, 0, 0, 100] },
    ])
    expect(dayShares(two, 1, 2900)[6]).toBeGreaterThan(0.9)
  })

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
