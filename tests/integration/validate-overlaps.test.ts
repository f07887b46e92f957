import { describe, expect, test } from 'vitest'
import { isoFromDay } from '../../src/base/day.ts'
import { seededRandom } from '../../src/base/random.ts'
import { day, finding, validated } from './validate-fixture.ts'

type Sale = { id: string; date: string; units: number; store: string; note?: string }

/** Sales of products and stores, a row each day, of 0 to `most` units. */
function sales(options: {
  from?: string
  days?: number
  products?: number
  stores?: string[]
  most?: number
  seed?: number
}): Sale[] {
  const { from = '2026-01-01', days = 31, products = 3, stores = ['Centro'] } = options
  const { most = 20, seed = 1 } = options
  const random = seededRandom(seed)
  const result: Sale[] = []
  for (let date = day(from); date < day(from) + days; date++) {
    for (const store of stores) {
      for (let product = 1; product <= products; product++) {
        const units = Math.floor(random() * (most + 1))
        result.push({ id: `P${product}`, date: isoFromDay(date), units, store })
      }
    }
  }
  return result
}

function csvOf(rows: Sale[]): string {
  const lines = rows.map(({ id, date, units, store, note = '' }) =>
    [id, date, units, store, note].join(','),
  )
  return `${['id,sold,quantity,store,note', ...lines].join('\n')}\n`
}

const fields = ['id', 'sold', 'quantity', 'store', 'note'].map((name) => ({
  name,
  type: { sold: 'date', quantity: 'number' }[name] ?? 'string',
}))

async function reportOf(files: { [name: string]: Sale[] }, { own = {}, columns = {} } = {}) {
  const contract = {
    resources: [{ name: 'sales', path: 'sales/*.csv', schema: { fields } }],
    cd4ml: {
      columns: { product: 'id', saleDate: 'sold', quantity: 'quantity', ...columns },
      ...own,
    },
  }
  const contents = Object.entries(files).map(([name, rows]) => [`sales/${name}`, csvOf(rows)])
  const { result } = await validated({ files: Object.fromEntries(contents), contract })
  return result
}

const january = sales({})
const lastWeek = january.filter(({ date }) => date >= '2026-01-25')
const february = sales({ from: '2026-02-01', days: 28, seed: 2 })

describe('two exports that hold the same sales are refused, with files and days', () => {
  test.each([
    [
      'one begins before the other ends',
      { 'jan.csv': january, 'fev.csv': [...lastWeek, ...february] },
      /jan\.csv.*2026-01-2[56] to 2026-01-31/,
    ],
    [
      'one is contained in the other',
      { 'ano.csv': [...january, ...february], 'fev.csv': february },
      /fev\.csv and sales\/ano\.csv: 2026-02-0[1-3] to 2026-02-2[6-8]/,
    ],
    [
      'one was made again with corrections',
      {
        'jan.csv': january,
        'jan-corrigido.csv': january.map((sale, index) =>
          index % 10 === 0 ? { ...sale, units: sale.units + 3 } : sale,
        ),
      },
      /jan\.csv.*2026-01-0[12] to 2026-01-31/,
    ],
    [
      'one was made again after orders were cancelled',
      { 'a.csv': january, 'b.csv': january.filter((_, index) => index % 9 > 0) },
      /a\.csv/,
    ],
    [
      'one has another column filled in',
      { 'a.csv': january, 'b.csv': january.map((sale) => ({ ...sale, note: 'x' })) },
      /a\.csv/,
    ],
    ['one is in another order', { 'a.csv': january, 'b.csv': [...january].reverse() }, /a\.csv/],
    [
      'one has its totals of a day as single sales',
      {
        'a.csv': january,
        'b.csv': january.flatMap((sale) =>
          sale.units > 1
            ? [
                { ...sale, units: 1 },
                { ...sale, units: sale.units - 1 },
              ]
            : [sale],
        ),
      },
      /a\.csv/,
    ],
    [
      'only one day is in both',
      {
        'jan.csv': january,
        'fev.csv': [...january.filter(({ date }) => date === '2026-01-30'), ...february],
      },
      /: 2026-01-30, \d of \d sales/,
    ],
  ])('%s', async (_, files, said) => {
    const result = await reportOf(files)
    expect(result.outcome).toBe('invalid')
    expect(finding(result, 'files-overlap')?.examples[0].value).toMatch(said)
  })
})

const stores = ['Centro', 'Norte', 'Sul']
const year = sales({ days: 300, stores, products: 4 })
const byStore = Object.fromEntries(
  stores.map((name) => [`${name}.csv`, year.filter(({ store }) => store === name)]),
)

describe('files that part the same days are no overlap', () => {
  test.each([
    ['by store, which the contract knows', byStore, { columns: { store: 'store' } }],
    ['by store, which it does not know', byStore, {}],
    [
      'by category',
      {
        'a.csv': year.filter(({ id }) => id < 'P3'),
        'b.csv': year.filter(({ id }) => id >= 'P3'),
      },
      {},
    ],
    [
      'by till, where hardly anything sells more than once a day',
      {
        'a.csv': sales({ days: 300, products: 20, most: 1, seed: 3 }),
        'b.csv': sales({ days: 300, products: 20, most: 1, seed: 4 }),
        'c.csv': sales({ days: 300, products: 20, most: 1, seed: 5 }),
      },
      {},
    ],
    [
      'by half days, at noon of the last one',
      {
        'jan.csv': january,
        'fev.csv': [...sales({ from: '2026-01-31', days: 1, seed: 7 }), ...february],
      },
      {},
    ],
    [
      'but for what was booked late',
      { 'jan.csv': january, 'fev.csv': [{ ...january[40], units: 1 }, ...february] },
      {},
    ],
    [
      'by returns and sales',
      { 'a.csv': january, 'b.csv': january.map((sale) => ({ ...sale, units: -sale.units })) },
      {},
    ],
  ])('%s', async (_, files, mapped) => {
    const result = await reportOf(files, mapped)
    expect(finding(result, 'files-overlap')).toBeUndefined()
    expect(result.outcome).toBe('valid')
    const units = Object.values(files)
      .flat()
      .reduce((sum, sale) => sum + Math.max(0, sale.units), 0)
    expect(result.report.totals.unitsSold).toBe(units)
  })
})

test('sales that are the same and yet their own count where the contract says so', async () => {
  const copied = january.map((sale) => ({ ...sale, note: 'other till' }))
  const result = await reportOf(
    { 'a.csv': january, 'b.csv': copied },
    { own: { overlaps: 'count' } },
  )
  expect(result.outcome).toBe('valid')
})

test('an overlap that comes later changes no earlier day', async () => {
  const files = {
    'sales/jan.csv': csvOf(january),
    'sales/fev.csv': csvOf([...lastWeek, ...february]),
  }
  const contract = {
    resources: [{ name: 'sales', path: 'sales/*.csv', schema: { fields } }],
    cd4ml: { columns: { product: 'id', saleDate: 'sold', quantity: 'quantity' } },
  }
  const { result } = await validated({ files, contract, asOf: day('2026-01-20') })
  expect(result.outcome).toBe('valid')
})
