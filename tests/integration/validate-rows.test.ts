import { expect, test } from 'vitest'
import { lastSaleDay } from '../../src/sales/totals/daily-totals.ts'
import type { ValidationResult } from '../../src/steps/data/validate.ts'
import { contractOf, smallContract } from '../unit/sales/contracts.ts'
import { csv, day, finding, goodRow, rulesIn, validated } from './validate-fixture.ts'

const ok = goodRow

test.each([
  ['an impossible date', ok.replace('03/10/2026', '31/02/2026'), 'date-unreadable', 'sold'],
  ['a two-digit year', ok.replace('03/10/2026', '03/10/26'), 'date-unreadable', 'sold'],
  ['a decimal point', ok.replace('5,49', '5.49'), 'number-unreadable', 'price'],
  ['a hexadecimal price', ok.replace('5,49', '0x10'), 'number-unreadable', 'price'],
  ['a price that a spreadsheet rounded', ok.replace('5,49', '1e3'), 'number-unreadable', 'price'],
  ['NaN', ok.replace('5,49', 'NaN'), 'number-unreadable', 'price'],
  ['400 digits', ok.replace('5,49', '9'.repeat(400)), 'number-unreadable', 'price'],
  ['a price of 0', ok.replace('5,49', '0,00'), 'price-not-positive', 'price'],
  ['a negative price', ok.replace('5,49', '-5,49'), 'price-not-positive', 'price'],
  ['a negative cost', ok.replace('4,13', '-1'), 'cost-negative', 'cost'],
  ['a cost off by 100', ok.replace('4,13', '413,00'), 'cost-above-price', 'cost'],
  ['a sale before its purchase', ok.replace('01/10', '04/10'), 'sold-before-purchase', 'sold'],
  ['a sale after its expiry', ok.replace('07/10', '02/10'), 'sold-after-expiry', 'sold'],
  [
    'an expiry before the purchase',
    ok.replace('07/10/2026', '30/09/2026'),
    'expired-before-purchase',
    'expires',
  ],
  ['a sale tomorrow', ok.replace('03/10/2026;07/10', '01/11/2026;07/11'), 'in-the-future', 'sold'],
  ['a sale in the year 0202', ok.replace('03/10/2026', '03/10/0202'), 'date-implausible', 'sold'],
  ['a sale in the year 1026', ok.replace('03/10/2026', '03/10/1026'), 'date-implausible', 'sold'],
  ['a sale in the year 2206', ok.replace('03/10/2026', '03/10/2206'), 'date-implausible', 'sold'],
  ['a purchase in 0026', ok.replace('01/10/2026', '01/10/0026'), 'date-implausible', 'bought'],
  ['an expiry in 0026', ok.replace('07/10/2026', '07/10/0026'), 'date-implausible', 'expires'],
  ['a missing product', ok.replace('1;Milk', ';Milk'), 'product-missing', 'id'],
  ['a product of spaces', ok.replace('1;Milk', '   ;Milk'), 'product-missing', 'id'],
  ['an invisible character in an id', ok.replace('1;', '1\u202E2;'), 'id-unusable', 'id'],
  ['an endless id', ok.replace('1;', `${'x'.repeat(201)};`), 'id-unusable', 'id'],
  ['a sentinel', ok.replace('5,49', '99999,99'), 'sentinel', 'price'],
  ['a cell too many', `${ok};x`, 'ragged-row', undefined],
  ['a cell too few', ok.slice(0, ok.lastIndexOf(';')), 'ragged-row', undefined],
  ['no date at all', ok.replace('01/10/2026;03/10/2026', ';'), 'sale-date-missing', 'sold'],
])(
  'a row with %s is set aside with line, column and reason, and the next one counts',
  async (_, row, rule, column) => {
    const contract = contractOf({ own: { sentinels: { price: ['99999,99'] } } })
    const files = { 'sales.csv': csv(ok, row, ok) }
    const { result, quarantine } = await validated({ files, contract })
    expect(result.report.totals).toMatchObject({ rowsRead: 3, rowsAccepted: 2, rowsQuarantined: 1 })
    const found = finding(result, rule)
    expect(found).toMatchObject({ level: 'row', file: 'sales.csv', count: 1 })
    expect(found?.column).toBe(column)
    expect(found?.examples[0].line).toBe(3)
    const [, line] = (await quarantine())?.split('\n') ?? []
    expect(line).toContain(column ? `${rule} (${column})` : rule)
    expect(line).toContain('";"3";')
    expect(soldIn(result)).toEqual([2])
  },
)

