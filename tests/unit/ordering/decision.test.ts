import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayFromIso } from '../../../src/base/day.ts'
import { adviceOn } from '../../../src/ordering/order-advice.ts'
import { decideOrder, type OrderMoment, unitCosts } from '../../../src/ordering/order-decision.ts'
import { orderQuantity } from '../../../src/ordering/order-quantity.ts'
import { orderReason } from '../../../src/reporting/order-reason.ts'

const levels = [0.025, 0.1, 0.5, 0.9, 0.975]
const day = dayFromIso('2026-11-02')!
const terms = {
  leadTime: 2,
  reviewPeriod: 7,
  pack: 6,
  urgentSurcharge: 0.1,
  shelfCost: 0.001,
  minimumService: 0,
}

/** A product that sells about five a day, with 10 on hand. */
function moment(changes: Partial<OrderMoment> = {}): OrderMoment {
  return {
    day,
    end: day + 70,
    terms,
    price: 5,
    cost: 3,
    stock: [{ units: 10, day: day - 1, lastDay: Number.POSITIVE_INFINITY }],
    demandOn: (from, to) => {
      const mean = 5 * (to - from + 1)
      return { mean, levels, quantiles: [0.5, 0.7, 1, 1.4, 1.7].map((part) => part * mean) }
    },
    ...changes,
  }
}

describe('the time that an order covers', () => {
  it.each<[string, Partial<OrderMoment>, number]>([
    ['until the day before the next order is on the shelf', {}, 8],
    ['at most until its own units expire', { shelfLife: 3 }, 5],
    ['at most until the forecast ends', { end: day + 4 }, 4],
  ])('is %s', (_, changes, days) => {
    const { through, covered } = decideOrder(moment(changes))
    expect(through).toBe(day + days)
    expect(covered.mean).toBe(5 * (days + 1))
  })

  it('does not change what is worth ordering where units outlast the forecast: demand goes on', () => {
    const target = (end: number) =>
      decideOrder(moment({ end, shelfLife: 9, price: 3.2, stock: [] })).target
    const { demandOn, ...whole } = moment({ price: 3.2 })
    const asked = orderQuantity({
      unmet: [
        {
          weight: 1,
          covered: demandOn(day + 2, day + 8),
          untilExpiry: demandOn(day + 2, day + 11),
        },
      ],
      packWaste: 0,
      costs: unitCosts(whole),
      pack: 6,
      minimumService: 0,
    })
    for (const end of [day + 10, day + 11, day + 70]) {
      expect(target(end)).toBeCloseTo(asked.target, 6)
    }
  })
})

describe('stock that expires before it is sold', () => {
  const expiring = (...stock: [units: number, days: number][]) =>
    decideOrder(
      moment({
        stock: stock.map(([units, days]) => ({ units, day: day - 1, lastDay: day + days })),
      }),
    )

  it.each<[string, [number, number][], number]>([
    ['of one delivery', [[30, 1]], 20],
    [
      'of two, of which the older sells first',
      [
        [20, 1],
        [30, 3],
      ],
      30,
    ],
    [
      'none where the older delivery leaves time for the younger',
      [
        [20, 3],
        [20, 7],
      ],
      0,
    ],
    ['none where it lasts as long as the order covers', [[100, 8]], 0],
    [
      'all of what the older ones leave no time for',
      [
        [60, 7],
        [5, 7],
      ],
      25,
    ],
  ])('is not counted as there: %s', (_, stock, units) => {
    const decided = expiring(...stock)
    expect(decided.expiring).toBeCloseTo(units, 9)
    expect(decided.onHand).toBe(stock.reduce((sum, [there]) => sum + there, 0))
    const stocked = (there: number) =>
      decideOrder(moment({ stock: [{ units: there, day: day - 1, lastDay: day + 8 }] })).units
    // Where more is asked for, more of it is sold before it expires.
    expect(decided.units).toBeLessThanOrEqual(stocked(decided.onHand - units))
    expect(decided.units).toBeGreaterThanOrEqual(stocked(decided.onHand))
  })
})

it('a unit short costs its margin and an urgent reorder, one left over its keep until the next order', () => {
  const costs = unitCosts({ price: 5, cost: 3, terms: { ...terms, shelfCost: 0.01 } })
  expect(costs.short).toBeCloseTo(5 - 3 + 0.1 * 3)
  expect(costs.held).toBeCloseTo(0.01 * 3 * 7)
  expect(costs.expired).toBe(3)
})

