import { expect, it } from 'vitest'
import { unitOfSale } from '../../../src/demand/unit-of-sale.ts'
import { knownOn } from '../../../src/sales/totals/known-totals.ts'
import { type Entry, totalsOf } from './totals.ts'

const unitOf = (entries: Entry[]) => unitOfSale(knownOn(totalsOf(entries)))
const day = '2024-01-01'

it('is one piece where pieces are counted, however fast most of them sell', () => {
  const fast = Array.from({ length: 9 }, (_, index) => ({
    product: `${index}`,
    day,
    sold: 40 + index,
  }))
  expect(unitOf([...fast, { product: 'slow', day, sold: 1 }])).toBe(1)
})

it('is about what a customer has weighed, whatever it is weighed in, and not a slip of the scales', () => {
  const cheeses = (times: number) =>
    Array.from({ length: 40 }, (_, index) => ({
      product: `${index}`,
      day,
      sold: times * (index === 0 ? 0.001 : 0.15 + index / 100),
    }))
  expect(unitOf(cheeses(1))).toBeCloseTo(0.17, 9)
  expect(unitOf(cheeses(1000))).toBeCloseTo(170, 6)
})

it('is one where nothing was sold', () => {
  expect(unitOf([])).toBe(1)
  expect(unitOf([{ product: 'a', day, sold: 0 }])).toBe(1)
})
