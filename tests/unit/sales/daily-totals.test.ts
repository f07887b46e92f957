import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoFromDay, weekday } from '../../../src/base/day.ts'
import {
  type DailyTotals,
  lastSaleDay,
  saleDays,
  seriesId,
  unitDays,
} from '../../../src/sales/totals/daily-totals.ts'
import { dayOfWeeklyTotal } from '../../../src/sales/totals/weekly-totals.ts'
import { dayOf, someEntries, totalsOf } from '../demand/totals.ts'

test('the days with sales come once each and in order, whichever product sold first', () => {
  const entry = fc.record({
    day: fc.integer({ min: 5, max: 30 }),
    offered: fc.constantFrom(0, 1),
    sold: fc.constantFrom(0, 2),
    returned: fc.constantFrom(0, 1),
  })
  const asOfs = fc.array(fc.option(fc.integer({ min: 0, max: 35 })), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(entry), asOfs, (entries, days) => {
      const totals = {
        day: Int32Array.from(entries, ({ day }) => day),
        offered: Uint8Array.from(entries, ({ offered }) => offered),
        sold: Float64Array.from(entries, ({ sold }) => sold),
        returned: Float64Array.from(entries, ({ returned }) => returned),
      } as Partial<DailyTotals> as DailyTotals
      const until = (asOf: number, kept: typeof entries) => {
        const found = kept.map(({ day }) => day).filter((day) => day <= asOf)
        return [...new Set(found)].sort((a, b) => a - b)
      }
      const offered = entries.filter((it) => it.offered === 1)
      const moved = entries.filter((it) => it.sold > 0 || it.returned > 0)
      for (const asOf of days) {
        const last = asOf ?? Number.POSITIVE_INFINITY
        expect(saleDays(totals, asOf ?? undefined)).toEqual(until(last, offered))
        expect(unitDays(totals, asOf ?? undefined)).toEqual(until(last, moved))
      }
    }),
  )
})

test('the last sale is the last of all products, deliveries are none', () => {
  fc.assert(
    fc.property(someEntries, (entries) => {
      const totals = totalsOf(entries)
      const days = saleDays(totals)
      const sold = entries.filter((it) => (it.sold ?? it.returned) !== undefined)
      expect(new Set(days)).toEqual(new Set(sold.map(({ day }) => day)))
      expect(lastSaleDay(totals)).toBe(days.at(-1))
    }),
  )
  expect(lastSaleDay(totalsOf([{ product: 'a', day: 20_000, bought: 1 }]))).toBeUndefined()
})

test('a product in two stores is two series, and one without stores has the name of its product', () => {
  expect(seriesId({ productId: 'a', storeId: undefined })).toBe('a')
  const ids = [
    ['a', 'b,c'],
    ['a,b', 'c'],
    ['a","b', 'c'],
    ['a', ''],
  ].map(([productId, storeId]) => seriesId({ productId, storeId }))
  expect(new Set([...ids, 'a']).size).toBe(5)
})

test.each([
  ['first day', '2026-01-05', '2026-01-05'],
  ['first day', '2026-01-04', '2026-01-05'],
  ['first day', '2026-01-02', '2026-01-05'],
  ['first day', '2026-01-01', '2026-01-01'],
  ['last day', '2026-01-04', '2026-01-04'],
  ['last day', '2026-01-03', '2026-01-03'],
  ['last day', '2026-01-05', '2026-01-04'],
  ['last day', '2026-01-07', '2026-01-04'],
  ['last day', '2026-01-08', '2026-01-08'],
] as const)('a week called by its %s, %s, counts on %s', (label, day, counts) => {
  expect(isoFromDay(dayOfWeeklyTotal(dayOf(day), label))).toBe(counts)
})

test('a week counts in the ISO week that holds four of its days or more, on the nearest one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), fc.boolean(), (day, isFirst) => {
      const counts = dayOfWeeklyTotal(day, isFirst ? 'first day' : 'last day')
      const middle = isFirst ? day + 3 : day - 3
      const week = (of: number) => of - weekday(of)
      expect(week(counts)).toBe(week(middle))
      const steps = Math.sign(day - counts)
      if (steps !== 0) expect(week(counts + steps)).not.toBe(week(counts))
    }),
  )
})
