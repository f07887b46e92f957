import { describe, expect, it } from 'vitest'
import { stockOuts } from '../../../src/demand/stock-outs.ts'
import { knownOn } from '../../../src/sales/totals/known-totals.ts'
import { type Entry, totalsOf } from './totals.ts'

const START = 20_000

describe('stock-outs from purchases', () => {
  it('begin the day after the last unit was sold, and end with the next purchase', () => {
    const outs = fromPurchases([
      { day: 0, bought: 3 },
      { day: 2, sold: 3 },
      { day: 6, bought: 5 },
    ])
    expect(outs).toEqual([[3, 5]])
  })

  it('go on to the end of what is known', () => {
    expect(fromPurchases([{ day: 0, bought: 1, sold: 1 }])).toEqual([[1, 29]])
  })

  it('do not reach beyond what is known, although the next purchase is', () => {
    const events = [
      { day: 0, bought: 1, sold: 1 },
      { day: 20, bought: 1 },
    ]
    expect(fromPurchases(events, 10)).toEqual([[1, 9]])
  })

  it('begin when the goods left have expired: the last shelf day is still one with stock', () => {
    expect(
      fromPurchases([
        { day: 0, bought: 5, sold: 1 },
        { day: 4, expired: 4 },
      ]),
    ).toEqual([[5, 29]])
  })

  it('end when a customer brings a unit back', () => {
    const outs = fromPurchases([
      { day: 0, bought: 1, sold: 1 },
      { day: 10, returned: 1 },
    ])
    expect(outs).toEqual([[1, 10]])
  })

  it('are none where fractions of kilograms leave a rounding error on the shelf', () => {
    const outs = fromPurchases([
      { day: 0, bought: 0.3 },
      { day: 1, sold: 0.1 },
      { day: 2, sold: 0.2 },
      { day: 3, bought: 1 },
      { day: 5, sold: 0.7 },
      { day: 6, sold: 0.2 },
      { day: 7, sold: 0.1 },
    ])
    expect(outs).toEqual([[8, 29]])
  })

  it('do not swallow later purchases where units sold had no purchase in the data', () => {
    const outs = fromPurchases([
      { day: 0, sold: 9 },
      { day: 2, bought: 2 },
    ])
    expect(outs).toEqual([[1, 1]])
  })

  it('do not begin before the first offer', () => {
    expect(fromPurchases([{ day: 20, bought: 2 }])).toEqual([])
  })

  it('begin with the first offer, where that already found no stock', () => {
    const emptied = [
      { day: 0, sold: 0 },
      { day: 3, bought: 1 },
    ]
    expect(fromPurchases(emptied)).toEqual([[0, 2]])
    expect(
      fromPurchases([
        { day: 0, expired: 1 },
        { day: 5, bought: 2 },
      ]),
    ).toEqual([])
    expect(
      fromPurchases([
        { day: 0, bought: 1 },
        { day: 3, expired: 1 },
      ]),
    ).toEqual([[4, 29]])
  })

  it('of more than 8 weeks mean that the product left the range', () => {
    const gone = (days: number) =>
      fromPurchases(
        [
          { day: 0, bought: 1, sold: 1 },
          { day: days + 1, bought: 1 },
        ],
        200,
      )
    expect(gone(56)).toEqual([[1, 56]])
    expect(gone(57)).toEqual([])
    expect(fromPurchases([{ day: 0, bought: 1, sold: 1 }], 58)).toEqual([])
  })
})

describe('stock-outs from the stock as stated', () => {
  it('are days whose stock is 0 before and after, and that sold nothing', () => {
    const outs = fromStatements([
      { day: 0, sold: 4, stock: 6 },
      { day: 1, sold: 6, stock: 0 },
      { day: 2, sold: 0, stock: 0 },
      { day: 3, sold: 0, stock: -1 },
      { day: 4, sold: 2, stock: 0 },
      { day: 5, sold: 0, stock: 8 },
      { day: 6, sold: 0, stock: 8 },
    ])
    expect(outs).toEqual([[2, 3]])
  })

  it('are none on a day that began with stock, whatever is stated at its end', () => {
    const outs = fromStatements([
      { day: 0, sold: 0, stock: 6 },
      { day: 1, sold: 0, stock: 0 },
      { day: 2, sold: 0, stock: 0 },
    ])
    expect(outs).toEqual([[2, 2]])
  })

  it('take a day without a row as the one before it', () => {
    const outs = fromStatements([
      { day: 0, sold: 4, stock: 0 },
      { day: 3, sold: 1, stock: 2 },
    ])
    expect(outs).toEqual([[1, 2]])
  })

  it('are none where the stock is not stated', () => {
    expect(
      fromStatements([
        { day: 0, sold: 4, stock: 0 },
        { day: 1, sold: 0 },
      ]),
    ).toEqual([])
  })
})

it('stock-outs are none where neither purchases nor stock are known', () => {
  expect(
    stockOuts(knownOn(totalsOf([{ product: 'a', day: START, sold: 1 }])), START + 9, 'day'),
  ).toEqual([[]])
})

it('a weekly statement of empty shelves marks its whole week, so that it is not read as no demand', () => {
  const MONDAY = 20_003
  const totals = totalsOf(
    [5, 0, 0, 4].map((sold, week) => ({
      product: 'a',
      day: MONDAY + 4 + week * 7,
      sold,
      stock: sold === 0 || week === 0 ? 0 : 9,
    })),
    { stock: true },
  )
  expect(stockOuts(knownOn(totals), MONDAY + 27, 'week')).toEqual([
    [{ from: MONDAY + 7, to: MONDAY + 20 }],
  ])
})

it('a week that has several rows of an empty shelf is counted once', () => {
  const MONDAY = 20_003
  const totals = totalsOf(
    [
      { product: 'a', day: MONDAY, bought: 1, sold: 1 },
      { product: 'a', day: MONDAY + 7, sold: 0 },
      { product: 'a', day: MONDAY + 9, sold: 0 },
    ],
    { purchaseDate: true },
  )
  expect(stockOuts(knownOn(totals), MONDAY + 13, 'week')).toEqual([
    [{ from: MONDAY + 7, to: MONDAY + 13 }],
  ])
})

type Event = Omit<Entry, 'product' | 'day'> & { day: number }

function fromPurchases(events: Event[], days = 30): [number, number][] {
  return found(events, { purchaseDate: true }, days)
}

function fromStatements(events: Event[]): [number, number][] {
  return found(events, { stock: true }, events[events.length - 1].day + 1)
}

function found(
  events: Event[],
  columns: { purchaseDate?: boolean; stock?: boolean },
  days: number,
): [number, number][] {
  const entries = events.map((event) => ({ product: 'a', ...event, day: START + event.day }))
  const [outs] = stockOuts(knownOn(totalsOf(entries, columns)), START + days - 1, 'day')
  return outs.map(({ from, to }) => [from - START, to - START])
}
