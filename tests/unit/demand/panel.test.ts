import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoFromDay } from '../../../src/base/day.ts'
import { UserError } from '../../../src/base/errors.ts'
import { type Frequency, lastDay } from '../../../src/demand/calendar.ts'
import { uncensoredUnits } from '../../../src/demand/demand-estimate.ts'
import {
  buildPanel,
  isCensored,
  type Panel,
  type PanelOptions,
  panelInSlices,
  shareWithoutStock,
} from '../../../src/demand/panel.ts'
import { reportingFrequency } from '../../../src/demand/reporting-frequency.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { totalsAsOf } from '../../../src/sales/totals/known-totals.ts'
import { dayOf, type Entry, someEntries, totalsOf } from './totals.ts'

const MONDAY = dayOf('2026-10-05')

describe('what no memory holds', () => {
  const chain = (products: number, days: string[]) =>
    totalsOf(
      Array.from({ length: products }, (_, index) =>
        days.map((day) => ({ product: `p${index}`, day, sold: 1 })),
      ).flat(),
    )

  it('is refused before it is made, with the gap that a mistyped year has left', () => {
    const build = () => buildPanel(chain(80, ['0202-08-05', '2026-10-05']), { frequency: 'day' })
    expect(build).toThrow(UserError)
    expect(build).toThrow(/with none between 0202-08-05 and 2026-10-05\n.*plausibleDays/)
  })

  it('is refused with the column that may have made it, where receipts are taken for products', () => {
    const days = Array.from({ length: 34 }, (_, index) => isoFromDay(MONDAY + 364 * index))
    const build = () => buildPanel(chain(4200, days), { frequency: 'day' })
    expect(build).toThrow(/4200 series in 12019 periods .*\n.*cd4ml\.columns\.product/)
  })

  it('is refused with the way to parts, where a runner would run out of memory', () => {
    const days = Array.from({ length: 12 }, (_, index) => isoFromDay(MONDAY + 364 * index))
    const build = () => buildPanel(chain(5000, days), { frequency: 'day' })
    expect(build).toThrow(/5000 series in 4011 periods .*\n.*partition: store/)
  })
})

