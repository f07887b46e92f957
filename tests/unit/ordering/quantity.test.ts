import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DemandQuantiles,
  quantileAt,
  shareBelow,
} from '../../../src/ordering/demand-quantiles.ts'
import { type OrderSituation, orderQuantity } from '../../../src/ordering/order-quantity.ts'
import type { UnmetCase } from '../../../src/ordering/unmet-demand.ts'

const levels = [0.025, 0.1, 0.5, 0.9, 0.975]

const someDemand = fc
  .array(fc.double({ min: 0.5, max: 30, noNaN: true }), { minLength: 5, maxLength: 5 })
  .map((steps) => {
    let sum = 0
    return { levels, quantiles: steps.map((step) => (sum += step)) }
  })

describe('a distribution between and beyond its quantiles', () => {
  it('passes through them', () => {
    const demand = { levels, quantiles: [2, 4, 8, 14, 20] }
    expect(levels.map((level) => quantileAt(demand, level))).toEqual([2, 4, 8, 14, 20])
    expect(quantileAt(demand, 0.7)).toBeCloseTo(11)
  })

  it('is one and the same whether units or levels are asked for', () => {
    fc.assert(
      fc.property(
        someDemand,
        fc.double({ min: 0.001, max: 0.9999, noNaN: true }),
        (demand, level) => {
          const units = quantileAt(demand, level)
          fc.pre(units > 0)
          expect(shareBelow(demand, units)).toBeCloseTo(level, 9)
        },
      ),
    )
  })

  it('never falls, starts at 0 and ends at 1, even where quantiles are the same', () => {
    const lumpy = { levels, quantiles: [0, 0, 0, 1, 1] }
    const shares = [0, 0.5, 1, 1.01, 50].map((units) => shareBelow(lumpy, units))
    expect(shares).toEqual([0, 0.7, 0.9, 1, 1])
    expect(quantileAt(lumpy, 0.99)).toBe(1)
    expect(quantileAt(lumpy, 0.001)).toBe(0)
    expect(quantileAt(lumpy, 1)).toBe(Number.POSITIVE_INFINITY)
    expect(shareBelow({ levels, quantiles: [2, 2, 2, 4, 5] }, 2)).toBe(0.025)
  })

  it('falls off by the same factor over the same distance below and above its outer quantiles', () => {
    const demand = { levels, quantiles: [2, 4, 8, 14, 20] }
    expect(quantileAt(demand, 0.025 / 4)).toBeCloseTo(0, 9)
    expect(quantileAt(demand, 0.025 / 2)).toBeCloseTo(1, 9)
    expect(quantileAt(demand, 0.001)).toBe(0)
    expect(quantileAt(demand, 1 - 0.025 / 4)).toBeCloseTo(26, 9)
    expect(shareBelow(demand, 26)).toBeCloseTo(1 - 0.025 / 4, 9)
    expect(shareBelow(demand, 1)).toBeCloseTo(0.025 / 2, 9)
  })
})

