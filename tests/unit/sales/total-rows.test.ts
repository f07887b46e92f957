import { describe, expect, test } from 'vitest'
import { type TotalRows, totalRows } from '../../../src/sales/checks/total-rows.ts'
import type { DailyTotals } from '../../../src/sales/totals/daily-totals.ts'

/** Net units of a product in a store, day by day; NaN is a day without a row. */
type Sales = [product: string, store: string | undefined, units: number[], name?: string]

function found(...sales: Sales[]): TotalRows {
  const rows = sales.flatMap(([, , units, name], series) =>
    units.flatMap((net, day) => (Number.isNaN(net) ? [] : [{ series, day, net, name }])),
  )
  const names = sales.flatMap(([, , , name]) => name ?? [])
  const totals = {
    series: sales.map(([productId, storeId]) => ({ productId, storeId })),
    seriesIndex: Int32Array.from(rows, ({ series }) => series),
    day: Int32Array.from(rows, ({ day }) => 20_000 + day),
    // Returns are parted from sales: what counts is what is left.
    sold: Float64Array.from(rows, ({ net }) => net + 1000),
    returned: Float64Array.from(rows, () => 1000),
    nameIndex: Int32Array.from(rows, ({ name }) => (name === undefined ? -1 : names.indexOf(name))),
    names,
  } as DailyTotals
  return totalRows([totals])
}

const rice = [4, 9, 2, 7, 5]
const milk = [30, 12, 21, 17, 40]
const bread = [60, 55, 71, 48, 52]
const all = [94, 76, 94, 72, 97]
const shop = (store?: string): Sales[] => [
  ['rice', store, rice],
  ['milk', store, milk],
  ['bread', store, bread],
]
const none = { products: [], stores: [], byName: [] }

test('a shop whose products sell what they do has no totals', () => {
  expect(found(...shop())).toEqual(none)
})

describe('what is called a total', () => {
  const sum = 94 + 76 + 94 + 72 + 97
  const once = (units: number): number[] => [...all.slice(1).map(() => Number.NaN), units]

  test('and sells on one day what all others ever sold is the sum at the end of a file', () => {
    expect(found(...shop(), ['Total Geral', undefined, once(sum)]).products).toEqual([
      'Total Geral',
    ])
    expect(found(...shop(), ['Total Geral', undefined, once(sum + 1)])).toEqual({
      ...none,
      byName: ['Total Geral'],
    })
    expect(found(...shop(), ['Kombi', undefined, once(sum)])).toEqual(none)
  })

  test('is one of several that add up to all that was sold', () => {
    const totals = shop().map(([id, , units]): Sales => {
      return [`Total ${id}`, undefined, once(units.reduce((a, b) => a + b))]
    })
    expect(found(...shop(), ...totals).products).toEqual([
      'Total rice',
      'Total milk',
      'Total bread',
    ])
  })
})

