import { expect, test } from 'vitest'
import { StockedShelf } from '../../../src/evaluation/scoring/stocked-shelf.ts'

const batch = (units: number, lastDay: number) => ({ units, day: 0, lastDay })

test('what expires today is sold today, the oldest first, and is gone tomorrow', () => {
  const stock = [batch(3, 10), batch(2, 11)]
  const shelf = new StockedShelf(stock, [])
  expect(shelf.open(10)).toBe(0)
  expect(shelf.sell(1)).toEqual({ short: 0, left: 4 })
  expect(shelf.open(11)).toBe(2)
  expect(shelf.stock).toEqual([batch(2, 11)])
  expect(shelf.sell(2)).toEqual({ short: 0, left: 0 })
  expect(shelf.sell(1.5)).toEqual({ short: 1.5, left: 0 })
  expect(stock).toEqual([batch(3, 10), batch(2, 11)])
})

test('a delivery is on order until its day, and then on the shelf behind what was there', () => {
  const delivery = { ...batch(4, 20), day: 12 }
  const shelf = new StockedShelf([batch(1, 15)], [delivery])
  expect(shelf.open(11)).toBe(0)
  expect(shelf.stock).toEqual([batch(1, 15), delivery])
  expect(shelf.sell(2)).toEqual({ short: 1, left: 0 })
  shelf.open(12)
  expect(shelf.stock).toEqual([delivery])
  shelf.order({ ...batch(5, 30), day: 14 }, 12)
  shelf.order({ ...batch(6, 25), day: 12 }, 12)
  expect(shelf.sell(5)).toEqual({ short: 0, left: 5 })
  expect(shelf.stock).toEqual([
    { ...batch(5, 25), day: 12 },
    { ...batch(5, 30), day: 14 },
  ])
  expect(shelf.open(26)).toBe(5)
  expect(shelf.sell(9)).toEqual({ short: 4, left: 0 })
})
