import { expect, test } from 'vitest'
import type { Row } from '../../../src/sales/checks/row-checker.ts'
import { addRow } from '../../../src/sales/reading/row-events.ts'
import { TotalsBuilder } from '../../../src/sales/totals/totals-builder.ts'

const NONE = Number.NaN
// Bought on day 1, sold on day 3, to be sold until day 7.
const sold: Partial<Row> = {
  quantity: 2,
  price: 5,
  cost: 3,
  saleDay: 3,
  purchaseDay: 1,
  expiryDay: 7,
}
const setAside: Partial<Row> = { isSaleSound: false, quarantineDay: 3 }
const onShelf: Partial<Row> = { saleDay: NONE }

/** What happened on which day, measures that are 0 or not known left out. */
function events(changes: Partial<Row>, hasPurchases = true): Record<number, object> {
  const builder = new TotalsBuilder({
    purchaseDate: hasPurchases,
    expiryDate: true,
    stock: true,
    price: true,
    cost: true,
    category: true,
  })
  const [product, name, category] = ['milk', 'Milk', 'dairy'].map((text) => builder.intern(text))
  addRow(builder, {
    ...{ product, store: NONE, name, category, quantity: 1, price: NONE, cost: NONE, stock: NONE },
    ...{ value: NONE, delivered: NONE },
    ...{ saleDay: NONE, purchaseDay: NONE, expiryDay: NONE, broken: [] },
    ...{ isPurchaseSound: true, isSaleSound: true, isSaleUndated: false },
    ...{ visibleDay: NONE, quarantineDay: NONE },
    ...sold,
    ...changes,
  })
  const {
    series: _,
    seriesIndex: __,
    day,
    names,
    categories,
    columns: ___,
    chain: ____,
    ...measures
  } = builder.finish()
  return Object.fromEntries(
    Array.from(day, (date, entry) => {
      const told = Object.entries(measures).flatMap(([key, values]) => {
        const value = values[entry]
        if (key === 'nameIndex') return value < 0 ? [] : [['name', names[value]]]
        if (key === 'categoryIndex') return value < 0 ? [] : [['category', categories[value]]]
        return value === 0 || Number.isNaN(value) ? [] : [[key, value]]
      })
      return [date, Object.fromEntries(told)]
    }),
  )
}

const labels = { name: 'Milk', category: 'dairy' }
const sale = {
  ...labels,
  ...{ offered: 1, sold: 2, revenue: 10, pricedUnits: 2, costTotal: 6, costedUnits: 2 },
}
const purchase = { bought: 2, shelfLifeTotal: 12, expiringUnits: 2 }

test.each<[string, Partial<Row>, Record<number, object>]>([
  ['a unit that was sold', {}, { 1: purchase, 3: sale }],
  ['one that is on the shelf, until it expires', onShelf, { 1: purchase, 7: { expired: 2 } }],
  ['one on the shelf that keeps', { ...onShelf, expiryDay: NONE }, { 1: { bought: 2 } }],
  [
    'one that expires on the day of its purchase',
    { ...onShelf, expiryDay: 1 },
    { 1: { bought: 2, expiringUnits: 2, expired: 2 } },
  ],
  [
    'a sale that is set aside: the unit leaves the shelf',
    setAside,
    { 1: purchase, 3: { expired: 2 } },
  ],
  [
    'a sale set aside after the expiry: it left then',
    { ...setAside, saleDay: 9, quarantineDay: 9 },
    { 1: purchase, 7: { expired: 2 } },
  ],
  [
    'a sale set aside of what keeps',
    { ...setAside, expiryDay: NONE },
    { 1: { bought: 2 }, 3: { expired: 2 } },
  ],
  [
    'a sale of tomorrow, set aside today: nobody knows that it will leave',
    { ...setAside, saleDay: 5, quarantineDay: 4 },
    { 1: purchase, 7: { expired: 2 } },
  ],
  [
    'a sale without a day: the shelf is settled elsewhere',
    { isSaleSound: false, isSaleUndated: true, quarantineDay: 3 },
    { 1: purchase },
  ],
  ['a row of which nothing is sound', { isSaleSound: false, isPurchaseSound: false }, {}],
  ['a sale whose purchase is not sound', { isPurchaseSound: false }, { 3: sale }],
  [
    'a sale without a purchase day: it came when it went',
    { purchaseDay: NONE },
    { 3: { ...sale, bought: 2 } },
  ],
  ['a sale set aside without a purchase day', { ...setAside, purchaseDay: NONE }, {}],
  ['units that came back', { quantity: -2, purchaseDay: NONE }, { 3: { ...labels, returned: 2 } }],
  ['an offer that sold nothing', { quantity: 0 }, { 3: { ...labels, offered: 1 } }],
  [
    'a sale without price and cost',
    { price: NONE, cost: NONE },
    { 1: purchase, 3: { ...labels, offered: 1, sold: 2 } },
  ],
  ['a sale that states the stock', { stock: 4 }, { 1: purchase, 3: { ...sale, statedStock: 4 } }],
  [
    'a sale without name and category',
    { name: NONE, category: NONE },
    { 1: purchase, 3: { ...sale, name: undefined, category: undefined } },
  ],
])('%s counts on the days on which it happened', (_, changes, expected) => {
  expect(events(changes)).toEqual(expected)
})

test('where the sales know no purchases, nothing is bought and nothing expires', () => {
  expect(events({}, false)).toEqual({ 3: sale })
  expect(events(onShelf, false)).toEqual({})
})

test('rows of one day add up, of stores apart', () => {
  const builder = new TotalsBuilder({ purchaseDate: true } as TotalsBuilder['columns'])
  const product = builder.intern('milk')
  const store = builder.intern('s1')
  const row = {
    ...sold,
    product,
    name: NONE,
    category: NONE,
    stock: NONE,
    value: NONE,
    delivered: NONE,
    isPurchaseSound: true,
    isSaleSound: true,
  } as Row
  for (const quantity of [1, 2]) addRow(builder, { ...row, store: NONE, quantity })
  addRow(builder, { ...row, store, quantity: 7 })
  addRow(builder, { ...row, store: NONE, quantity: -3, purchaseDay: NONE })
  const { series, day, sold: units, bought, returned } = builder.finish()
  expect(series).toEqual([
    { productId: 'milk', storeId: undefined },
    { productId: 'milk', storeId: 's1' },
  ])
  expect([...day]).toEqual([1, 3, 1, 3])
  expect([...units]).toEqual([0, 3, 0, 7])
  expect([...bought]).toEqual([3, 0, 7, 0])
  expect([...returned]).toEqual([0, 3, 0, 0])
})
