import { describe, expect, it } from 'vitest'
import { attention } from '../../../src/ordering/attention.ts'
import { type AdvisedOrder, adviceOn } from '../../../src/ordering/order-advice.ts'
import { decideOrder, type OrderMoment } from '../../../src/ordering/order-decision.ts'
import type { Delivery } from '../../../src/ordering/supply.ts'
import { order } from '../reporting/order-examples.ts'

/** 20 units in ten days, two a day; the order is on the shelf after three. Nothing is wrong with it. */
const usual: Partial<AdvisedOrder> = {
  from: '2026-11-02',
  through: '2026-11-11',
  arrives: '2026-11-05',
  forecast: { mean: 20, p10: 12, p90: 30 },
  onHand: 12,
  units: 16,
  packs: 2,
  pack: 8,
  expiring: 0,
}
const DAY = 20_000

/** Two units a day, for sure; an order is on the shelf after three days. */
function supplied(stock: Delivery[]): OrderMoment {
  return {
    day: DAY,
    end: DAY + 70,
    terms: {
      leadTime: 3,
      reviewPeriod: 7,
      pack: 1,
      urgentSurcharge: 0.1,
      shelfCost: 0.001,
      minimumService: 0,
    },
    price: 5,
    cost: 3,
    stock,
    demandOn: (from, to) => {
      const mean = 2 * (to - from + 1)
      return { mean, levels: [0.1, 0.5, 0.9], quantiles: [mean, mean, mean] }
    },
  }
}

const of = (changes: Partial<AdvisedOrder>) => order({ productId: '1' }, { ...usual, ...changes })

describe('a buyer is asked about an order', () => {
  it('not where it can go out as it is', () => expect(attention(of({}))).toEqual([]))

  it.each([
    [{}, []],
    [{ lost: 0.9 }, []],
    [{ lost: 1 }, ['runs out']],
  ] as const)('whose stock is sold before it arrives: %j', (changes, found) => {
    expect(attention(of(changes))).toEqual(found)
  })

  it.each([
    [0, []],
    [1, ['runs out']],
    // With the order, or later: it serves nobody before.
    [3, ['runs out']],
    [20, ['runs out']],
  ])('where what is on order comes too late for the days before: after %i days', (days, found) => {
    const { day, ...moment } = supplied([{ units: 50, day: DAY + days, lastDay: DAY + 300 }])
    const advice = adviceOn(decideOrder({ day, ...moment }), 1, day)
    expect(attention({ productId: '1', ...advice })).toEqual(found)
  })

  it.each([
    [{ expiring: 0.9 }, []],
    [{ expiring: 1 }, ['expires']],
  ] as const)('of whose stock a whole unit will expire: %j', (changes, found) => {
    expect(attention(of(changes))).toEqual(found)
  })

  it.each([
    [16, []],
    [8, []],
    [1, []],
    // Two packs and half of it away.
    [33, ['unusual']],
    // Between two orders none is needed.
    [0, []],
    [31, []],
    [32, ['unusual']],
    [undefined, []],
  ] as const)('that is far from the last one: 16 after %s', (lastOrdered, found) => {
    expect(attention(of({}), { lastOrdered })).toEqual(found)
  })

  it('not where none is needed this time', () => {
    expect(attention(of({ units: 0, packs: 0 }), { lastOrdered: 100 })).toEqual([])
  })

  it('of a product that has not sold yet', () => {
    expect(attention(of({ restsOn: 'category' }))).toEqual(['new'])
  })

  it.each([
    [{ p10: 0, p90: 40 }, []],
    [{ p10: 0, p90: 41 }, ['uncertain']],
    // Wide, but less than what packs come to.
    [{ mean: 10, p10: 0, p90: 32 }, []],
    [{ mean: 10, p10: 0, p90: 33 }, ['uncertain']],
  ] as const)('whose demand nobody can tell: %j', (changes, found) => {
    const forecast = { ...usual.forecast!, ...changes }
    expect(attention(of({ forecast }))).toEqual(found)
  })

  it('that is not known', () => {
    const unknown = { productId: '1', outcome: 'unknown', missing: 'cost' } as const
    expect(attention(unknown, { lastOrdered: 100 })).toEqual(['unknown'])
  })

  it('for all that is so, the most pressing first', () => {
    const all = of({
      lost: 4,
      expiring: 1,
      restsOn: 'category',
      forecast: { mean: 20, p10: 0, p90: 80 },
    })
    expect(attention(all, { lastOrdered: 100 })).toEqual([
      ...['runs out', 'expires', 'unusual', 'new', 'uncertain'],
    ])
  })
})