describe('the order of a product that sells below its cost', () => {
  const bakery = { shelfLife: 3 }
  it.each([
    ['below 90% of it, for keeps', { price: 2.5 }],
    ['below 90% of it, and expires', { price: 2.5, ...bakery }],
    ['for nothing', { price: 0, ...bakery }],
    ['for nothing, and cost nothing', { price: 0, cost: 0, ...bakery }],
  ])('%s, is none, and says why', (_, changes) => {
    const decided = decideOrder(moment(changes))
    expect(decided).toMatchObject({ units: 0, packs: 0, limit: 'loss' })
    const { price, cost } = moment(changes)
    expect(orderReason(adviceOn(decided, 6, day), 'en')).toContain(
      `one sold brings ${price.toFixed(2)} and costs ${cost.toFixed(2)}: none is worth ordering.`,
    )
  })

  it('is what a minimum service asks for, whatever it costs, but not of what would expire', () => {
    const asked = { price: 2.5, terms: { ...terms, minimumService: 0.9 } }
    const kept = decideOrder(moment(asked))
    expect(kept.units).toBe(54)
    expect(orderReason(adviceOn(kept, 6, day), 'en')).toMatch(
      /the least that is asked for, though one sold brings 2\.50/,
    )
    expect(decideOrder(moment({ ...asked, shelfLife: 3 })).units).toBe(0)
  })
})

it('a product that cost nothing is ordered as one that is as good as free', () => {
  const free = decideOrder(moment({ cost: 0, shelfLife: 3 })).units
  expect(free).toBe(decideOrder(moment({ cost: 1e-9, shelfLife: 3 })).units)
})

it('a product that nobody asks for is not said to earn too little', () => {
  const none = { mean: 0, levels, quantiles: levels.map(() => 0) }
  const decided = decideOrder(moment({ demandOn: () => none }))
  expect(decided.units).toBe(0)
  expect(orderReason(adviceOn(decided, 6, day), 'en')).toContain('none is expected to sell')
})

it('an order is a number of whole packs, of numbers in its reason too, on any terms and prices', () => {
  const money = fc.oneof(
    fc.constantFrom(0, 1e-9, 0.01, 9, 10, 1e9),
    fc.double({ min: 0, max: 100, noNaN: true }),
  )
  const demand = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e7, noNaN: true })), {
    minLength: 5,
    maxLength: 5,
  })
  const given = fc.record({
    price: money,
    cost: money,
    shelfLife: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
    leadTime: fc.integer({ min: 0, max: 40 }),
    reviewPeriod: fc.integer({ min: 1, max: 40 }),
    pack: fc.constantFrom(1, 6, 500),
    urgentSurcharge: fc.constantFrom(0, 0.1, 10),
    shelfCost: fc.constantFrom(1e-9, 0.001, 1),
    minimumService: fc.constantFrom(0, 0.5, 0.999),
    stock: fc.array(
      fc.record({
        units: fc.double({ min: 0, max: 1e6, noNaN: true }),
        day: fc.integer({ min: day - 9, max: day + 9 }),
        lastDay: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.constant(day + 3)),
      }),
      { maxLength: 3 },
    ),
    demand,
  })
  fc.assert(
    fc.property(given, ({ price, cost, shelfLife, stock, demand: steps, ...terms }) => {
      const quantiles = steps.toSorted((a, b) => a - b)
      const demandOn = () => ({ mean: quantiles[2], levels, quantiles })
      const decided = decideOrder(
        moment({ price, cost, shelfLife, stock, terms: { ...terms }, demandOn }),
      )
      const { units, packs, target, criticalRatio } = decided
      expect(Number.isInteger(packs) && packs >= 0).toBe(true)
      expect(units).toBe(packs * terms.pack)
      expect(target >= 0 && target < Number.POSITIVE_INFINITY).toBe(true)
      expect(criticalRatio >= 0 && criticalRatio <= 1).toBe(true)
      expect(orderReason(adviceOn(decided, terms.pack, day), 'en')).not.toMatch(/NaN|∞|[ (–]-\d/)
      const isLoss = price - cost + terms.urgentSurcharge * cost <= 0
      if (isLoss && (terms.minimumService === 0 || shelfLife !== undefined)) expect(units).toBe(0)
    }),
    { numRuns: 500 },
  )
})