describe('what a panel knows', () => {
  it('is the same whether later sales have been cut off or never came: no forecast sees them', () => {
    fc.assert(
      fc.property(someEntries, someOptions(), columns(), (entries, options, known) => {
        const all = totalsOf(entries, known)
        const earlier = totalsOf(
          entries.filter(({ day }) => dayOf(day) <= options.asOf),
          known,
        )
        const panel = panelOrMessage(all, options)
        expect(panelOrMessage(totalsAsOf(all, options.asOf), options)).toEqual(panel)
        expect(panelOrMessage(earlier, options)).toEqual(panel)
      }),
      { numRuns: 300 },
    )
  })

  it('adds up to the units that were sold in its periods', () => {
    fc.assert(
      fc.property(someEntries, someOptions(), (entries, options) => {
        const panel = panelOrMessage(totalsOf(entries), options)
        if (typeof panel === 'string') return
        const { frequency, units, firstPeriod, periods } = panel
        const end = Math.min(lastDay(frequency, firstPeriod + periods - 1), options.asOf)
        const sold = entries.filter(({ day }) => dayOf(day) <= end).map((entry) => entry.sold ?? 0)
        expect(sum(units.filter((value) => !Number.isNaN(value)))).toBeCloseTo(sum(sold))
      }),
    )
  })

  it('is the same in slices of its series, so that orders are simulated on what is scored', () => {
    const entries = Array.from({ length: 1201 }, (_, product) =>
      daily(`p${product}`, MONDAY + (product % 9), 30, (day) => ({
        sold: (product * 7 + day * day) % 5,
        stock: (product + day) % 4,
        price: 3,
        category: `c${product % 7}`,
      })),
    ).flat()
    const totals = totalsOf(entries, { stock: true })
    const options = { frequency: 'day', asOf: MONDAY + 33 } as const
    const slices = [...panelInSlices(totals, options)]
    expect(slices.length).toBeGreaterThan(2)
    const { series, ...whole } = buildPanel(totals, options)
    expect(slices.flatMap((slice) => slice.series)).toEqual(series)
    for (const name of ['units', 'stockedShare', 'firstShare', 'price', 'weekdayShares'] as const) {
      expect(slices.flatMap((slice) => [...slice[name]])).toEqual([...whole[name]])
    }
  })

  it('is missing before the first offer, and zero where there was an offer and no sale', () => {
    const totals = totalsOf([
      ...daily('a', MONDAY, 28, () => ({ sold: 2 })),
      { product: 'b', day: MONDAY + 9, sold: 3 },
    ])
    expect(rows(buildPanel(totals, { frequency: 'week' }))).toEqual([
      [14, 14, 14, 14],
      [Number.NaN, 3, 0, 0],
    ])
  })

  it('holds a product that was launched after its last period, so that it can be forecast', () => {
    const totals = totalsOf([
      ...daily('a', MONDAY, 10, () => ({ sold: 1 })),
      { product: 'b', day: MONDAY + 9, sold: 3, name: 'Panetone' },
    ])
    const panel = buildPanel(totals, { frequency: 'week' })
    expect(panel.series[1]).toMatchObject({ productId: 'b', name: 'Panetone' })
    expect(rows(panel)).toEqual([[7], [Number.NaN]])
  })

  it('is refused before it takes all memory, with the gap that made it so large', () => {
    const products = Array.from({ length: 9000 }, (_, index) => ({
      product: `P${index}`,
      day: MONDAY + (index % 40),
      sold: 1,
    }))
    const old = { product: 'P1', day: dayOf('1990-02-01'), sold: 4 }
    const build = () => buildPanel(totalsOf([old, ...products]), { frequency: 'day' })
    expect(build).toThrow(UserError)
    expect(build).toThrow(
      /9000 series in 13\d+ periods.*none between 1990-02-01 and 2026-10-05\n.*plausibleDays/,
    )
    expect(buildPanel(totalsOf(products), { frequency: 'day' }).periods).toBe(40)
  })

  it('begins with the first sale even where stock was bought before: earlier sales are unknown', () => {
    const totals = totalsOf(
      [
        { product: 'a', day: MONDAY - 30, bought: 100 },
        ...daily('a', MONDAY, 14, () => ({ sold: 2 })),
      ],
      { purchaseDate: true },
    )
    expect(rows(buildPanel(totals, { frequency: 'week' }))).toEqual([[14, 14]])
  })

  it('does not take returns for negative demand', () => {
    const totals = totalsOf(daily('a', MONDAY, 7, () => ({ sold: 2, returned: 5 })))
    expect(rows(buildPanel(totals, { frequency: 'week' }))).toEqual([[14]])
  })

  it('carries the last known price forward, and has none before the first', () => {
    const totals = totalsOf([
      { product: 'a', day: MONDAY, sold: 1 },
      { product: 'a', day: MONDAY + 1, sold: 1, price: 4 },
      { product: 'a', day: MONDAY + 2, sold: 0 },
    ])
    const { price } = buildPanel(totals, { frequency: 'day' })
    expect([...price]).toEqual([Number.NaN, 4, 4])
  })

  it('calls a product what it was called last', () => {
    const totals = totalsOf([
      { product: 'a', day: MONDAY, sold: 1, name: 'Arroz', category: 'grãos' },
      { product: 'a', day: MONDAY + 1, sold: 1, category: 'mercearia' },
    ])
    const [series] = buildPanel(totals, { frequency: 'day' }).series
    expect(series).toMatchObject({ name: 'Arroz', category: 'mercearia' })
  })
})