test('a row that breaks several rules names all of them', async () => {
  const row = ok.replace('5,49', '0').replace('01/10/2026', '04/10/2026').replace('1;', ';')
  const { result, quarantine } = await validated({ files: { 'sales.csv': csv(ok, row) } })
  expect(rulesIn(result)).toEqual(
    expect.arrayContaining(['product-missing', 'price-not-positive', 'sold-before-purchase']),
  )
  expect((await quarantine())?.split('\n')[1]).toContain(
    '"product-missing (id), sold-before-purchase (sold), price-not-positive (price)"',
  )
})

test.each([
  ['name', ok.replace('Milk', ''), 'name-missing'],
  ['category', ok.replace('Dairy', ''), 'category-missing'],
  ['price', ok.replace('5,49', ''), 'price-missing'],
  ['cost', ok.replace('4,13', ''), 'cost-missing'],
  ['purchase date', ok.replace('01/10/2026', ''), 'purchase-date-missing'],
])('a sale without %s still counts as demand, with a warning', async (_, row, rule) => {
  const { result } = await validated({ files: { 'sales.csv': csv(row) } })
  expect(result.outcome).toBe('valid')
  expect(finding(result, rule)).toMatchObject({ level: 'warning', count: 1 })
  expect(soldIn(result)).toEqual([1])
})

test.each(['=1+1', '@x', 'a b', 'a"b', 'a/b', '../x', '__proto__', '0042', '-1', 'é'])(
  'the id %j stays as it is',
  async (id) => {
    const cell = `"${id.replaceAll('"', '""')}"`
    const { result } = await validated({
      files: { 'sales.csv': csv(ok.replace('1;', `${cell};`)) },
    })
    expect(result.outcome === 'valid' && result.totals.series).toEqual([
      { productId: id, storeId: undefined },
    ])
  },
)

test('spaces around an id make no second product, and are reported', async () => {
  const { result } = await validated({ files: { 'sales.csv': csv(ok, ok.replace('1;', ' 1 ;')) } })
  expect(soldIn(result)).toEqual([2])
  expect(finding(result, 'spaces-around-id')?.examples).toEqual([{ line: 3, value: ' 1 ' }])
})

test('a changed spelling of a category is the same category, an unknown one is none', async () => {
  const contract = contractOf({ own: { categories: { Dairy: ['DAIRY'] } } })
  const rows = [ok, ok.replace('Dairy', 'DAIRY').replace('1;', '2;'), ok.replace('Dairy', '???')]
  const { result } = await validated({ files: { 'sales.csv': csv(...rows) }, contract })
  expect(result.outcome === 'valid' && result.totals.categories).toEqual(['Dairy'])
  expect(rulesIn(result)).toEqual(['category-spelling', 'category-unknown'])
})

test('a chain says itself which days are plausible', async () => {
  const days = (plausibleDays: object) => contractOf({ own: { plausibleDays } })
  const rowsOf = async (contract: object) => {
    const old = ok.replaceAll('2026', '1985')
    const { report } = await validated({ files: { 'sales.csv': csv(ok, old) }, contract })
    return report.totals.rowsAccepted
  }
  expect(await rowsOf(contractOf())).toBe(1)
  expect(await rowsOf(days({ from: '1980-01-01' }))).toBe(2)
  expect(await rowsOf(days({ from: '1980-01-01', to: '1999-12-31' }))).toBe(1)
})

test('what expires in the year 9999 does not expire, and the report says so', async () => {
  const row = ok.replace('07/10/2026', '31/12/9999').replace('03/10/2026', '')
  const { result } = await validated({ files: { 'sales.csv': csv(ok, row) } })
  expect(finding(result, 'expiry-far')).toMatchObject({ level: 'warning', count: 1 })
  expect(totalsOf(result).bought[0]).toBe(2)
  expect(totalsOf(result).expiringUnits[0]).toBe(1)
})

test('sales that lie more than a year before all others are pointed out', async () => {
  const apart = async (year: string) => {
    const files = { 'sales.csv': csv(ok, ok.replaceAll('2026', year)) }
    return finding((await validated({ files })).result, 'days-apart')?.examples[0].value
  }
  expect(await apart('2016')).toBe('2016-10-03, and then 2026-10-03')
  expect(await apart('2024')).toBe('2024-10-03, and then 2026-10-03')
  expect(await apart('2025')).toBeUndefined()
})

