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
import type { UnmetCase } from '../../../src/ordering/unmet-demand.ts'

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
  const costs = fc.record({
    short: fc.double({ min: 0.1, max: 10, noNaN: true }),
    held: fc.double({ min: 0.01, max: 1, noNaN: true }),
    expired: fc.double({ min: 0.1, max: 10, noNaN: true }),
  })
  const asked = fc.record({ covered: demand, costs, pack: fc.integer({ min: 1, max: 12 }) })

  it('never less than the advised order, but for rounding demand to whole units', () => {
    fc.assert(
      fc.property(asked, fc.boolean(), ({ covered, costs, pack }, expires) => {
        const of = situation({ covered, ...(expires && { untilExpiry: covered }) }, costs, pack)
        const { packs } = orderQuantity(of)
        const { advised, alternatives } = orderCosts(of, packs)
        const { short, held, expired } = costs
        for (const { cost } of alternatives) {
          expect(cost).toBeGreaterThan(advised - 0.5 * (short + held + expired))
        }
      }),
    )
  })

  const costly = { short: 4, held: 1, expired: 3 }

  it('of none, and of fewer and more packs, in steps that grow with the order', () => {
    const covered = { levels: LEVELS, quantiles: LEVELS.map((level) => 200 * level) }
    const of = situation({ covered }, costly, 10)
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
    const left = expectedLeftOver(covered, 80)
    const kept = expectedCost(situation({ covered }, costly), 80)
    const perishable = situation({ covered, untilExpiry: covered }, costly)
    expect(expectedCost(perishable, 80)).toBeCloseTo(kept + 3 * left)
    expect(kept).toBeCloseTo(4 * expectedShort(covered, 80) + left)
  })

  it('in each case of what is left of the stock, by its probability', () => {
    const covered = { levels: LEVELS, quantiles: LEVELS.map((level) => 100 * level) }
    const less = { levels: LEVELS, quantiles: covered.quantiles.map((units) => units - 60) }
    const of = situation({ covered }, costly)
    const stocked = situation({ covered: less }, costly)
    const unmet = [
      { ...of.unmet[0], weight: 0.25 },
      { ...stocked.unmet[0], weight: 0.75 },
    ]
    expect(expectedCost({ ...of, unmet }, 30)).toBeCloseTo(
      0.25 * expectedCost(of, 30) + 0.75 * expectedCost(stocked, 30),
    )
    // Nobody can be short of less than nothing: beyond 60 units of stock nothing is missing.
    expect(expectedCost(stocked, 0)).toBeCloseTo(4 * expectedShort(covered, 60), 2)
  })
})

function situation(
  demand: Omit<UnmetCase, 'weight'>,
  costs: OrderSituation['costs'],
  pack = 10,
): OrderSituation {
  return { unmet: [{ weight: 1, ...demand }], costs, pack, packWaste: 0, minimumService: 0 }
}