describe('the last period', () => {
  const untilFriday = totalsOf(daily('a', MONDAY, 12, () => ({ sold: 1 })))

  it.each([
    ['is left out while the sales end on a Friday', undefined, '2026-10-11'],
    ['is left out as of the Saturday, when Sunday may still sell', MONDAY + 12, '2026-10-11'],
    ['is finished as of the Sunday, even where the shop was closed', MONDAY + 13, '2026-10-18'],
    ['is the one of the last sale, however late one asks', MONDAY + 40, '2026-10-18'],
    ['is an earlier one as of an earlier day', MONDAY + 6, '2026-10-11'],
  ])('%s', (_, asOf, end) => {
    const panel = buildPanel(untilFriday, {
      frequency: 'week',
      ...(asOf !== undefined && { asOf }),
    })
    expect(isoFromDay(lastDay('week', panel.firstPeriod + panel.periods - 1))).toBe(end)
  })

  it('is finished on Saturday where the shop never opens on Sundays: the newest week is not wasted', () => {
    const weekdaysOnly = (days: number) =>
      totalsOf(daily('a', MONDAY, days, () => ({ sold: 1 })).filter((_, day) => day % 7 !== 6))
    const periods = (days: number, frequency: Frequency, asOf?: number) =>
      buildPanel(weekdaysOnly(days), { frequency, ...(asOf && { asOf }) }).periods
    expect(periods(42, 'week')).toBe(6)
    expect(periods(41, 'week', MONDAY + 40)).toBe(5)
    expect(periods(41, 'day', MONDAY + 41)).toBe(42)
    expect(periods(40, 'week')).toBe(5)
    expect(periods(14, 'week')).toBe(1)
  })

  it('that does not exist is a mistake that names the days there are', () => {
    const build = () => buildPanel(untilFriday, { frequency: 'month' })
    expect(build).toThrow(UserError)
    expect(build).toThrow(/whole month of sales.*2026-10-05 to 2026-10-16/)
    expect(() => buildPanel(untilFriday, { frequency: 'day', asOf: MONDAY - 1 })).toThrow(
      /none up to 2026-10-04/,
    )
  })
})

describe('totals of whole weeks and months', () => {
  const fridays = totalsOf(every(7, dayOf('2026-07-03'), 18))
  const months = totalsOf(
    ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01'].map((day) => ({
      product: 'a',
      day,
      sold: 30,
    })),
  )

  it('are told from units by their days', () => {
    expect(reportingFrequency(fridays)).toBe('week')
    expect(reportingFrequency(months)).toBe('month')
    expect(reportingFrequency(totalsOf(every(1, MONDAY, 60)))).toBe('day')
    expect(reportingFrequency(totalsOf(every(17, MONDAY, 6)))).toBe('day')
    expect(reportingFrequency(totalsOf(every(7, MONDAY, 3)))).toBe('day')
  })

  it('are not seen in rows that say that nothing sold: a month of them is not over on its 1st', () => {
    const nothing = ['2024-10-04', '2024-11-01', '2025-01-01'].map((day) => ({
      product: 'a',
      day,
      sold: 0,
    }))
    const totals = totalsOf([...nothing, { product: 'a', day: '2025-01-02', sold: 1 }])
    const panel = buildPanel(totals, { frequency: 'month', asOf: dayOf('2025-01-01') })
    expect(rows(panel)).toEqual([[0, 0, 0]])
    expect(reportingFrequency(totalsAsOf(totals, dayOf('2025-01-01')))).toBe('day')
  })

  it('are seen in months with sales even where other months sold nothing', () => {
    const seldom = totalsOf(
      [30, 0, 0, 20, 0, 10].map((sold, month) => ({
        product: 'a',
        day: `2026-0${month + 1}-01`,
        sold,
      })),
    )
    expect(reportingFrequency(seldom)).toBe('month')
  })

  it('make their own period a finished one, although days of it are still to come', () => {
    expect(rows(buildPanel(fridays, { frequency: 'week' }))[0]).toHaveLength(18)
    expect(rows(buildPanel(months, { frequency: 'month' }))).toEqual([[30, 30, 30, 30, 30]])
    const asOf = dayOf('2026-04-02')
    expect(rows(buildPanel(months, { frequency: 'month', asOf }))).toEqual([[30, 30, 30, 30]])
  })

  it('of weeks finish a month when no further week can be dated in it', () => {
    const panel = (asOf: string) => buildPanel(fridays, { frequency: 'month', asOf: dayOf(asOf) })
    expect(panel('2026-09-24').periods).toBe(2)
    expect(panel('2026-09-25').periods).toBe(3)
  })

  it('spread evenly over the days of the week', () => {
    const { weekdayShares } = buildPanel(fridays, { frequency: 'week' })
    expect([...weekdayShares]).toEqual(new Array(7).fill(1 / 7))
  })

  it('cannot be asked for by the day: the recipe has to ask for what the file holds', () => {
    const build = () => buildPanel(fridays, { frequency: 'day' })
    expect(build).toThrow(UserError)
    expect(build).toThrow(/totals of one week each, but the frequency is day/)
  })
})

