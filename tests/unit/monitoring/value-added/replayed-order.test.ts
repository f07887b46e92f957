import { expect, it } from 'vitest'
import {
  costOfOrder,
  type OrderToReplay,
} from '../../../../src/monitoring/value-added/replayed-order.ts'

const order: OrderToReplay = {
  day: 100,
  arrival: 102,
  through: 104,
  terms: {
    leadTime: 2,
    reviewPeriod: 3,
    pack: 1,
    urgentSurcharge: 0.5,
    shelfCost: 0.01,
    minimumService: 0,
  },
  price: 10,
  cost: 4,
  stock: [{ units: 4, day: 99, lastDay: Number.POSITIVE_INFINITY }],
  onOrder: [{ units: 1, day: 101, lastDay: Number.POSITIVE_INFINITY }],
  demand: Float64Array.of(2, 2, 2, 2, 2),
}

it('costs a lost margin and an urgent reorder for each unit that was not there, and holding for each that was', () => {
  // Left in the evening: 2, 1, 0, 0, 0; nobody had the other 5.
  expect(costOfOrder(order, 0)).toBeCloseTo(5 * (6 + 2) + 3 * 0.04)
  // Left: 2, 1, 4, 2, 0.
  expect(costOfOrder(order, 5)).toBeCloseTo(9 * 0.04)
  // Five too many are held until the next order is there: on three evenings.
  expect(costOfOrder(order, 10)).toBeCloseTo((9 + 15) * 0.04)
})

it('has what is ordered with no lead time on the shelf in the same morning', () => {
  const today = { ...order, arrival: 100, stock: [], onOrder: [] }
  expect(costOfOrder(today, 10)).toBeCloseTo((8 + 6 + 4 + 2) * 0.04)
})

it('puts to the account of an order what expires later for it, and not what the next one can mend', () => {
  const expiring = { ...order, shelfLife: 4, demand: Float64Array.of(2, 2, 2, 2, 2, 1, 1, 9, 9) }
  const held = (2 + 1 + 9 + 7 + 5) * 0.04
  // Of the ten, 5 are left on day 104, 2 of them are sold through day 106, the last one for 3.
  expect(costOfOrder(expiring, 10)).toBeCloseTo(held + 3 * 4)
  // Demand that the next order meets is no loss of this one.
  expect(costOfOrder({ ...order, demand: Float64Array.of(2, 2, 2, 2, 2, 99) }, 5)).toBeCloseTo(0.36)
})