describe('a product that sells what all others do together', () => {
  test('is a total, whatever it is called', () => {
    expect(found(...shop(), ['9999', undefined, all])).toEqual({ ...none, products: ['9999'] })
  })

  test('is one in each store by itself', () => {
    const twice = [...shop('s1'), ['9999', 's1', all] as Sales]
    const other = shop('s2').map(([id, , units]): Sales => [id, 's2', units.map((n) => 2 * n)])
    const double = all.map((n) => 2 * n)
    expect(found(...twice, ...other, ['9999', 's2', double]).products).toEqual(['9999'])
    expect(found(...twice, ...other, ['9999', 's2', all]).products).toEqual([])
  })

  test('needs two others: one of two may always sell with the other', () => {
    expect(found(['rice', undefined, all], ['milk', undefined, all])).toEqual(none)
    const two: Sales[] = [
      ['rice', undefined, rice],
      ['milk', undefined, milk],
    ]
    const sum = rice.map((units, day) => units + milk[day])
    expect(found(...two, ['9999', undefined, sum]).products).toEqual(['9999'])
  })

  test('does so on nine of ten days, within the rounding of kilograms', () => {
    const days = [...all, ...all]
    const twice = shop().map(([id, , units]): Sales => [id, undefined, [...units, ...units]])
    const off = (by: number, count: number) =>
      days.map((units, day) => (day < count ? units + by : units))
    const products = (units: number[]) => found(...twice, ['9999', undefined, units]).products
    expect(products(off(5, 1))).toEqual(['9999'])
    expect(products(off(5, 2))).toEqual([])
    expect(products(off(0.01, 10))).toEqual(['9999'])
    expect(products(off(-0.01, 10))).toEqual(['9999'])
    expect(products(off(0.012, 10))).toEqual([])
    expect(products(off(-0.012, 10))).toEqual([])
  })

  test('does so on three days at least, by amounts that chance does not give', () => {
    const first = (days: number) =>
      shop().map(([id, , units]): Sales => [id, undefined, units.slice(0, days)])
    const large = (sales: Sales[]) =>
      sales.map(([id, , units]): Sales => [id, undefined, units.map((n) => 1e5 * n)])
    const products = (days: number, sales: Sales[], of = all) =>
      found(...sales, ['9999', undefined, of.slice(0, days)]).products
    expect(products(4, first(4))).toEqual([])
    expect(products(5, first(5))).toEqual(['9999'])
    expect(
      products(
        3,
        large(first(3)),
        all.map((n) => 1e5 * n),
      ),
    ).toEqual(['9999'])
    expect(
      products(
        2,
        large(first(2)),
        all.map((n) => 1e5 * n),
      ),
    ).toEqual([])
  })

  test('by the same amount every day is none: that proves nothing', () => {
    const steady = [7, 8, 9].map((units): Sales => [`${units}`, undefined, Array(30).fill(units)])
    expect(found(...steady, ['9999', undefined, Array(30).fill(24)])).toEqual(none)
  })
})

describe('a store that sells what all others do', () => {
  const stores = ['s1', 's2', 's3'].map(
    (store, index): Sales => ['rice', store, [rice, milk, bread][index]],
  )

  test('is a total', () => {
    expect(found(...stores, ['rice', 'all', all])).toEqual({ ...none, stores: ['all'] })
  })

  test('is one by the sum of its products', () => {
    const parted = all.map((units) => Math.floor(units / 3))
    const rest = all.map((units, day) => units - parted[day])
    expect(found(...stores, ['rice', 'all', parted], ['milk', 'all', rest]).stores).toEqual(['all'])
    expect(found(...stores, ['rice', 'all', parted]).stores).toEqual([])
  })
})

const gap = Number.NaN

describe('a day that proves nothing is none', () => {
  const longer = shop().map(([id, , units]): Sales => [id, undefined, [...units, 3, 4]])

  test('as one on which as much came back as was sold', () => {
    expect(found(...longer, ['9999', undefined, [...all, 0, 0]]).products).toEqual(['9999'])
  })

  test('as one on which a total by its name is missing', () => {
    const two: Sales[] = [['rice', undefined, [...all, 3, 4]]]
    expect(found(...two, ['Total', undefined, [...all, gap, gap]])).toEqual({
      ...none,
      products: ['Total'],
    })
  })
})

test('three amounts prove a total where they come about once in a million', () => {
  const three: Sales[] = [
    ['a', undefined, [1000, 10, 50]],
    ['b', undefined, [20, 4, 10]],
  ]
  expect(
    found(...three, ['c', undefined, [3, 1, 3]], ['9999', undefined, [1023, 15, 63]]).products,
  ).toEqual(['9999'])
  expect(
    found(...three, ['c', undefined, [2, 1, 3]], ['9999', undefined, [1022, 15, 63]]).products,
  ).toEqual([])
})

test('what belongs to no store is no store, and none of the others', () => {
  const stores = ['s1', 's2', 's3'].map(
    (store, index): Sales => ['rice', store, [rice, milk, bread][index]],
  )
  expect(found(...stores, ['rice', undefined, all]).stores).toEqual([])
  expect(
    found(['rice', undefined, [5, 6, 7, 8, 9]], ...stores, ['rice', 'all', all]).stores,
  ).toEqual(['all'])
})

