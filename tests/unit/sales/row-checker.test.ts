import { expect, test } from 'vitest'
import { type Day, isoFromDay } from '../../../src/base/day.ts'
import { rowChecker } from '../../../src/sales/checks/row-checker.ts'
import { readContract } from '../../../src/sales/contract/contract.ts'
import { columnsOf } from '../../../src/sales/reading/header.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { dayOf } from '../demand/totals.ts'
import { contractOf } from './contracts.ts'

const money = { type: 'number', decimalChar: ',' }
const date = { type: 'date', format: '%d/%m/%Y' }
const fields = [
  { name: 'id', type: 'string' },
  { name: 'name', type: 'string' },
  { name: 'price', ...money },
  { name: 'cost', ...money },
  { name: 'note', type: 'string', constraints: { maxLength: 1000 } },
  { name: 'bought', ...date },
  { name: 'sold', ...date },
  { name: 'expires', ...date },
  { name: 'units', ...money },
  { name: 'shop', type: 'string' },
]
const columns = {
  product: 'id',
  name: 'name',
  price: 'price',
  cost: 'cost',
  purchaseDate: 'bought',
  saleDate: 'sold',
  expiryDate: 'expires',
  quantity: 'units',
  store: 'shop',
}
const names = fields.map(({ name }) => name)
const check = await checkerOf()

// A unit bought on the 1st, sold on the 3rd, that keeps until the 7th; today is 31 October 2026.
const good = {
  id: 'milk',
  name: 'Milk',
  price: '5,49',
  cost: '4,13',
  note: '',
  bought: '01/10/2026',
  sold: '03/10/2026',
  expires: '07/10/2026',
  units: '1',
  shop: 's1',
}