describe('the period of the first offer', () => {
  const shop = daily('a', MONDAY, 56, () => ({ sold: 9 }))
  const demandOf = (panel: Panel, row: number) =>
    [...uncensoredUnits(panel).subarray(row * panel.periods, (row + 1) * panel.periods)].filter(
      (units) => !Number.isNaN(units),
    )

  it.each([0, 1, 2, 3, 4, 5, 6])(
    'counts as the part that it is, where 4 a day begin on weekday %i: 28 a week',
    (launch) => {
      const launched = daily('b', MONDAY + 28 + launch, 28 - launch, () => ({ sold: 4 }))
      const totals = totalsOf([...shop, ...launched])
      for (const weeks of [1, 2, 4]) {
        const panel = buildPanel(totals, { frequency: 'week', asOf: MONDAY + 28 + 7 * weeks - 1 })
        for (const units of demandOf(panel, 1)) expect(units).toBeCloseTo(28, 9)
        expect(demandOf(panel, 1).length).toBeGreaterThanOrEqual(Math.max(1, weeks - 1))
      }
    },
  )

  it('counts as the part of the month that it is', () => {
    const launched = daily('b', dayOf('2026-11-11'), 20, () => ({ sold: 4 }))
    const panel = buildPanel(totalsOf([...shop, ...launched]), { frequency: 'month' })
    expect(demandOf(panel, 1)).toEqual([expect.closeTo(120, 0)])
  })

  it('is as long as the weekdays that sell much say: a Saturday is not one day in seven', () => {
    const busy = (day: number) => (day % 7 === 5 ? 60 : 10)
    const totals = totalsOf([
      ...daily('a', MONDAY, 56, (day) => ({ sold: busy(day) })),
      ...daily('b', MONDAY + 28 + 5, 23, (day) => ({ sold: busy(day + 5) })),
    ])
    const panel = buildPanel(totals, { frequency: 'week', asOf: MONDAY + 34 })
    expect(panel.stockedShare.at(-1)).toBeCloseTo(70 / 120, 1)
  })

  it('is the whole of it for a product that sells once a week: its first sale is no launch', () => {
    const rare = [32, 40, 45, 53].map((day) => ({ product: 'b', day: MONDAY + day, sold: 1 }))
    const panel = buildPanel(totalsOf([...shop, ...rare]), { frequency: 'week' })
    expect(demandOf(panel, 1)).toEqual([1, 1, 1, 1])
  })

  it('is that of the relaunch of what was gone for more than a year, whatever it sold before', () => {
    const open = daily('a', MONDAY, 7 * 130, () => ({ sold: 9 }))
    const before = daily('b', MONDAY, 7 * 40, () => ({ sold: 1 }))
    const again = daily('b', MONDAY + 7 * 126 + 2, 26, () => ({ sold: 4 }))
    for (const weeks of [127, 130]) {
      const panel = buildPanel(totalsOf([...open, ...before, ...again]), {
        frequency: 'week',
        asOf: MONDAY + 7 * weeks - 1,
      })
      expect(demandOf(panel, 1).length).toBe(weeks - 126)
      for (const units of demandOf(panel, 1)) expect(units).toBeCloseTo(28, 9)
    }
    const gone = buildPanel(totalsOf([...open, ...before]), { frequency: 'week' })
    expect(demandOf(gone, 1).length).toBe(130)
  })

  it.each([
    ['sells three times a year', [0, 90, 250, 400, 800]],
    ['sells at Christmas', [0, 1, 2, 3, 4, 5, 6, 7, 350, 351, 352, 353, 354, 700, 701, 702, 703]],
  ])('stays the first one of what %s: without sales it is no less on offer', (_, days) => {
    const open = daily('a', MONDAY, 7 * 120, () => ({ sold: 9 }))
    const rare = days.map((day) => ({ product: 'b', day: MONDAY + day, sold: 1 }))
    const panel = buildPanel(totalsOf([...open, ...rare]), { frequency: 'week' })
    expect(demandOf(panel, 1).length).toBe(120)
  })

  it.each([3, 10, 24])(
    'is that of the first sale of what sells daily, though it was bought %i days before: it was in the storeroom',
    (before) => {
      const opened = MONDAY + 30
      const purchase = { product: 'b', day: opened - before, bought: 200 }
      const sales = daily('b', opened, 26, () => ({ sold: 4 }))
      const totals = totalsOf([...shop, purchase, ...sales], { purchaseDate: true })
      for (const asOf of [MONDAY + 34, MONDAY + 41, MONDAY + 55]) {
        const panel = buildPanel(totals, { frequency: 'week', asOf })
        for (const units of demandOf(panel, 1)) expect(units).toBeCloseTo(28, 9)
      }
    },
  )

  it('begins on the day of the purchase, or of the row that says that nothing sold', () => {
    const sales = [35, 36, 42].map((day) => ({ product: 'b', day: MONDAY + day, sold: 1 }))
    for (const offer of [
      { product: 'b', day: MONDAY + 31, bought: 9 },
      { product: 'b', day: MONDAY + 31, sold: 0 },
    ]) {
      const panel = buildPanel(totalsOf([...shop, offer, ...sales]), { frequency: 'week' })
      expect(panel.firstShare[1]).toBeCloseTo(sum(panel.weekdayShares.subarray(7 + 3)), 9)
    }
  })

  it('is the whole of it in weekly totals, on whatever day they are dated', () => {
    const totals = (product: string, from: number) =>
      Array.from({ length: 9 - from }, (_, week) => ({
        product,
        day: MONDAY + 4 + 7 * (from + week),
        sold: 20,
      }))
    const panel = buildPanel(totalsOf([...totals('a', 0), ...totals('b', 3)]), {
      frequency: 'week',
    })
    expect([...panel.firstShare]).toEqual([1, 1])
  })

  it('is the part since the first sale of the shop where the sales begin in the middle of a week', () => {
    const totals = totalsOf(daily('a', MONDAY + 2, 33, () => ({ sold: 4 })))
    expect(demandOf(buildPanel(totals, { frequency: 'week' }), 0)).toEqual(
      [28, 28, 28, 28, 28].map((units) => expect.closeTo(units, 9)),
    )
  })
})

