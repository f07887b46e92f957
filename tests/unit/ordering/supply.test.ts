import { expect, it } from 'vitest'
import { deliveriesIn, suppliedBy, supplyAsOf } from '../../../src/ordering/supply.ts'
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
    { units: 1, day: JANUARY, lastDay: JANUARY + 9 },
    { units: 6, day: JANUARY + 2, lastDay: JANUARY + 9 },
  ])
  expect(supply.shelfLife).toBe(8)
})

it('leaves out what has expired, and does not owe what sold without a purchase', () => {
  const entries: Entry[] = [
    { product: 'a', day: JANUARY, sold: 5 },
    { product: 'a', day: JANUARY + 1, bought: 4, shelfLife: 3 },
    { product: 'a', day: JANUARY + 6, bought: 2 },
  ]
  expect(supplyOf(entries).stock).toEqual([
    { units: 2, day: JANUARY + 6, lastDay: Number.POSITIVE_INFINITY },
  ])
  expect(supplyOf(entries, JANUARY + 2).stock).toEqual([
    { units: 4, day: JANUARY + 1, lastDay: JANUARY + 4 },
  ])
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
  expect(supplyAsOf(totals, JANUARY).get('a')).toStrictEqual({})
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

it('takes what comes back into the stock, and what expires out of it', () => {
  const entries: Entry[] = [
    { product: 'a', day: JANUARY, bought: 9 },
    { product: 'a', day: JANUARY + 1, sold: 4, returned: 2, expired: 3 },
  ]
  expect(supplyOf(entries).stock).toEqual([
    { units: 4, day: JANUARY, lastDay: Number.POSITIVE_INFINITY },
  ])
})

it('has nothing on the shelf of what is sold out, or may not be sold after today', () => {
  const bought: Entry = { product: 'a', day: JANUARY, bought: 4, shelfLife: 3 }
  const soldOut = { product: 'a', day: JANUARY + 1, sold: 4 }
  expect(supplyOf([bought, soldOut], JANUARY + 1).stock).toEqual([])
  expect(supplyOf([bought], JANUARY + 3).stock).toEqual([])
  expect(supplyOf([bought], JANUARY + 2).stock).toHaveLength(1)
})

it('knows the price of a product that sold on one day alone, and of the last 56 days, not of one more', () => {
  const one: Entry = { product: 'b', day: JANUARY, sold: 2, price: 3, cost: 1 }
  const sold = (day: number, price: number) => ({ ...one, product: 'a', day, price })
  const priceOf = (...entries: Entry[]) => supplyOf([...entries, one], JANUARY + 90).price
  expect(priceOf(sold(JANUARY, 3))).toBe(3)
  expect(priceOf(sold(JANUARY, 3), sold(JANUARY + 55, 5))).toBe(4)
  expect(priceOf(sold(JANUARY, 3), sold(JANUARY + 56, 5))).toBe(5)
  expect(priceOf(sold(JANUARY, 3), { product: 'a', day: JANUARY + 80, bought: 1 })).toBe(3)
  const without = { ...one, product: 'c' }
  const { price: _, ...unpriced } = without
  const totals = totalsOf([sold(JANUARY, 3), one, { ...unpriced, day: JANUARY + 1 }])
  expect(supplyAsOf(totals, JANUARY + 2).get('c')).not.toHaveProperty('price')
})

it('tells a simulation of every delivery of every product when it came, and how long it may be sold', () => {
  const totals = totalsOf([
    { product: 'a', day: JANUARY, bought: 10, shelfLife: 9 },
    { product: 'a', day: JANUARY + 1, sold: 8 },
    { product: 'a', day: JANUARY + 2, bought: 6 },
    { product: 'b', day: JANUARY + 1, sold: 1 },
  ])
  expect(deliveriesIn(totals, 0, 3)).toEqual([
    { day: JANUARY, units: 10, lastDay: JANUARY + 9 },
    { day: JANUARY + 2, units: 6, lastDay: Number.POSITIVE_INFINITY },
  ])
  expect(deliveriesIn(totals, 3, 4)).toEqual([])
})

it('has on order what is known to be bought on a later day, and only that', () => {
  const totals = totalsOf(
    [
      { product: 'a', day: JANUARY, bought: 10 },
      { product: 'a', day: JANUARY + 1, sold: 4 },
      { product: 'a', day: JANUARY + 3, bought: 7, shelfLife: 5 },
    ],
    { purchaseDate: true },
  )
  const stockBy = (day: number) => supplyAsOf(totals, JANUARY + 1, day).get('a')?.stock
  const onHand = { units: 6, day: JANUARY, lastDay: Number.POSITIVE_INFINITY }
  expect(stockBy(JANUARY + 2)).toEqual([onHand])
  expect(stockBy(JANUARY + 3)).toEqual([
    onHand,
    { units: 7, day: JANUARY + 3, lastDay: JANUARY + 8 },
  ])
})

it('takes purchases that are dated by their order for what arrives a lead time later, and is older then', () => {
  const supply = supplyOf([{ product: 'a', day: JANUARY, bought: 10, shelfLife: 9 }], JANUARY + 1)
  const terms = { ...USUAL, leadTime: 4 }
  const by = (purchaseDate: 'arrival' | 'order') =>
    suppliedBy({ purchaseDate, defaults: terms, categories: {}, products: {} }, terms, supply)
  expect(by('arrival')).toEqual(supply)
  expect(by('order')).toMatchObject({
    shelfLife: 5,
    stock: [{ units: 10, day: JANUARY + 4, lastDay: JANUARY + 9 }],
  })
})

const USUAL = {
  reviewPeriod: 7,
  pack: 1,
  urgentSurcharge: 0.1,
  shelfCost: 0.001,
  minimumService: 0,
}

function supplyOf(entries: Entry[], day = JANUARY + 20) {
  return supplyAsOf(totalsOf(entries, { purchaseDate: true }), day).get('a')!
}
