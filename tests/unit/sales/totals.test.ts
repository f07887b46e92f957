import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { totalsAsOf } from '../../../src/sales/totals/known-totals.ts'
import { mergeTotals, releaseTotals } from '../../../src/sales/totals/merged-totals.ts'
import { TotalsBuilder } from '../../../src/sales/totals/totals-builder.ts'

const columns = {
  purchaseDate: true,
  expiryDate: true,
  stock: false,
  price: true,
  cost: true,
  category: true,
}

type Event = { product: string; store: string | undefined; day: number; sold: number }

const event = fc.record({
  product: fc.constantFrom('b', 'a', '__proto__', 'constructor', '𝒳', '\uFF5E'),
  store: fc.constantFrom(undefined, '1', '2'),
  day: fc.integer({ min: 20_000, max: 20_010 }),
  sold: fc.integer({ min: 0, max: 9 }),
})

test('files that are read apart add up to what they hold together', () => {
  fc.assert(
    fc.property(fc.array(fc.array(event)), (files) => {
      const apart = mergeTotals(columns, [totalsOf([]), ...files.map(totalsOf)])
      expect(apart).toEqual(totalsOf(files.flat()))
    }),
    { numRuns: 50 },
  )
})

test('entries come by product, store and day, whatever the order of the rows', () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const forwards = totalsOf(events)
      expect(totalsOf(events.toReversed())).toEqual(forwards)
      const { series, seriesIndex, day } = forwards
      for (let i = 1; i < day.length; i++) {
        const sameSeries = seriesIndex[i] === seriesIndex[i - 1]
        expect(sameSeries ? day[i] > day[i - 1] : seriesIndex[i] > seriesIndex[i - 1]).toBe(true)
      }
      const ids = series.map(({ productId }) => Buffer.from(productId).toString('hex'))
      expect(ids).toEqual(ids.toSorted())
    }),
    { numRuns: 50 },
  )
})

test('cutting the total at a day is the same as never having seen what came later', () => {
  fc.assert(
    fc.property(fc.array(event), fc.integer({ min: 20_000, max: 20_010 }), (events, day) => {
      const seen = events.filter((event) => event.day <= day)
      expect(resolved(totalsAsOf(totalsOf(events), day))).toEqual(resolved(totalsOf(seen)))
    }),
    { numRuns: 50 },
  )
})

test('of several names on a day the last one stands, and a row without one changes nothing', () => {
  const builder = new TotalsBuilder(columns)
  const entry = builder.entry(builder.intern('1'), -1, 20_000)
  builder.measures.nameIndex[entry] = builder.intern('old')
  builder.measures.nameIndex[entry] = builder.intern('new')
  const totals = builder.finish()
  expect(totals.names).toEqual(['new'])
  const merged = mergeTotals(columns, [
    totals,
    totalsOf([{ product: '1', store: undefined, day: 20_000, sold: 1 }]),
  ])
  expect(merged.names[merged.nameIndex[0]]).toBe('new')
})

test('thousands of days of a product are all kept', () => {
  const events = Array.from({ length: 5000 }, (_, day) => ({
    product: 'a',
    store: undefined,
    day,
    sold: day,
  }))
  const totals = totalsOf(events)
  expect(totals.day.length).toBe(5000)
  const sold = events.map((event) => event.sold)
  expect([...totals.sold]).toEqual(sold)
  expect([...totals.statedStock]).toEqual(
    sold.map((units) => (units % 3 === 0 ? units : Number.NaN)),
  )
  expect([...totals.nameIndex]).toEqual(sold.map((units) => (units % 4 === 0 ? units / 4 : -1)))
})

function totalsOf(events: Event[]): DailyTotals {
  const builder = new TotalsBuilder(columns)
  for (const { product, store, day, sold } of events) {
    const storeIndex = store === undefined ? -1 : builder.intern(store)
    const entry = builder.entry(builder.intern(product), storeIndex, day)
    addTo(builder, entry, sold)
  }
  return builder.finish()
}

/** Something of every measure: sums in different parts, and now and then a mark, a statement, a text. */
function addTo(builder: TotalsBuilder, entry: number, sold: number): void {
  const { offered, statedStock, nameIndex, categoryIndex, ...sums } = builder.measures
  Object.values(sums).forEach((sum, part) => {
    sum[entry] += part === 0 ? sold : sold % (part + 1)
  })
  if (sold > 4) offered[entry] = 1
  if (sold % 3 === 0) statedStock[entry] = sold
  if (sold % 4 === 0) nameIndex[entry] = builder.intern(`name ${sold}`)
  if (sold % 5 === 0) categoryIndex[entry] = builder.intern(`category ${sold}`)
}

/** Totals that were cut still list the texts of later days: what counts is what entries say. */
function resolved({ names, categories, nameIndex, categoryIndex, ...totals }: DailyTotals) {
  return {
    ...totals,
    names: Array.from(nameIndex, (index) => names[index]),
    categories: Array.from(categoryIndex, (index) => categories[index]),
  }
}

test('what is given back is gone at once, and not from the sum that it was a part of', () => {
  const parts = [20_000, 20_001].map((day) =>
    totalsOf([{ product: 'a', store: undefined, day, sold: 9 }]),
  )
  const merged = mergeTotals(columns, parts)
  for (const part of parts) releaseTotals(part)
  expect(parts.map(({ sold, day }) => [sold.length, day.length])).toEqual([
    [0, 0],
    [0, 0],
  ])
  expect([...merged.sold]).toEqual([9, 9])
})

test('of measures that are equal on every day one array is held, and of others their own', () => {
  const event = { product: 'a', store: undefined, day: 20_000 }
  const merged = mergeTotals(columns, [
    totalsOf([{ ...event, sold: 5 }]),
    totalsOf([{ ...event, day: 20_001, sold: 8 }]),
  ])
  // `addTo` counts in units modulo 9, and modulo 6.
  expect([...merged.expiringUnits]).toEqual([5, 8])
  expect(merged.expiringUnits).toBe(merged.sold)
  expect([...merged.costedUnits]).toEqual([5, 2])
  expect(merged.statedStock).not.toBe(merged.sold)
})
