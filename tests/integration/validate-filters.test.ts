import { expect, test } from 'vitest'
import { smallContract } from '../unit/sales/contracts.ts'
import { finding, validated } from './validate-fixture.ts'

const rows = [
  'P1,2026-01-01,1,Concluída,Loja,Centro,9.90',
  'P1,2026-01-02,10,Cancelada,Loja,Centro,9.90',
  'P1,2026-01-03,100,Concluída,Site,Centro,9.90',
  'FRETE,2026-01-04,1000,Concluída,Loja,Centro,9.90',
  'P1,2026-01-05,10000,Concluída,Loja,Teste,9.90',
  'P2,2026-01-06,100000,Concluída,Loja,Centro,0',
]

/** The filters that docs/your-own-data.md names, and the units that are left of all. */
test.each<[string, Parameters<typeof contractOf>[0], number]>([
  ['cancelled orders', { state: { enum: ['Concluída'] } }, 111101],
  ['all channels but one', { channel: { enum: ['Loja'] } }, 111011],
  ['a fee', { own: { leftOut: { product: ['FRETE'] } } }, 110111],
  ['one store', { own: { leftOut: { store: ['Teste'] } } }, 101111],
  ['codes that are no products', { product: { pattern: 'P[0-9]' } }, 110111],
  ['gifts at a price of 0', {}, 11111],
  ['orders that are mistakes', { units: { maximum: 5000 } }, 1111],
])('%s do not count where the contract says so', async (_, filter, units) => {
  const files = { 'sales.csv': `id,sold,quantity,state,channel,store,price\n${rows.join('\n')}\n` }
  const missingValues = units === 11111 || units === 1111 ? [''] : ['', '0']
  const { result } = await validated({ files, contract: contractOf({ ...filter, missingValues }) })
  expect(result.report.totals.unitsSold).toBe(units)
  expect(result.report.totals.rowsQuarantined).toBeGreaterThan(0)
})

test('gifts count as demand without a price where 0 is listed as missing', async () => {
  const files = { 'sales.csv': `id,sold,quantity,state,channel,store,price\n${rows.join('\n')}\n` }
  const contract = contractOf({ missingValues: ['', '0'] })
  const { result } = await validated({ files, contract })
  expect(result.report.totals.unitsSold).toBe(111111)
  expect(finding(result, 'price-missing')?.count).toBe(1)
})

function contractOf({
  product = {},
  units = {},
  state = {},
  channel = {},
  own = {},
  missingValues = [''],
}) {
  const contract = smallContract({ own, columns: { store: 'store', price: 'price' } })
  const fields = [
    { name: 'id', type: 'string', constraints: product },
    { name: 'sold', type: 'date' },
    { name: 'quantity', type: 'number', constraints: units },
    { name: 'state', type: 'string', constraints: state },
    { name: 'channel', type: 'string', constraints: channel },
    { name: 'store', type: 'string' },
    { name: 'price', type: 'number' },
  ]
  const resources = [{ name: 'sales', path: 'sales.csv', schema: { fields, missingValues } }]
  return { ...contract, resources }
}