describe('a cell without stock', () => {
  const emptyOnWednesday = totalsOf(
    daily('a', MONDAY, 14, (day) => (day === 2 ? {} : { bought: 2, sold: 2 })),
    { purchaseDate: true },
  )

  it('is marked as censored, with the share of demand that could be met', () => {
    const panel = buildPanel(emptyOnWednesday, { frequency: 'week' })
    expect([isCensored(panel, 0), isCensored(panel, 1)]).toEqual([true, false])
    expect(panel.stockedShare[0]).toBeCloseTo(1 - panel.weekdayShares[2], 12)
    expect(
      [...buildPanel(emptyOnWednesday, { frequency: 'day' }).stockedShare].slice(0, 4),
    ).toEqual([1, 1, 0, 1])
  })

  it('counts as stocked where the recipe turns the flag off, or the data do not know', () => {
    const ignored = buildPanel(emptyOnWednesday, { frequency: 'week', ignoreStock: true })
    expect([...ignored.stockedShare]).toEqual([1, 1])
    const unknown = { ...emptyOnWednesday, columns: totalsOf([]).columns }
    expect([...buildPanel(unknown, { frequency: 'week' }).stockedShare]).toEqual([1, 1])
  })

  it('is none of the days before the launch: the demand of those is not lost', () => {
    const sales = daily('a', MONDAY, 14, () => ({ bought: 10, sold: 10 }))
    const launch = [
      { product: 'b', day: MONDAY + 3, bought: 5, sold: 5 },
      { product: 'b', day: MONDAY + 5, bought: 90 },
    ]
    const panel = buildPanel(totalsOf([...sales, ...launch], { purchaseDate: true }), {
      frequency: 'week',
    })
    const [thursday, friday, saturday, sunday] = panel.weekdayShares.subarray(7 + 3)
    expect(panel.stockedShare[2]).toBeCloseTo(thursday + saturday + sunday, 12)
    expect(shareWithoutStock(panel, 2)).toBeCloseTo(friday, 12)
    const [before] = launch
    const stocked = totalsOf([...sales, { ...before, bought: 90 }], { purchaseDate: true })
    expect(isCensored(buildPanel(stocked, { frequency: 'week' }), 2)).toBe(false)
  })

  it('costs the more, the more of the demand falls on that day', () => {
    const busySaturday = (empty: number) => {
      const sales = daily('a', MONDAY, 70, (day) => {
        const sold = day % 7 === 5 ? 60 : 10
        return day === 63 + empty ? {} : { bought: sold, sold }
      })
      const panel = buildPanel(totalsOf(sales, { purchaseDate: true }), { frequency: 'week' })
      return panel.stockedShare[panel.periods - 1]
    }
    expect(busySaturday(5)).toBeCloseTo(0.5, 1)
    expect(busySaturday(1)).toBeCloseTo(1 - 1 / 12, 1)
  })

  it('keeps its share between 0 and 1, whatever happened', () => {
    fc.assert(
      fc.property(someEntries, someOptions(), columns(), (entries, options, known) => {
        const panel = panelOrMessage(totalsOf(entries, known), options)
        if (typeof panel === 'string') return
        for (const share of panel.stockedShare) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})

function daily(
  product: string,
  from: number,
  days: number,
  what: (day: number) => Partial<Entry>,
): Entry[] {
  return Array.from({ length: days }, (_, day) => ({ product, day: from + day, ...what(day) }))
}

function every(days: number, from: number, times: number): Entry[] {
  return Array.from({ length: times }, (_, i) => ({ product: 'a', day: from + i * days, sold: 5 }))
}

function rows({ units, periods }: { units: Float64Array; periods: number }): number[][] {
  return Array.from({ length: units.length / periods }, (_, i) => [
    ...units.subarray(i * periods, (i + 1) * periods),
  ])
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0)
}

function panelOrMessage(totals: DailyTotals, options: PanelOptions) {
  try {
    return buildPanel(totals, options)
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

function someOptions(): fc.Arbitrary<PanelOptions & { asOf: number }> {
  return fc.record({
    frequency: fc.constantFrom<Frequency>('day', 'week', 'month'),
    asOf: fc.integer({ min: 20_000, max: 20_125 }),
  })
}

function columns(): fc.Arbitrary<Partial<DailyTotals['columns']>> {
  return fc.record({ purchaseDate: fc.boolean(), stock: fc.boolean() })
}
