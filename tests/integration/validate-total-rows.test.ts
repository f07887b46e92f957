import { describe, expect, test } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { seededRandom } from '../../src/base/random.ts'
import { smallContract } from '../unit/sales/contracts.ts'
import { day, finding, validated } from './validate-fixture.ts'

type Row = { id: string; date: string; units: number; store?: string; name?: string }

/** 60 days of four products, in each store. */
function sales(stores: string[] = ['']): Row[] {
  const random = seededRandom(5)
  return Array.from({ length: 60 }, (_, index) => isoFromDay(day('2026-01-01') + index)).flatMap(
    (date) =>
      stores.flatMap((store) =>
        ['A', 'B', 'C', 'D'].map((id) => ({ id, date, store, units: Math.floor(random() * 20) })),
      ),
  )
}

/** What the rows of each day and store add up to, as rows of their own. */
function sums(rows: Row[], total: Partial<Row>): Row[] {
  const groups = Map.groupBy(rows, ({ date, store }) => `${date} ${total.store ?? store}`)
  return [...groups.values()].map((group) => ({
    ...group[0],
    ...total,
    units: group.reduce((sum, { units }) => sum + units, 0),
  }))
}

async function resultOf(rows: Row[], { own = {}, columns = {} } = {}) {
  const fields = [{ name: 'store' }, { name: 'name' }]
  const contract = smallContract({ columns, fields, own: { maxQuarantinedShare: 0.05, ...own } })
  const lines = rows.map(({ id, date, units, store = '', name = '' }) =>
    [id, date, units, store, name].join(','),
  )
  const files = { 'sales.csv': `${['id,sold,quantity,store,name', ...lines].join('\n')}\n` }
  return (await validated({ files, contract })).result
}

const rows = sales()
const named = rows.map((row) => ({ ...row, name: `Product ${row.id}` }))
const inStores = sales(['Centro', 'Norte', 'Sul'])
const withStore = { columns: { store: 'store' } }

describe('rows of totals among the products are refused by name, or each sale counts twice', () => {
  test.each<[string, Row[], string[], { columns?: object }]>([
    ['TOTAL', [...rows, ...sums(rows, { id: 'TOTAL' })], ['TOTAL'], {}],
    ['a number that nothing gives away', [...rows, ...sums(rows, { id: '999' })], ['999'], {}],
    [
      'a name that does',
      [...named, ...sums(named, { id: '999', name: 'Total geral' })],
      ['999'],
      { columns: { name: 'name' } },
    ],
    ['of each store', [...inStores, ...sums(inStores, { id: 'Summe' })], ['Summe'], withStore],
    [
      'subtotals alone',
      [
        ...rows,
        ...sums(
          rows.filter(({ id }) => id < 'C'),
          { id: 'Subtotal Bebidas' },
        ),
        ...sums(
          rows.filter(({ id }) => id >= 'C'),
          { id: 'Subtotal Limpeza' },
        ),
      ],
      ['Subtotal Bebidas', 'Subtotal Limpeza'],
      {},
    ],
    [
      'subtotals and their total',
      [
        ...rows,
        ...sums(
          rows.filter(({ id }) => id < 'C'),
          { id: 'Total Bebidas' },
        ),
        ...sums(
          rows.filter(({ id }) => id >= 'C'),
          { id: 'Total Limpeza' },
        ),
        ...sums(rows, { id: 'Total geral' }),
      ],
      ['Total Bebidas', 'Total Limpeza', 'Total geral'],
      {},
    ],
    [
      'of a single product',
      [
        ...rows.filter(({ id }) => id === 'A'),
        ...sums(
          rows.filter(({ id }) => id === 'A'),
          { id: 'Total' },
        ),
      ],
      ['Total'],
      {},
    ],
    [
      'all stores together, as a store',
      [
        ...inStores,
        ...['A', 'B', 'C', 'D'].flatMap((id) =>
          sums(
            inStores.filter((row) => row.id === id),
            { id, store: 'Rede' },
          ),
        ),
      ],
      ['Rede'],
      withStore,
    ],
  ])('%s', async (_, all, found, mapped) => {
    const result = await resultOf(all, mapped)
    expect(result.outcome).toBe('invalid')
    const values = finding(result, 'total-counted')?.examples.map(({ value }) => value)
    expect(values?.sort()).toEqual(found)
    const role = found[0] === 'Rede' ? 'store' : 'product'
    const left = await resultOf(all, { ...mapped, own: { leftOut: { [role]: found } } })
    expect(left.outcome).toBe('valid')
    const sold = all.filter(({ id, store = '' }) => !found.includes(id) && !found.includes(store))
    expect(left.report.totals.unitsSold).toBe(sold.reduce((sum, { units }) => sum + units, 0))
    expect(finding(left, 'left-out')?.count).toBe(all.length - sold.length)
  })
})

test.each(['leftOut', 'sentinels'])(
  '%s of a store, where no column is one, is refused',
  async (key) => {
    const result = resultOf(rows, { own: { [key]: { store: ['Rede'] } } })
    await expect(result).rejects.toThrow(/store: is about store, which no column is/)
  },
)

test('what is only called a total is said, and counts', async () => {
  const yogurt = sales().map((row) => (row.id === 'B' ? { ...row, id: 'Total' } : row))
  const result = await resultOf(yogurt)
  expect(result.outcome).toBe('valid')
  expect(finding(result, 'may-be-total')?.examples[0].value).toBe('Total')
})

test.each<[string, Row[], { columns?: object }]>([
  [
    'two products that always sell together',
    sales()
      .filter(({ id }) => id === 'A')
      .flatMap((row) => [row, { ...row, id: 'B' }]),
    {},
  ],
  [
    'two stores that sell alike',
    sales(['Centro']).flatMap((row) => [row, { ...row, store: 'Sul' }]),
    withStore,
  ],
  [
    'products that sell the same each day',
    sales().map((row) => ({ ...row, units: row.id === 'A' ? 3 : 1 })),
    {},
  ],
  [
    'a yogurt called Total 0%',
    sales().map((row) => (row.id === 'B' ? { ...row, id: 'Total 0%' } : row)),
    {},
  ],
])('%s are no totals', async (_, all, mapped) => {
  const result = await resultOf(all, mapped)
  expect(result.outcome).toBe('valid')
  expect(finding(result, 'may-be-total')).toBeUndefined()
})

test('rows that are left out by name excuse no others', async () => {
  const all = [...sales(), ...sums(sales(), { id: 'TOTAL' })]
  const bad = all.map((row, index) => (index % 12 === 1 ? { ...row, date: 'x' } : row))
  const result = await resultOf(bad, { own: { leftOut: { product: ['TOTAL'] } } })
  expect(finding(result, 'too-many-bad-rows')).toBeDefined()
})
