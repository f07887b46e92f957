import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trueForecast } from '../../../benchmarks/ordering/known-demand.ts'
import { costsOf } from '../../../benchmarks/ordering/policy.ts'
import { decideOrder, type OrderMoment } from '../../../src/ordering/order-decision.ts'
import type { Delivery } from '../../../src/ordering/supply.ts'

const NEVER = Number.POSITIVE_INFINITY
const day = 700
const terms = {
  leadTime: 14,
  reviewPeriod: 5,
  pack: 1,
  urgentSurcharge: 0.1,
  shelfCost: 0.001,
  minimumService: 0,
}

/** Three sell a day, each costs half of its price. */
function decided(changes: Partial<OrderMoment>) {
  return decideOrder({
    day,
    end: day + 90,
    terms,
    price: 2,
    cost: 1,
    stock: [],
    demandOn: trueForecast({ rate: 3, spread: 1 }),
    ...changes,
  })
}

const arriving = (units: number, after: number, life = NEVER): Delivery => {
  return { units, day: day + after, lastDay: day + after + life }
}

describe('demand that no stock can serve', () => {
  it('is not ordered for: what is out of stock is ordered from its arrival on', () => {
    const { units, lost } = decided({})
    expect(units).toBe(decided({ terms: { ...terms, leadTime: 0 } }).units)
    expect(units).toBeLessThan(30)
    expect(lost).toBeCloseTo(14 * 3, 6)
  })

  it('of a perishable is not ordered for after a gap: only the days on which it can be sold count', () => {
    const fresh = decided({ shelfLife: 1, terms: { ...terms, leadTime: 0, reviewPeriod: 2 } })
    for (const leadTime of [7, 14]) {
      for (const reviewPeriod of [2, 7, 14]) {
        const gap = decided({ shelfLife: 1, terms: { ...terms, leadTime, reviewPeriod } })
        expect(gap.units).toBe(fresh.units)
      }
    }
  })

  it('is less by the stock that can serve it', () => {
    const lostWith = (...stock: Delivery[]) => decided({ stock }).lost
    expect(lostWith(arriving(20, 0))).toBeCloseTo(22, 6)
    expect(lostWith(arriving(20, 13))).toBeGreaterThan(35)
    expect(lostWith(arriving(20, 14))).toBeCloseTo(42, 6)
    expect(lostWith(arriving(20, 0, 1))).toBeGreaterThan(35)
    expect(lostWith(arriving(100, 0))).toBe(0)
  })
})

describe('stock on order', () => {
  it('counts by its day of arrival: the later it comes, the more of it is there for the order', () => {
    const days = [0, 4, 8, 12, 13]
    const units = days.map((after) => decided({ stock: [arriving(21, after)] }).units)
    expect(units).toEqual(units.toSorted((a, b) => b - a))
    expect(units[0]).toBe(decided({}).units)
    expect(units.at(-1)).toBeLessThan(units[0] - 10)
  })

  it('counts as far as it lasts: what expires before the order arrives is not there', () => {
    const without = decided({}).units
    expect(decided({ stock: [arriving(21, 9, 4)] }).units).toBe(without)
    expect(decided({ stock: [arriving(21, 9, 9)] }).units).toBeLessThan(without)
  })

  it('counts from its own day on where it arrives after the order: the days before are ordered for', () => {
    const without = decided({}).units
    const units = [0, 1, 3, 5, 20].map((after) => {
      return decided({ stock: [arriving(100, terms.leadTime + after)] }).units
    })
    expect(units).toEqual(units.toSorted((a, b) => a - b))
    expect([units[0], units[3], units[4]]).toEqual([0, without, without])
    expect(units[2]).toBeGreaterThan(6)
    const { expiring, lost } = decided({ stock: [arriving(100, 20)] })
    expect([expiring, lost]).toEqual([0, decided({}).lost])
  })

  it('does not sell before the units of an order that arrive earlier, which then expire no sooner', () => {
    const shelfLife = 6
    const later = decided({ shelfLife, stock: [arriving(100, 19, 6)] })
    expect(later.units).toBe(decided({ shelfLife }).units)
  })

  it('counts as what is on hand where it all lasts, and nothing is lost', () => {
    const lasts = decided({ stock: [arriving(45, 0), arriving(15, 10)] })
    const atOnce = decided({ stock: [arriving(60, 0)] }).units
    expect(Math.abs(lasts.units - atOnce)).toBeLessThanOrEqual(1)
    expect(lasts.lost).toBe(0)
  })
})

it('an order never grows with what is on hand, nor falls with what is asked for', () => {
  const given = fc.record({
    leadTime: fc.integer({ min: 0, max: 14 }),
    reviewPeriod: fc.integer({ min: 1, max: 14 }),
    pack: fc.constantFrom(1, 6, 24),
    shelfLife: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    stock: fc.integer({ min: 0, max: 120 }),
    more: fc.integer({ min: 1, max: 40 }),
  })
  fc.assert(
    fc.property(given, ({ shelfLife, stock, more, ...changed }) => {
      const of = { shelfLife, terms: { ...terms, ...changed } }
      const onHand = (units: number) => [arriving(units, 0, shelfLife ?? NEVER)]
      const { units } = decided({ ...of, stock: onHand(stock) })
      expect(decided({ ...of, stock: onHand(stock + more) }).units).toBeLessThanOrEqual(units)
      const demandOn = trueForecast({ rate: 6, spread: 1 })
      const busier = decided({ ...of, stock: onHand(stock), demandOn }).units
      expect(busier).toBeGreaterThanOrEqual(units)
    }),
    { numRuns: 200 },
  )
})

// `npm run benchmark ordering -- --only policy` does the same with hundreds of shops.
describe('a shop that orders as it is told to pays at most a tenth more than by the best order-up-to level', () => {
  it.each([
    ['fresh for a day, ordered every day', 1, 0, 1, 1, 40],
    ['fresh for a day, ordered once a week', 1, 3, 7, 1, 2],
    ['fresh for two days, and two weeks away', 2, 14, 2, 6, 40],
    ['good for a week, in packs that last as long', 7, 1, 1, 6, 2],
    ['good for two weeks, in packs that last as long, ordered every day', 14, 0, 1, 24, 2],
    ['good for a month, and slow', 30, 7, 7, 6, 0.2],
    ['for keeps, two weeks away, ordered every day', NEVER, 14, 1, 1, 2],
    ['for keeps, in large packs', NEVER, 3, 14, 24, 2],
    ['for keeps, and slow', NEVER, 14, 14, 1, 0.2],
  ])('%s', (_, life, leadTime, reviewPeriod, pack, rate) => {
    const cost = costsOf({ life, leadTime, reviewPeriod, pack, rate, price: 1.25 }, 1500)
    expect(cost.decided).toBeLessThan(1.1 * cost.upTo)
  })
})