describe('the order quantity', () => {
  it('is the quantile at the critical ratio of the newsvendor where everything left over is lost', () => {
    const covered = { levels, quantiles: [2, 4, 8, 14, 20] }
    const costs = { short: 3, held: 0, expired: 1 }
    const order = orderQuantity(situation({ covered, untilExpiry: covered, costs }))
    expect(order.criticalRatio).toBeCloseTo(0.75, 3)
    expect(order.target).toBeCloseTo(quantileAt(covered, 0.75), 2)
    expect(order.units).toBe(12)
    expect(order.limit).toBe('expiry')
  })

  it('has, in whole packs, the least expected cost of all quantities', () => {
    const costs = fc.record({
      short: fc.double({ min: 0.1, max: 10, noNaN: true }),
      held: fc.double({ min: 0.05, max: 3, noNaN: true }),
      expired: fc.double({ min: 0, max: 10, noNaN: true }),
    })
    const given = fc.record({
      demand: fc.array(fc.record({ covered: someDemand, later: someDemand }), {
        minLength: 1,
        maxLength: 3,
      }),
      costs,
      stock: fc.integer({ min: 0, max: 40 }),
      pack: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(given, ({ demand, stock, ...rest }) => {
        const less = (quantiles: number[]) => ({
          levels,
          quantiles: quantiles.map((q) => q - stock),
        })
        const unmet = demand.map(({ covered, later }) => ({
          weight: 1 / demand.length,
          covered: less(covered.quantiles),
          untilExpiry: less(later.quantiles.map((units, i) => units + covered.quantiles[i])),
        }))
        const asked = situation({ ...rest, unmet })
        const costs = expectedCosts(asked, 1000)
        expect(costs[orderQuantity(asked).packs]).toBeCloseTo(Math.min(...costs), 4)
      }),
    )
  })

  it('covers what is worth it where some of what is left over expires, to a ten-thousandth', () => {
    const costs = { short: 2, held: 0.3, expired: 1 }
    const covered = { levels, quantiles: [2, 4, 8, 14, 20] }
    const untilExpiry = { levels, quantiles: [4, 8, 12, 16, 24] }
    const { target } = orderQuantity(situation({ covered, untilExpiry, costs }))
    const worth = (units: number) => {
      const left = shareBelow(covered, units)
      const expired = shareBelow(untilExpiry, units)
      const later = left - expired
      return 2 * (1 - left) - 0.3 * left - expired + (later * expired) / (1 + later)
    }
    expect(worth(target)).toBeGreaterThan(0)
    expect(worth(target + 2e-4 * target)).toBeLessThan(0)
  })

  it('of what does not expire is exactly what is short and what is kept come to', () => {
    const { unmet, costs } = situation({})
    const { target } = orderQuantity(situation({}))
    expect(target).toBe(quantileAt(unmet[0].covered, costs.short / (costs.short + costs.held)))
  })

  it.each([
    ['does not expire', undefined, [2, 4, 8, 14, 20]],
    ['does not expire and hardly sells', undefined, [0, 0, 0, 1, 1]],
    ['lasts for long', [90, 91, 92, 93, 94], [2, 4, 8, 14, 20]],
    ['lasts for long and hardly sells', [90, 91, 92, 93, 94], [0, 0, 0, 1, 1]],
    ['lasts for long and always sells as much', [90, 91, 92, 93, 94], [1, 1, 1, 1, 1]],
  ])('of what %s is not said to be limited by expiry', (_, untilExpiry, quantiles) => {
    const asked = situation({
      covered: { levels, quantiles },
      ...(untilExpiry && { untilExpiry: { levels, quantiles: untilExpiry } }),
      costs: { short: 2, held: 1.5, expired: 1 },
    })
    expect(orderQuantity(asked).limit).toBeUndefined()
  })

  it('of what sells in thousands or hardly at all is not said to be limited by a rounding', () => {
    const asked = situation({
      covered: { levels, quantiles: [1, 1, 1, 1000, 1000] },
      untilExpiry: { levels, quantiles: [9e4, 9e4, 9e4, 9e4, 9e4] },
      costs: { short: 19, held: 1, expired: 10 },
    })
    expect(orderQuantity(asked).target).toBeCloseTo(1000, 0)
    expect(orderQuantity(asked).limit).toBeUndefined()
  })

  it('is nothing where enough is left of the stock in nearly all cases, and few where it may not be', () => {
    const covered = { levels, quantiles: [2, 4, 8, 14, 20] }
    const enough = { levels, quantiles: covered.quantiles.map((units) => units - 100) }
    const cases = (short: number) =>
      situation({
        unmet: [
          { weight: 1 - short, covered: enough },
          { weight: short, covered },
        ],
      })
    expect(orderQuantity(cases(0)).units).toBe(0)
    expect(orderQuantity(cases(0.05)).units).toBe(0)
    const few = orderQuantity(cases(0.5)).units
    expect(few).toBeGreaterThan(0)
    expect(few).toBeLessThan(orderQuantity(situation({ covered })).units)
  })

  it('meets a minimum service, but not with what would expire', () => {
    const covered = { levels, quantiles: [2, 4, 8, 14, 20] }
    const costs = { short: 1, held: 1, expired: 2 }
    const kept = orderQuantity(situation({ covered, costs, minimumService: 0.9 }))
    expect(kept).toMatchObject({ units: 14, limit: 'minimum service' })
    const perishable = { covered, untilExpiry: covered, costs, minimumService: 0.9 }
    expect(orderQuantity(situation(perishable)).units).toBeLessThan(8)
  })

  it('is nothing where selling earns nothing', () => {
    const costs = { short: 0, held: 0.1, expired: 2 }
    expect(orderQuantity(situation({ costs })).units).toBe(0)
  })
})

/** What only the order can serve, in one case; with others, `unmet`. */
type Asked = Partial<OrderSituation> & Partial<Pick<UnmetCase, 'covered' | 'untilExpiry'>>

function situation({ covered, untilExpiry, ...changes }: Asked): OrderSituation {
  const usual = { levels, quantiles: [2, 4, 8, 14, 20] }
  return {
    unmet: [{ weight: 1, covered: covered ?? usual, ...(untilExpiry && { untilExpiry }) }],
    costs: { short: 2, held: 0.2, expired: 1 },
    pack: 1,
    packWaste: 0,
    minimumService: 0,
    ...changes,
  }
}

/** Of 0, 1, 2, … packs: what their units cost in expectation, less what they save. */
function expectedCosts({ unmet, costs, pack, packWaste }: OrderSituation, packs: number): number[] {
  const share = (of: (one: UnmetCase) => DemandQuantiles, n: number) =>
    unmet.reduce((sum, one) => sum + one.weight * shareBelow(of(one), n - 0.5), 0)
  let cost = 0
  return Array.from({ length: packs }, (_, before) => {
    const sum = cost
    for (let n = before * pack + 1; n <= (before + 1) * pack; n++) {
      const left = share(({ covered }) => covered, n)
      const expired = share(({ untilExpiry }) => untilExpiry!, n)
      const later = Math.max(0, left - expired)
      const wasted = Math.max(expired / (1 + later), packWaste)
      cost += costs.held * left - costs.short * (1 - left)
      cost += costs.expired * expired - later * Math.min(costs.short, costs.expired * wasted)
    }
    return sum
  })
}
