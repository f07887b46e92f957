import { describe, expect, it } from 'vitest'
import type { Panel } from '../../../src/demand/panel.ts'
import {
  lastPeriodBuyer,
  type Situation,
} from '../../../src/evaluation/scoring/simulated-buyers.ts'
import { simulatedDemand } from '../../../src/evaluation/scoring/simulated-demand.ts'
import { StockedShelf } from '../../../src/evaluation/scoring/stocked-shelf.ts'

const NEVER = Number.POSITIVE_INFINITY
// A Monday.
const MONDAY = 20_003

describe('a shelf, day by day,', () => {
  it('takes in what is due, throws away what is past its last day, and sells the oldest first', () => {
    const shelf = new StockedShelf(
      [
        { units: 3, day: 0, lastDay: 1 },
        { units: 4, day: 0, lastDay: 5 },
      ],
      [
        { units: 9, lastDay: NEVER, day: 3 },
        { units: 2, lastDay: NEVER, day: 2 },
      ],
    )
    expect(shelf.open(1)).toBe(0)
    expect(shelf.sell(2)).toEqual({ short: 0, left: 5 })
    expect(shelf.open(2)).toBe(1)
    expect(shelf.stock.map(({ units }) => units)).toEqual([4, 2, 9])
    expect(shelf.sell(4)).toEqual({ short: 0, left: 2 })
    expect(shelf.stock.map(({ units }) => units)).toEqual([2, 9])
    expect(shelf.open(3)).toBe(0)
    expect(shelf.sell(15)).toEqual({ short: 4, left: 0 })
    expect(shelf.sell(0)).toEqual({ short: 0, left: 0 })
  })

  it('has on it what is ordered for today, and on order what comes later', () => {
    const shelf = new StockedShelf([], [])
    shelf.order({ units: 5, lastDay: NEVER, day: 1 }, 1)
    shelf.order({ units: 7, lastDay: NEVER, day: 2 }, 1)
    expect(shelf.sell(6)).toEqual({ short: 1, left: 0 })
    expect(shelf.open(2)).toBe(0)
    expect(shelf.sell(6)).toEqual({ short: 0, left: 1 })
  })

  it('leaves the stock that it began with as it is, for the next buyer', () => {
    const stock = [{ units: 3, day: 0, lastDay: NEVER }]
    const onOrder = [{ units: 1, lastDay: NEVER, day: 1 }]
    const shelf = new StockedShelf(stock, onOrder)
    shelf.open(1)
    shelf.sell(4)
    expect([stock, onOrder]).toEqual([
      [{ units: 3, day: 0, lastDay: NEVER }],
      [{ units: 1, lastDay: NEVER, day: 1 }],
    ])
  })
})

describe('what could have been sold', () => {
  const days = (
    sold: number[],
    { stocked = [] as (number | undefined)[], frequency = 'week' as Panel['frequency'] } = {},
    from = MONDAY,
    to = MONDAY + 27,
  ) => {
    const first = { day: MONDAY, week: (MONDAY + 3) / 7, month: 657 }[frequency]
    const panel = {
      frequency,
      firstPeriod: first,
      periods: sold.length,
      units: Float64Array.from([...sold.map(() => 99), ...sold]),
      stockedShare: Float64Array.from(
        [...sold, ...sold],
        (_, at) => stocked[at - sold.length] ?? 1,
      ),
      weekdayShares: Float64Array.from({ length: 14 }, (_, at) =>
        at < 7 ? 1 / 7 : [0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0][at - 7],
      ),
    } as unknown as Panel
    return [...simulatedDemand(panel)(1, from, to)]
  }
  const week = (units: number) =>
    [0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0].map((share) => share * units)

  it('is what was sold, on the days of its weeks, and nothing outside of what is known', () => {
    expect(days([8, 16], {}, MONDAY - 2, MONDAY + 15)).toEqual([
      0,
      0,
      ...week(8),
      ...week(16),
      0,
      0,
    ])
    expect(days([8, 16], {}, MONDAY + 1, MONDAY + 7)).toEqual([...week(8).slice(1), 4])
    expect(days([Number.NaN, 8], {}, MONDAY, MONDAY + 13)).toEqual([...week(0), ...week(8)])
  })

  it('is more than was sold where the stock lasted for a part of it', () => {
    expect(days([8, 8], { stocked: [1, 0.5] }, MONDAY, MONDAY + 13)).toEqual([
      ...week(8),
      ...week(16),
    ])
  })

  it('is what is usual in four weeks before and after where there was hardly any stock', () => {
    const stocked = [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1]
    const sold = [999, 8, 8, 16, 16, 0, 8, 8, 16, 16, 999]
    const at = MONDAY + 35
    expect(days(sold, { stocked }, at, at + 6)).toEqual(week(12))
    expect(days(sold.with(5, 20), { stocked }, at, at + 6)).toEqual(week(20))
    expect(days([0, 0], { stocked: [0, 0] }, MONDAY, MONDAY + 6)).toEqual(week(0))
  })

  it('is what is usual on that weekday in two weeks before and after, of sales by day', () => {
    const sold = Array.from({ length: 31 }, (_, day) =>
      day === 0 || day === 30 ? 999 : 100 * [0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0][day % 7],
    )
    const stocked = sold.map((_, day) => (day === 15 ? 0 : 1))
    const found = days(sold.with(15, 0), { stocked, frequency: 'day' }, MONDAY + 15, MONDAY + 15)
    expect(found).toEqual([expect.closeTo(25, 9)])
  })
})

it.each([
  [10, [4, 3], 1, 3],
  [10, [4, 3], 2, 4],
  [10, [10], 6, 0],
  [10, [11], 6, 0],
  [10, [], 6, 12],
])(
  'a buyer who orders again the %d that could be sold lately has %j, and orders in packs of %d: %d',
  (lately, stock, pack, units) => {
    const situation = {
      lately,
      stock: stock.map((units) => ({ units, day: 0, lastDay: NEVER })),
      terms: { pack },
    } as Situation
    expect(lastPeriodBuyer(situation)).toBe(units)
  },
)