test.each<[what: string, changes: Partial<typeof good>, judged: string, broken: string[]]>([
  ['all is well', {}, 'purchase, sale; seen 10-01', []],
  ['it is on the shelf', { sold: '' }, 'purchase, sale; seen 10-01', []],
  [
    'it is sold on the day of its purchase',
    { bought: '03/10/2026' },
    'purchase, sale; seen 10-03',
    [],
  ],
  ['it is sold on its last day', { expires: '03/10/2026' }, 'purchase, sale; seen 10-01', []],
  [
    'it keeps for a day',
    { sold: '01/10/2026', expires: '01/10/2026' },
    'purchase, sale; seen 10-01',
    [],
  ],
  [
    'it has no date',
    { bought: '', sold: '' },
    'purchase; seen at the end, set aside at the end',
    ['sold: sale-date-missing at the end'],
  ],
  [
    'nobody knows when it was bought',
    { bought: '' },
    'purchase, sale; seen 10-03',
    ['bought: purchase-date-missing 10-03'],
  ],
  [
    'its sale day cannot be read',
    { sold: 'x' },
    'purchase, undated; seen 10-01, set aside at the end',
    ['sold: date-unreadable at the end'],
  ],
  [
    'its sale day is of the year 202',
    { sold: '03/10/0202' },
    'purchase, undated; seen 10-01, set aside at the end',
    ['sold: date-implausible at the end'],
  ],
  [
    'its purchase day cannot be read',
    { bought: 'x' },
    '; seen 10-03, set aside 10-03',
    ['bought: date-unreadable 10-03'],
  ],
  [
    'its purchase day cannot be read, and it is on the shelf',
    { bought: 'x', sold: '' },
    '; seen at the end, set aside at the end',
    ['bought: date-unreadable at the end'],
  ],
  [
    'neither day can be read',
    { bought: 'x', sold: 'x' },
    '; seen at the end, set aside at the end',
    ['sold: date-unreadable at the end', 'bought: date-unreadable at the end'],
  ],
  [
    'it is sold before it is bought',
    { bought: '04/10/2026' },
    'purchase, undated; seen 10-04, set aside at the end',
    ['sold: sold-before-purchase at the end'],
  ],
  [
    'it is sold after it expired',
    { expires: '02/10/2026' },
    'purchase; seen 10-01, set aside 10-03',
    ['sold: sold-after-expiry 10-03'],
  ],
  [
    'it expired before it was bought',
    { sold: '', expires: '30/09/2026' },
    '; seen 10-01, set aside 10-01',
    ['expires: expired-before-purchase 10-01'],
  ],
  [
    'it is sold tomorrow',
    { sold: '01/11/2026', expires: '' },
    'purchase; seen 10-01, set aside 10-31',
    ['sold: in-the-future 10-31'],
  ],
  [
    'it is bought tomorrow',
    { bought: '01/11/2026', sold: '', expires: '' },
    '; seen 10-31, set aside 10-31',
    ['bought: in-the-future 10-31'],
  ],
  [
    'it is bought and sold tomorrow',
    { bought: '01/11/2026', sold: '01/11/2026', expires: '' },
    '; seen 10-31, set aside 10-31',
    ['sold: in-the-future 10-31', 'bought: in-the-future 10-31'],
  ],
  [
    'it is given away',
    { price: '0' },
    'purchase; seen 10-01, set aside 10-03',
    ['price: price-not-positive 10-03'],
  ],
  [
    'nobody knows its price',
    { price: '' },
    'purchase, sale; seen 10-01',
    ['price: price-missing 10-03'],
  ],
  [
    'its name is missing on the shelf',
    { name: '', sold: '' },
    'purchase, sale; seen 10-01',
    ['name: name-missing 10-01'],
  ],
  ['it cost ten times its price', { cost: '54,90' }, 'purchase, sale; seen 10-01', []],
  [
    'it cost more than ten times its price',
    { cost: '54,91' },
    'purchase; seen 10-01, set aside 10-03',
    ['cost: cost-above-price 10-03'],
  ],
  [
    'its cost cannot be read on the shelf',
    { cost: 'x', sold: '' },
    'purchase; seen 10-01, set aside at the end',
    ['cost: number-unreadable at the end'],
  ],
  [
    'nobody knows which product it is',
    { id: '' },
    '; seen 10-03, set aside 10-03',
    ['id: product-missing 10-03'],
  ],
  [
    'nobody knows which product is on the shelf',
    { id: '', sold: '' },
    '; seen 10-01, set aside 10-01',
    ['id: product-missing 10-01'],
  ],
  [
    'it breaks rules of purchase and sale',
    { id: '', price: '0' },
    '; seen 10-03, set aside 10-03',
    ['id: product-missing 10-03', 'price: price-not-positive 10-03'],
  ],
  [
    'it breaks a rule of its sale alone, without a purchase',
    { bought: '', price: '0' },
    'purchase; seen 10-03, set aside 10-03',
    ['bought: purchase-date-missing 10-03', 'price: price-not-positive 10-03'],
  ],
  ['its note spans two lines', { note: 'a\nb' }, 'purchase, sale; seen 10-01', []],
  [
    'its name spans two lines',
    { name: 'a\nb' },
    '; seen 10-03, set aside 10-03',
    ['name: line-end-in-cell 10-03'],
  ],
  [
    'its name spans two lines of an old Mac',
    { name: 'a\rb' },
    '; seen 10-03, set aside 10-03',
    ['name: line-end-in-cell 10-03'],
  ],
  [
    'its note swallows the rest of the row and the beginning of another',
    { note: 'a;;;;;\r\n;;;;b' },
    '; seen 10-03, set aside 10-03',
    ['note: line-end-in-cell 10-03'],
  ],
  [
    'its note swallows whole rows between',
    { note: 'a;;;;;\n\n;;;;b' },
    '; seen 10-03, set aside 10-03',
    ['note: line-end-in-cell 10-03'],
  ],
  [
    'its note has too few cells to be the rest of a row',
    { note: 'a;;;;\n;;;;b' },
    'purchase, sale; seen 10-01',
    [],
  ],
  [
    'its note has too few cells to be the beginning of one',
    { note: 'a;;;;;\n;;;b' },
    'purchase, sale; seen 10-01',
    [],
  ],
  [
    'it has no date and no name',
    { bought: '', sold: '', name: '' },
    'purchase; seen at the end, set aside at the end',
    ['name: name-missing at the end', 'sold: sale-date-missing at the end'],
  ],
  [
    'its sale day cannot be read, and nobody knows when it was bought',
    { bought: '', sold: 'x' },
    'purchase; seen at the end, set aside at the end',
    ['sold: date-unreadable at the end'],
  ],
  [
    'it is given away on the day of its purchase',
    { bought: '03/10/2026', price: '0' },
    'purchase; seen 10-03, set aside 10-03',
    ['price: price-not-positive 10-03'],
  ],
  [
    'its sale day cannot be read, and it is given away',
    { sold: 'x', price: '0' },
    'purchase, undated; seen 10-01, set aside at the end',
    ['sold: date-unreadable at the end', 'price: price-not-positive at the end'],
  ],
  [
    'its price is a placeholder',
    { price: '999' },
    'purchase; seen 10-01, set aside 10-03',
    ['price: sentinel 10-03'],
  ],
  [
    'its sale day is a placeholder',
    { sold: 'never' },
    'purchase, undated; seen 10-01, set aside at the end',
    ['sold: sentinel at the end'],
  ],
  [
    'it cost ten times its price exactly',
    { price: '5', cost: '50' },
    'purchase, sale; seen 10-01',
    [],
  ],
  [
    'nobody knows which shop it is in',
    { shop: '' },
    '; seen 10-03, set aside 10-03',
    ['shop: store-missing 10-03'],
  ],
  [
    'nobody can read until when it keeps',
    { expires: 'x' },
    '; seen 10-03, set aside 10-03',
    ['expires: date-unreadable 10-03'],
  ],
  ['it came back', { bought: '', units: '-2' }, 'purchase, sale; seen 10-03', []],
  [
    'it came back after it expired',
    { bought: '', expires: '02/10/2026', units: '-2' },
    'purchase, sale; seen 10-03',
    [],
  ],
  [
    'it came back, nobody knows when',
    { sold: '', units: '-2' },
    'purchase; seen 10-01, set aside 10-01',
    ['sold: sale-date-missing 10-01'],
  ],
  [
    'nothing of it was bought',
    { sold: '', units: '0' },
    'purchase; seen 10-01, set aside 10-01',
    ['sold: sale-date-missing 10-01'],
  ],
  [
    'nothing of it was sold, for nothing',
    { bought: '', price: '0', units: '0' },
    'purchase, sale; seen 10-03',
    ['price: price-missing 10-03'],
  ],
  [
    'nobody knows how many',
    { units: '' },
    '; seen 10-03, set aside 10-03',
    ['units: quantity-missing 10-03'],
  ],
])('of a row it counts what is to be believed, from when on: %s', (_, changes, judged, broken) => {
  const row = check(
    names.map((name) => ({ ...good, ...changes })[name as keyof typeof good]),
    true,
  )
  const seen = `seen ${at(row.visibleDay)}${Number.isNaN(row.quarantineDay) ? '' : `, set aside ${at(row.quarantineDay)}`}`
  const believed = [
    ...(row.isPurchaseSound ? ['purchase'] : []),
    ...(row.isSaleSound ? ['sale'] : []),
    ...(row.isSaleUndated ? ['undated'] : []),
  ]
  expect(`${believed.join(', ')}; ${seen}`).toBe(judged)
  expect(row.broken.map((it) => `${names[it.position!]}: ${it.rule} ${at(it.day)}`)).toEqual(broken)
})

