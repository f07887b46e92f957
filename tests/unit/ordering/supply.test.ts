import { expect, it } from 'vitest'
import { supplyAsOf } from '../../../src/ordering/supply.ts'
import { dayOf, type Entry, totalsOf } from '../demand/totals.ts'

const JANUARY = dayOf('2026-01-01')

it('knows price and cost of the last eight weeks, not of the year before', () => {
  const supply = supplyOf([
    { product: 'a', day: '2025-01-01', sold: 100, price: 1, cost: 0.5 },
    { product: 'a', day: '2026-01-01', sold: 1, price: 4, cost: 2 },
    { product: 'a', day: '2026-01-02', sold: 3, price: 8, cost: 2 },
  ])
  expect(supply).toMatchObject({ price: 7, cost: 2 })
})

it('takes the last units bought for those on hand, with the expiry dates of their own deliveries', () => {
  const entries: Entry[] = [
    { product: 'a', day: JANUARY, bought: 10, shelfLife: 9 },
    { product: 'a', day: JANUARY + 1, sold: 8 },
    { product: 'a', day: JANUARY + 2, bought: 6, shelfLife: 7 },
    { product: 'a', day: JANUARY + 3, sold: 1 },
  ]
  const supply = supplyOf(entries, JANUARY + 3)
  expect(supply.stock).toEqual([
    { units: 1, lastDay: JANUARY + 9 },
    { units: 6, lastDay: JANUARY + 9 },
  ])
  expect(supply.shelfLife).toBe(8)
})

it('leaves out what has expired, and does not owe what sold without a purchase', () => {
  const entries: Entry[] = [
    { product: 'a', day: JANUARY, sold: 5 },
    { product: 'a', day: JANUARY + 1, bought: 4, shelfLife: 3 },
    { product: 'a', day: JANUARY + 6, bought: 2 },
  ]
  expect(supplyOf(entries).stock).toEqual([{ units: 2, lastDay: Number.POSITIVE_INFINITY }])
  expect(supplyOf(entries, JANUARY + 2).stock).toEqual([{ units: 4, lastDay: JANUARY + 4 }])
})

it('starts from the last stated stock', () => {
  const columns = { stock: true, purchaseDate: true }
  const entries: Entry[] = [
    { product: 'a', day: JANUARY, sold: 1, stock: 20 },
    { product: 'a', day: JANUARY + 1, sold: 2 },
    { product: 'a', day: JANUARY + 2, bought: 5 },
  ]
  const { stock } = supplyAsOf(totalsOf(entries, columns), JANUARY + 2).get('a')!
  expect(stock!.reduce((sum, { units }) => sum + units, 0)).toBe(23)
})

it('says nothing of what the files do not know', () => {
  const totals = totalsOf([{ product: 'a', day: JANUARY, sold: 1 }])
  expect(supplyAsOf(totals, JANUARY).get('a')).toEqual({})
})

it('sees nothing later than the day', () => {
  const past: Entry[] = [
    { product: 'a', day: JANUARY, bought: 10, shelfLife: 9 },
    { product: 'a', day: JANUARY + 1, sold: 8, price: 2, cost: 1 },
  ]
  const future: Entry[] = [
    { product: 'a', day: JANUARY + 2, bought: 99, sold: 9, price: 99, cost: 98, shelfLife: 1 },
    { product: 'b', day: JANUARY + 2, bought: 99, sold: 9 },
  ]
  const columns = { purchaseDate: true }
  const seen = supplyAsOf(totalsOf([...past, ...future], columns), JANUARY + 1)
  expect(seen).toEqual(supplyAsOf(totalsOf(past, columns), JANUARY + 1))
})

function supplyOf(entries: Entry[], day = JANUARY + 20) {
  return supplyAsOf(totalsOf(entries, { purchaseDate: true }), day).get('a')!
}