test('no pattern makes reading hang, and one is as strict as before', async () => {
  const pattern = '([A-Z]+[0-9]*)+'
  const contract = smallContract()
  const [id] = (contract as { resources: { schema: { fields: object[] } }[] }).resources[0].schema
    .fields
  Object.assign(id, { constraints: { pattern } })
  const long = 'ABCDEFGHIJ'.repeat(19)
  const text = `id,sold,quantity\n${long}-,2026-10-01,1\n${long},2026-10-01,1\n`
  const { result } = await validated({ files: { 'sales.csv': text }, contract })
  expect(finding(result, 'constraint')).toMatchObject({ count: 1, examples: [{ line: 2 }] })
})

test('limits and lists are compared as what they mean, not as they are written', async () => {
  const contract = contractOf()
  const { fields } = (contract as { resources: { schema: { fields: object[] } }[] }).resources[0]
    .schema
  Object.assign(fields[3], { constraints: { minimum: '1,50', maximum: 9, enum: [5.5, '7,00'] } })
  Object.assign(fields[6], { constraints: { minimum: '02/10/2026' } })
  const priced = ['5,50', '7', '7,0', '5,49', '1,00', '10'].map((price) =>
    ok.replace('5,49', price),
  )
  const rows = [...priced, ok.replace('5,49', '7').replace('03/10', '01/10')]
  const { result } = await validated({ files: { 'sales.csv': csv(...rows) }, contract })
  expect(result.report.totals.rowsAccepted).toBe(3)
  expect(finding(result, 'constraint')).toMatchObject({ count: 3, column: 'price' })
})

test('a length is one of characters, of emoji as of letters', async () => {
  const contract = smallContract({
    fields: [{ name: 'mark', constraints: { minLength: 2, maxLength: 2 } }],
  })
  const cells = ['😀', '😀é', 'ab', '😀😀😀']
  const rows = cells.map((cell, index) => `a,2026-10-0${index + 1},1,${cell}`)
  const files = { 'sales.csv': `${['id,sold,quantity,mark', ...rows].join('\n')}\n` }
  const { result } = await validated({ files, contract })
  const lines = finding(result, 'constraint')?.examples.map(({ line }) => line)
  expect(lines).toEqual([2, 5])
})

test("a field's constraints and type hold, whether its column is used or not", async () => {
  const contract = smallContract({
    fields: [
      { name: 'status', type: 'string', constraints: { required: true, enum: ['paid'] } },
      { name: 'lines', type: 'integer' },
      { name: 'gift', type: 'boolean' },
      { name: 'delivered', type: 'date', format: '%d/%m/%Y' },
    ],
  })
  const [id] = (contract as { resources: { schema: { fields: object[] } }[] }).resources[0].schema
    .fields
  Object.assign(id, { constraints: { pattern: '[0-9]{5}' } })
  const rows = [
    'id,sold,quantity,status,lines,gift,delivered',
    '12345,2026-10-01,1,paid,1,true,31/10/2026',
    '123456,2026-10-01,1,paid,1,,',
    'POST,2026-10-01,1,paid,1,,',
    '12345,2026-10-01,700,cancelled,1,,',
    '12345,2026-10-01,700,,1,,',
    '12345,2026-10-01,700,paid,1.5,,',
    '12345,2026-10-01,700,paid,1,perhaps,',
    '12345,2026-10-01,700,paid,1,,31/02/2026',
    '',
  ]
  const { result } = await validated({ files: { 'sales.csv': rows.join('\n') }, contract })
  const broken = result.report.findings.map(({ rule, column, count }) => [rule, column, count])
  expect(broken).toEqual([
    ['constraint', 'id', 2],
    ['constraint', 'status', 1],
    ['required-missing', 'status', 1],
    ['type-wrong', 'lines', 1],
    ['type-wrong', 'gift', 1],
    ['type-wrong', 'delivered', 1],
  ])
  expect(result.report.totals).toMatchObject({ rowsAccepted: 1, unitsSold: 1 })
})

test('a row is one purchase and one sale on their own days, at its price and cost', async () => {
  const { result } = await validated({ files: { 'sales.csv': csv(ok, ok) } })
  const totals = totalsOf(result)
  expect(totals).toMatchObject({
    day: Int32Array.of(day('2026-10-01'), day('2026-10-03')),
    bought: Float64Array.of(2, 0),
    sold: Float64Array.of(0, 2),
    offered: Uint8Array.of(0, 1),
    pricedUnits: Float64Array.of(0, 2),
    expired: Float64Array.of(0, 0),
  })
  expect(totals.revenue[1]).toBeCloseTo(2 * 5.49)
  expect(totals.costTotal[1]).toBeCloseTo(2 * 4.13)
  expect(lastSaleDay(totals)).toBe(day('2026-10-03'))
})