describe('what is called a total', () => {
  test('is one where it sells what all others do, with subtotals twice that', () => {
    const three = [all[0], all[1], all[2], all[3], all[4]]
    expect(found(...shop(), ['TOTAL', undefined, three]).products).toEqual(['TOTAL'])
    const half = rice.map((units, day) => units + milk[day])
    const withSubtotals: Sales[] = [
      ...shop(),
      ['Subtotal A', undefined, half],
      ['Subtotal B', undefined, bread],
      ['Total', undefined, all],
    ]
    expect(found(...withSubtotals).products).toEqual(['Subtotal A', 'Subtotal B', 'Total'])
  })

  test('is one of two rows too, which no other sum could prove', () => {
    expect(found(['rice', undefined, all], ['Total', undefined, all]).products).toEqual(['Total'])
  })

  test('is told by the name of its number, the last that it had', () => {
    const nameless: Sales = ['2', 's2', all]
    expect(
      found(['1', 's1', all], ['2', 's1', all, 'Total geral'], ['1', 's2', all], nameless).products,
    ).toEqual(['2'])
    expect(found(['1', undefined, all], ['2', undefined, all, 'Total geral']).products).toEqual([
      '2',
    ])
  })

  test('is a product called so where it sells what it likes, and people are asked', () => {
    expect(found(...shop(), ['Total', undefined, [1, 2, 3, 4, 5]])).toEqual({
      ...none,
      byName: ['Total'],
    })
    expect(found(['rice', 'Total', rice], ['rice', 's1', milk])).toEqual({
      ...none,
      byName: ['Total'],
    })
    expect(found(['Total', 'Total', rice], ['rice', 's1', milk]).byName).toEqual(['Total'])
  })

  test('by more than its name alone is a product: a total of something sells as it', () => {
    expect(found(...shop(), ['Total Rinse', undefined, [1, 2, 3, 4, 5]])).toEqual(none)
    expect(found(...shop(), ['Total Laticínios', undefined, all]).products).toEqual([
      'Total Laticínios',
    ])
    const named: Sales[] = [
      ['Total Rinse', undefined, [1, 2, 3, 4, 5]],
      ['Total', undefined, [95, 78, 97, 76, 102]],
    ]
    expect(found(...shop(), ...named).products).toEqual(['Total'])
  })

  test('does not hide another one that is the sum of it and the rest', () => {
    const other = [3, 8, 6, 1, 9]
    const sum = all.map((units, day) => units + other[day])
    expect(found(...shop(), ['Subtotal', undefined, other], ['Total', undefined, sum])).toEqual({
      ...none,
      products: ['Total'],
      byName: ['Subtotal'],
    })
  })

  test.each([
    'Subtotal Laticínios',
    'sub-total: milk',
    'Sub total 7',
    'Grand total of it',
    'grand-total x',
    'Total Laticínios',
    '* Totale latte',
    'Soma do dia',
    'Suma leche',
    'Somme lait',
    'Summe Milch',
  ])('may say what it is the total of: %s', (name) => {
    expect(found(['rice', undefined, all], [name, undefined, all]).products).toEqual([name])
  })

  test.each(['My total', 'Grandtotal', 'Subtotality', 'Totals of it', 'Sumo', 'xTotal milk'])(
    'is not what only begins like one: %s',
    (name) => {
      const isAlone = /^grand/i.test(name)
      expect(found(['rice', undefined, all], [name, undefined, all]).products).toEqual(
        isAlone ? [name] : [],
      )
    },
  )

  test.each([
    'TOTAL',
    'total',
    'Subtotal',
    'Sub-total',
    'sub total',
    'Grand Total',
    'Totale',
    'Totales',
    'Totals',
    'Totalis',
    'Total geral',
    'Total  geral',
    'Total général',
    'total dia',
    'Total-Loja',
    'Soma',
    'SUMA',
    'Somme',
    'Sum',
    'Summe',
    'Zwischensumme',
    'Gesamtsumme',
    'Gesamt',
    '** Total **',
    'Total:',
  ])('is called so in the languages of the chain: %s', (name) => {
    expect(found(...shop(), [name, undefined, [1, 2, 3, 4, 5]]).byName).toEqual([name])
  })

  test.each([
    'Totalmilch',
    'Sumatra',
    'Sommerkleid',
    'Total Effekt',
    'Somatic',
    'Subtotalled',
    'Consumme',
    '',
  ])('is not what only sounds like it: %j', (name) => {
    expect(found(...shop(), [name, undefined, [1, 2, 3, 4, 5]]).byName).toEqual([])
  })
})
