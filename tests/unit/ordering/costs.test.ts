import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { LEVELS } from '../../../src/forecasting/levels.ts'
import {
  type DemandQuantiles,
  expectedLeftOver,
  expectedShort,
  quantileAt,
} from '../../../src/ordering/demand-quantiles.ts'
import { expectedCost, orderCosts } from '../../../src/ordering/order-costs.ts'
import { type OrderSituation, orderQuantity } from '../../../src/ordering/order-quantity.ts'

const units = fc.double({ min: 0, max: 100, noNaN: true })
const demand: fc.Arbitrary<DemandQuantiles> = fc
  .array(units, { minLength: LEVELS.length, maxLength: LEVELS.length })
  .map((quantiles) => ({ levels: LEVELS, quantiles: quantiles.toSorted((a, b) => a - b) }))

describe('what is expected to be left over, and short', () => {
  it('is what many draws of the demand come to', () => {
    const quantiles = [2, 3, 5, 8, 9, 10, 12, 14, 15, 18, 25, 31, 40]
    const random = seededRandom(7)
    const drawn = Array.from({ length: 200_000 }, () =>
      quantileAt({ levels: LEVELS, quantiles }, random()),
    )
    const mean = (of: (asked: number) => number) =>
      drawn.reduce((sum, asked) => sum + of(asked), 0) / drawn.length
    for (const stocked of [0, 1, 7, 12, 33, 60]) {
      const left = expectedLeftOver({ levels: LEVELS, quantiles }, stocked)
      const short = expectedShort({ levels: LEVELS, quantiles }, stocked)
      expect(left).toBeCloseTo(
        mean((asked) => Math.max(0, stocked - asked)),
        0.5,
      )
      expect(short).toBeCloseTo(
        mean((asked) => Math.max(0, asked - stocked)),
        0.5,
      )
    }
  })

  it('differs by as much as the stock and the demand do, whatever the demand', () => {
    fc.assert(
      fc.property(demand, fc.double({ min: 0, max: 300, noNaN: true }), (of, stocked) => {
        const left = expectedLeftOver(of, stocked)
        const short = expectedShort(of, stocked)
        expect(left).toBeGreaterThanOrEqual(0)
        expect(short).toBeGreaterThanOrEqual(-1e-9)
        expect(left - short).toBeCloseTo(stocked - expectedShort(of, 0), 6)
      }),
    )
  })

  it('is all of it where nobody buys, and where everybody buys the same', () => {
    const same = (quantile: number) => ({ levels: LEVELS, quantiles: LEVELS.map(() => quantile) })
    expect(expectedLeftOver(same(0), 10)).toBe(10)
    expect(expectedShort(same(0), 0)).toBe(0)
    expect(expectedLeftOver(same(8), 10)).toBeCloseTo(2)
    expect(expectedShort(same(8), 5)).toBeCloseTo(3)
  })
})

describe('a buyer sees what ordering otherwise would cost', () => {
  const situation = fc.record({
    covered: demand,
    available: units,
    costs: fc.record({
      short: fc.double({ min: 0.1, max: 10, noNaN: true }),
      held: fc.double({ min: 0.01, max: 1, noNaN: true }),
      expired: fc.double({ min: 0.1, max: 10, noNaN: true }),
    }),
    pack: fc.integer({ min: 1, max: 12 }),
    minimumService: fc.constant(0),
  })

  it('never less than the advised order, but for rounding demand to whole units', () => {
    fc.assert(
      fc.property(situation, fc.boolean(), (of: OrderSituation, expires) => {
        const asked = { ...of, ...(expires && { untilExpiry: of.covered }) }
        const { packs } = orderQuantity(asked)
        const { advised, alternatives } = orderCosts(asked, packs)
        const { short, held, expired } = asked.costs
        for (const { cost } of alternatives) {
          expect(cost).toBeGreaterThan(advised - 0.5 * (short + held + expired))
        }
      }),
    )
  })

  it('of none, and of fewer and more packs, in steps that grow with the order', () => {
    const of: OrderSituation = {
      covered: { levels: LEVELS, quantiles: LEVELS.map((level) => 200 * level) },
      available: 0,
      costs: { short: 4, held: 1, expired: 3 },
      pack: 10,
      minimumService: 0,
    }
    const { packs } = orderQuantity(of)
    const { advised, alternatives } = orderCosts(of, packs)
    expect(packs).toBe(16)
    expect(alternatives.map((it) => it.units)).toEqual([0, 80, 120, 160, 200, 240])
    expect(alternatives[3].cost).toBe(advised)
    expect(alternatives[0].cost).toBe(expectedCost(of, 0))
    expect(Math.min(...alternatives.map(({ cost }) => cost))).toBe(advised)
    expect(orderCosts(of, 0).alternatives.map((it) => it.units)).toEqual([0, 10, 20])
  })

  it('with what expires, where it does', () => {
    const covered = { levels: LEVELS, quantiles: LEVELS.map((level) => 100 * level) }
    const of: OrderSituation = {
      covered,
      available: 0,
      costs: { short: 4, held: 1, expired: 3 },
      pack: 10,
      minimumService: 0,
    }
    const left = expectedLeftOver(covered, 80)
    const kept = expectedCost(of, 80)
    expect(expectedCost({ ...of, untilExpiry: covered }, 80)).toBeCloseTo(kept + 3 * left)
    expect(kept).toBeCloseTo(4 * expectedShort(covered, 80) + left)
  })
})
