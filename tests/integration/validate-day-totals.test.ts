import { expect, test } from 'vitest'
import type { DailyTotals } from '../../src/sales/totals/daily-totals.ts'
import { contractWith } from '../unit/sales/contracts.ts'
import { day, rulesIn, validated } from './validate-fixture.ts'

const header = 'day,store,sku,units,value,delivered,on_hand'
const number = (name: string) => ({ name, type: 'number' })

function contract(columns: Record<string, string> = {}) {
  return contractWith({
    fields: [
      { name: 'day', type: 'date' },
      { name: 'store', type: 'string' },
      { name: 'sku', type: 'string' },
      ...['units', 'value', 'delivered', 'on_hand'].map(number),
    ],
    columns: {
      product: 'sku',
      saleDate: 'day',
      store: 'store',
      quantity: 'units',
      value: 'value',
      delivered: 'delivered',
      stock: 'on_hand',
      ...columns,
    },
  })
}

async function totalsOf(rows: string[]): Promise<DailyTotals> {
  const files = { 'sales.csv': `${[header, ...rows].join('\n')}\n` }
  const { result } = await validated({ files, contract: contract() })
  if (result.outcome !== 'valid') throw new Error(JSON.stringify(result.report.findings))
  return result.totals
}

/** Units, money, units with a price, units that came, and units on hand of the only entry. */
function only(totals: DailyTotals) {
  const { sold, returned, revenue, pricedUnits, bought, statedStock } = totals
  expect(totals.day).toHaveLength(1)
  return [sold, returned, revenue, pricedUnits, bought, statedStock].map(([value]) => value)
}

test('a total of a day carries units, value, deliveries and stock: nothing of the warehouse is lost', async () => {
  // 0.1 × 3 is no 0.3: the money is that of the row, not price × units again.
  expect(only(await totalsOf(['2026-10-05,s1,milk,3,0.3,12,9']))).toEqual([3, 0, 0.3, 3, 12, 9])
})

test('a day on which nothing was delivered, sold or known is none with a shortage of money or goods', async () => {
  expect(only(await totalsOf(['2026-10-05,s1,milk,0,0,,9']))).toEqual([0, 0, 0, 0, 0, 9])
  expect(only(await totalsOf(['2026-10-05,s1,milk,4,,0,']))).toEqual([4, 0, 0, 0, 0, Number.NaN])
})

test('a day with more returns than sales counts its deliveries, and its money as none', async () => {
  const { bought, returned, revenue } = await totalsOf([
    '2026-10-05,s1,milk,-2,-3.5,6,9',
    '2026-10-06,s1,milk,1,2,0,8',
  ])
  expect([bought[0], returned[0], revenue[0]]).toEqual([6, 2, 0])
})

test('units for nothing or less are quarantined as a price of 0 is', async () => {
  const rows = ['2026-10-05,s1,milk,3,-0.5,1,9', '2026-10-06,s1,milk,3,0,1,9']
  const { result, report } = await validated({
    files: { 'sales.csv': `${[header, ...rows, '2026-10-07,s1,milk,1,1,1,9'].join('\n')}\n` },
    contract: contract(),
  })
  expect(rulesIn(result)).toContain('price-not-positive')
  expect(report.totals.rowsQuarantined).toBe(2)
})

test('deliveries below nothing are said, and count as none', async () => {
  const files = { 'sales.csv': `${header}\n2026-10-05,s1,milk,3,3,-4,9\n` }
  const { result } = await validated({ files, contract: contract() })
  expect(rulesIn(result)).toContain('delivered-negative')
  expect(result.outcome === 'valid' && only(result.totals)).toEqual([3, 0, 3, 3, 0, 9])
})

test('deliveries are not seen before their day', async () => {
  const files = {
    'sales.csv': `${header}\n2026-10-05,s1,milk,3,3,1,9\n2026-10-06,s1,milk,3,3,1,9\n`,
  }
  const { result } = await validated({ files, contract: contract(), asOf: day('2026-10-05') })
  expect(result.outcome === 'valid' && [...result.totals.bought]).toEqual([1])
})

test.each([
  ['price', { price: 'value' }],
  ['purchaseDate', { purchaseDate: 'day' }],
])(
  '%s beside the total that says it as well is refused: which of them counts?',
  async (role, more) => {
    const files = { 'sales.csv': `${header}\n2026-10-05,s1,milk,3,3,1,9\n` }
    await expect(validated({ files, contract: contract(more) })).rejects.toThrow(
      `cd4ml.columns: ${role} and`,
    )
  },
)

test('value and deliveries switch nothing off: the report asks for neither price nor purchase dates', async () => {
  const files = { 'sales.csv': `${header}\n2026-10-05,s1,milk,3,3,1,9\n` }
  const { report } = await validated({ files, contract: contract() })
  const off = report.switchedOff.map(({ column }) => column)
  expect(off).toEqual(['name', 'category', 'cost', 'expiryDate'])
})