test('what a row says reaches the totals, in numbers and days', () => {
  const row = check(Object.values({ ...good, units: '3' }), false)
  expect(row).toMatchObject({
    product: 'milk'.length,
    name: 'Milk'.length,
    store: 's1'.length,
    category: Number.NaN,
    stock: Number.NaN,
    price: 5.49,
    cost: 4.13,
    quantity: 3,
    purchaseDay: dayOf('2026-10-01'),
    saleDay: dayOf('2026-10-03'),
    expiryDay: dayOf('2026-10-07'),
    broken: [],
  })
  expect(row).not.toHaveProperty('undefined')
  expect(check(Object.values({ ...good, price: '0', units: '0' }), false).price).toBeNaN()
})

test('a row with a cell too many or too few tells nothing, and the next one is read as if it was not there', () => {
  for (const cells of [[...Object.values(good), 'x'], Object.values(good).slice(1)]) {
    const ragged = check(cells, false)
    expect(ragged).toMatchObject({
      isPurchaseSound: false,
      isSaleSound: false,
      isSaleUndated: false,
      visibleDay: Number.POSITIVE_INFINITY,
      quarantineDay: Number.POSITIVE_INFINITY,
      broken: [{ rule: 'ragged-row', position: undefined, isOfSale: false }],
    })
    const next = check(Object.values(good), false)
    expect(next).toMatchObject({ isPurchaseSound: true, isSaleSound: true, broken: [] })
  }
})

test('line ends are looked for where the reader saw quotes alone, as it costs time', () => {
  expect(check(Object.values({ ...good, name: 'a\nb' }), false).broken).toEqual([])
})

test('a file without quantities, prices and purchases has rows of one unit', async () => {
  const [id, , , , , , sold] = fields
  const check = await checkerOf([id, sold], { product: 'id', saleDate: 'sold' })
  expect(check(['milk', '03/10/2026'], false)).toMatchObject({
    quantity: 1,
    price: Number.NaN,
    cost: Number.NaN,
    purchaseDay: Number.NaN,
    expiryDay: Number.NaN,
    broken: [],
    visibleDay: dayOf('2026-10-03'),
  })
  expect(check(['milk', ''], false).broken).toMatchObject([{ rule: 'sale-date-missing' }])
})

async function checkerOf(used: { name: string }[] = fields, roles: object = columns) {
  const sentinels = { price: ['999'], saleDate: ['never'] }
  const placeholders = used === fields ? { sentinels } : {}
  const folder = await temporaryFolder()
  const contract = contractOf({
    own: { columns: roles, ...placeholders },
    schema: { fields: used },
  })
  await put(folder, { 'datapackage.json': JSON.stringify(contract) })
  const read = await readContract(`${folder}/datapackage.json`)
  const [resource] = read.resources
  const header = used.map(({ name }) => name)
  return rowChecker({
    contract: read,
    resource,
    columns: columnsOf(header, 1, resource, read.columns, ['product', 'saleDate']),
    width: header.length,
    today: dayOf('2026-10-31'),
    intern: (text) => text.length,
  })
}

/** `10-03`, or `at the end` of the file for what bears no day. */
function at(known: Day): string {
  return known === Number.POSITIVE_INFINITY ? 'at the end' : isoFromDay(known).slice(5)
}
