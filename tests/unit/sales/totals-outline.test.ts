import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { NextArray } from '../../../src/base/array-file.ts'
import { UserError } from '../../../src/base/errors.ts'
import { bytesOf } from '../../../src/base/number-array.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'
import { salesOfChain, totalsOfSeries } from '../../../src/sales/totals/parts.ts'
import {
  outlined,
  type TotalsOutline,
  totalsFrom,
} from '../../../src/sales/totals/totals-outline.ts'
import { someEntries, totalsOf } from '../demand/totals.ts'

const WHERE = { file: 'sales', remedy: 'Plan again.' }

const TOTALS = totalsOf([
  { product: 'a', day: '2026-01-01', sold: 2, price: 3, name: 'Apple', stock: 4 },
  { product: 'a', day: '2026-01-02', sold: 1, price: 3 },
  { product: 'b', day: '2026-01-01', sold: 5, price: 1, name: 'Bread' },
])

test('whoever is handed totals has those that were handed, measure by measure', async () => {
  await fc.assert(
    fc.asyncProperty(someEntries, async (entries) => {
      const totals = totalsOf(entries)
      expect(await readAgain(outlined(totals))).toEqual(totals)
    }),
    { numRuns: 50 },
  )
})

test('whoever is handed a part of a chain knows the days on which the chain sold', async () => {
  const part = totalsOfSeries(TOTALS, [0])
  expect((await readAgain(outlined(part))).chain).toEqual(salesOfChain(TOTALS))
})

it('writes what is equal on every day once, and of what never changes one number', () => {
  const { arrays } = outlined({ ...TOTALS, pricedUnits: TOTALS.sold })
  const shown = arrays.map((array) => Array.from(array))
  expect(shown.filter((array) => String(array) === '2,1,5')).toHaveLength(1)
  expect(shown).toContainEqual([1])
})

describe('of sales that somebody has forged, totals are refused whose', () => {
  const forged = (change: Partial<DailyTotals>) => readAgain(outlined({ ...TOTALS, ...change }))

  it.each<[string, Partial<DailyTotals>, RegExp]>([
    ['series stand twice', { series: [TOTALS.series[0], TOTALS.series[0]] }, /series are not in/],
    ['series are out of order', { series: TOTALS.series.toReversed() }, /series are not in order/],
    ['series have nothing', { seriesIndex: Int32Array.of(0, 0, 0) }, /a series has too many/],
    ['days are out of order', { day: Int32Array.of(2, 1, 1) }, /days are not in order/],
    ['days stand twice', { day: Int32Array.of(1, 1, 1) }, /days are not in order/],
    ['days are none', { day: Int32Array.of(1, 2, 2 ** 31 - 1) }, /days are not in order/],
    ['units are no numbers', { sold: Float64Array.of(1, Number.NaN, 1) }, /a wrong sold/],
    [
      'prices are infinite',
      { revenue: Float64Array.of(1, 2, Number.POSITIVE_INFINITY) },
      /revenue/,
    ],
    ['stock is infinite', { statedStock: Float64Array.of(1, 2, -1 / 0) }, /a wrong statedStock/],
    ['marks are neither', { offered: Uint8Array.of(1, 2, 1) }, /a wrong offered/],
    ['names are not there', { nameIndex: Int32Array.of(0, 2, 1) }, /a wrong nameIndex/],
    ['categories are not there', { categoryIndex: Int32Array.of(0, 0, 0) }, /categoryIndex/],
  ])('%s', async (_, change, said) => {
    await expect(forged(change)).rejects.toThrow(said)
    await expect(forged(change)).rejects.toThrow(UserError)
  })

  const { outline, arrays } = outlined(TOTALS)
  it.each<[string, Partial<TotalsOutline>, RegExp]>([
    ['products have no store', { stores: [] }, /not every product has its store/],
    ['entries are fewer', { entries: 2 }, /a series has too many/],
    ['measures are missing', { measures: outline.measures.slice(0, -1) }, /: no \w+/],
    [
      'measures stand twice',
      { measures: [...outline.measures, { of: ['sold'], isOne: false }] },
      /sold is there twice|ends/,
    ],
    [
      'measures are of another type',
      { measures: [{ of: ['sold', 'offered'], isOne: false }, ...outline.measures.slice(1)] },
      /offered is of another type/,
    ],
  ])('%s', async (_, change, said) => {
    await expect(readAgain({ outline: { ...outline, ...change }, arrays })).rejects.toThrow(said)
  })
})

/** From the bytes of the arrays, as a file has them. */
async function readAgain({ outline, arrays }: ReturnType<typeof outlined>): Promise<DailyTotals> {
  const bytes = Buffer.concat(arrays.map(bytesOf))
  let at = 0
  const next: NextArray = async (make, length) => {
    const numbers = new make(length)
    const end = at + numbers.byteLength
    if (end > bytes.length) throw new UserError('ends before its numbers')
    bytesOf(numbers).set(bytes.subarray(at, end))
    at = end
    return numbers
  }
  return await totalsFrom(outline, next, WHERE)
}