test('a unit that was never sold is stock until its expiry date, and then waste', async () => {
  const unsold = ok.replace('03/10/2026', '')
  const fresh = unsold.replace('07/10/2026', '07/12/2026')
  const { result } = await validated({ files: { 'sales.csv': csv(ok, unsold, fresh) } })
  const totals = totalsOf(result)
  expect([...totals.bought]).toEqual([3, 0, 0])
  expect([...totals.expired]).toEqual([0, 0, 1])
  expect(totals.day[2]).toBe(day('2026-10-07'))
})

test('a sale without a purchase date leaves no hole in the stock', async () => {
  const { result } = await validated({ files: { 'sales.csv': csv(ok.replace('01/10/2026', '')) } })
  expect(totalsOf(result)).toMatchObject({
    bought: Float64Array.of(1),
    sold: Float64Array.of(1),
  })
})

test('kilograms, returns, and days on offer without a sale are told apart', async () => {
  const rows = [
    'id,sold,quantity',
    'a,2026-10-01,1.5',
    'a,2026-10-01,-0.5',
    'a,2026-10-02,0',
    'a,2026-10-03,-1',
  ]
  const contract = smallContract()
  const { result } = await validated({ files: { 'sales.csv': rows.join('\n') }, contract })
  expect(totalsOf(result)).toMatchObject({
    sold: Float64Array.of(1.5, 0, 0),
    returned: Float64Array.of(0.5, 0, 1),
    offered: Uint8Array.of(1, 1, 0),
    bought: Float64Array.of(0, 0, 0),
  })
})

test('an empty quantity is not taken for 1 or for 0', async () => {
  const files = { 'sales.csv': 'id,sold,quantity\na,2026-10-01,\na,2026-10-02,2\n' }
  const { result } = await validated({ files, contract: smallContract() })
  expect(finding(result, 'quantity-missing')).toMatchObject({ level: 'row', count: 1 })
})

test('a price of 0 on a day without sales is no price; on a sale it is wrong', async () => {
  const contract = smallContract({
    fields: [{ name: 'price', type: 'number' }],
    columns: { price: 'price' },
  })
  const rows = [
    'id,sold,quantity,price',
    'a,2026-10-01,0,0',
    'a,2026-10-02,1,0',
    'a,2026-10-03,-1,0',
  ]
  const { result } = await validated({ files: { 'sales.csv': rows.join('\n') }, contract })
  expect(finding(result, 'price-missing')).toMatchObject({ count: 1 })
  expect(finding(result, 'price-not-positive')).toMatchObject({ count: 2 })
})

test('stores make series of their own, and a stated stock is kept', async () => {
  const contract = smallContract({
    fields: [
      { name: 'shop', type: 'string' },
      { name: 'stock', type: 'number' },
    ],
    columns: { store: 'shop', stock: 'stock' },
  })
  const rows = [
    'id,sold,quantity,shop,stock',
    'a,2026-10-01,1,N,7',
    'a,2026-10-01,2,S,-3',
    'a,2026-10-01,2,,1',
    '',
  ]
  const { result } = await validated({ files: { 'sales.csv': rows.join('\n') }, contract })
  const totals = totalsOf(result)
  expect(totals.series).toEqual([
    { productId: 'a', storeId: 'N' },
    { productId: 'a', storeId: 'S' },
  ])
  expect([...totals.statedStock]).toEqual([7, Number.NaN])
  expect(rulesIn(result)).toEqual(['store-missing', 'stock-unusable'])
})

test('what an unmapped column switches off is said', async () => {
  const files = { 'sales.csv': 'id,sold,quantity\na,2026-10-01,1\n' }
  const { report } = await validated({ files, contract: smallContract() })
  expect(report.switchedOff.map(({ column }) => column)).toEqual([
    'name',
    'category',
    'price',
    'cost',
    'purchaseDate',
    'expiryDate',
    'store',
  ])
  expect(report.switchedOff[4].consequence).toContain('stock-outs cannot be detected')
})

function totalsOf(result: ValidationResult) {
  if (result.outcome === 'invalid') throw new Error(JSON.stringify(result.report.findings))
  return result.totals
}

/** Units of each series. */
function soldIn(result: ValidationResult): number[] {
  const totals = totalsOf(result)
  const units = totals.series.map(() => 0)
  for (const [entry, sold] of totals.sold.entries()) units[totals.seriesIndex[entry]] += sold
  return units
}
