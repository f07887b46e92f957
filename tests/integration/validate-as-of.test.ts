import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import type { DailyTotals } from '../../src/sales/totals/daily-totals.ts'
import { totalsAsOf } from '../../src/sales/totals/known-totals.ts'
import type { ValidationResult } from '../../src/steps/data/validate.ts'
import { smallContract } from '../unit/sales/contracts.ts'
import { csv, day, finding, goodRow, validated } from './validate-fixture.ts'

test('a unit bought before and sold after the day is seen as stock', async () => {
  const files = { 'sales.csv': csv(goodRow) }
  const { result } = await validated({ files, asOf: day('2026-10-02') })
  expect(result.report.asOf).toBe('2026-10-02')
  expect(result.report.totals).toMatchObject({ rowsRead: 1, unitsSold: 0 })
  // Nothing was sold yet, so there is no demand to learn from.
  expect(finding(result, 'no-sales')).toBeDefined()
})

test('on a day before the first purchase nothing is seen, not even what is wrong with it', async () => {
  const bad = goodRow.replace('5,49', 'x')
  const files = { 'sales.csv': csv(goodRow, bad) }
  const { result, quarantine } = await validated({ files, asOf: day('2026-09-30') })
  expect(result.report.totals).toMatchObject({ rowsRead: 0, rowsQuarantined: 0, products: 0 })
  expect(finding(result, 'number-unreadable')).toBeUndefined()
  expect(await quarantine()).toBeUndefined()
})

test('a sale that is quarantined is known from its day on, and its purchase from its own', async () => {
  const bad = goodRow.replace('5,49', 'x')
  const files = { 'sales.csv': csv(goodRow.replaceAll('10/2026', '09/2026'), bad) }
  const before = await validated({ files, asOf: day('2026-10-02') })
  expect(before.report.totals).toMatchObject({ rowsRead: 2, rowsQuarantined: 0 })
  expect(await before.quarantine()).toBeUndefined()
  const after = await validated({ files, asOf: day('2026-10-03') })
  expect(after.report.totals).toMatchObject({ rowsRead: 2, rowsQuarantined: 1 })
  expect(await after.quarantine()).toContain('number-unreadable')
})

test('a backtest that cuts the totals sees exactly what --as-of sees', async () => {
  const first = day('2026-09-01')
  const dayText = (offset: number | undefined) =>
    offset === undefined
      ? ''
      : isoFromDay(first + offset)
          .split('-')
          .reverse()
          .join('/')
  const row = fc
    .record({
      id: fc.constantFrom('a', 'b', ''),
      price: fc.constantFrom('1,50', '', '0', 'x'),
      bought: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
      shelf: fc.option(fc.integer({ min: -1, max: 20 }), { nil: undefined }),
      expires: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
    })
    .map(({ id, price, bought, shelf, expires }) => {
      const sold = shelf === undefined ? undefined : (bought ?? 0) + shelf
      return [id, 'n', 'c', price, '1,00', dayText(bought), dayText(sold), dayText(expires)].join(
        ';',
      )
    })
  const [files] = fc.sample(fc.array(row, { minLength: 300, maxLength: 300 }), {
    numRuns: 1,
    seed: 7,
  })
  const whole = await validated({ files: { 'sales.csv': csv(...files) } })
  for (const offset of [0, 1, 5, 17, 30, 50]) {
    const asOf = first + offset
    const cut = await validated({ files: { 'sales.csv': csv(...files) }, asOf })
    expect(cut.result.outcome).toBe('valid')
    expect(totalsOf(cut.result)).toEqual(totalsAsOf(totalsOf(whole.result), asOf))
    const { rowsRead, rowsAccepted, rowsQuarantined } = cut.report.totals
    expect(rowsAccepted + rowsQuarantined).toBe(rowsRead)
  }
  expect(whole.report.totals.rowsRead).toBe(300)
  expect(whole.report.totals.rowsQuarantined).toBeGreaterThan(0)
})

function totalsOf(result: ValidationResult): DailyTotals {
  if (result.outcome === 'invalid') throw new Error(JSON.stringify(result.report.findings))
  return result.totals
}

test.each([
  ['first day', '2026-09-13', '2026-09-14'],
  ['last day', '2026-09-20', '2026-09-20'],
])(
  'a weekly total is not seen before the day that dates it, its %s',
  async (label, dated, known) => {
    const contract = smallContract({ own: { weeklyTotals: label } })
    const files = { 'sales.csv': `id,sold,quantity\na,${dated},5\n` }
    const unitsOn = async (asOf: number) =>
      (await validated({ files, contract, asOf })).report.totals.unitsSold
    expect(await unitsOn(day(known) - 1)).toBe(0)
    expect(await unitsOn(day(known))).toBe(5)
  },
)
