import { isoFromDay } from '../../src/base/day.ts'
import { type Fixture, validated } from './validate-fixture.ts'

export const PLAN_HEADER =
  'product;category;store;from;to;decided;price;discount;promotion;display;closed'

/** A contract with sales by product, category and store, and a plan with every role. */
export function planContractOf({
  plan = {},
  columns = {},
  cd4ml = {},
  resource = {},
} = {}): object {
  const text = { type: 'string' }
  const date = { type: 'date', format: '%d/%m/%Y' }
  const money = { type: 'number', decimalChar: ',' }
  return {
    resources: [
      {
        name: 'sales',
        path: 'sales.csv',
        dialect: { delimiter: ';' },
        schema: {
          fields: [
            ...['id', 'group', 'shop'].map((name) => ({ name, ...text })),
            { name: 'sold', ...date },
            { name: 'units', type: 'number' },
            { name: 'paid', ...money },
          ],
        },
      },
      {
        name: 'plan',
        path: 'plan/*.csv',
        dialect: { delimiter: ';' },
        schema: {
          fields: PLAN_HEADER.split(';').map((name) => ({
            name,
            ...(['from', 'to', 'decided'].includes(name) ? date : text),
            ...(['price', 'discount'].includes(name) && money),
          })),
        },
        ...resource,
      },
    ],
    cd4ml: {
      columns: {
        product: 'id',
        category: 'group',
        store: 'shop',
        saleDate: 'sold',
        quantity: 'units',
        price: 'paid',
      },
      maxQuarantinedShare: 1,
      plan: {
        columns: {
          ...Object.fromEntries(PLAN_HEADER.split(';').map((name) => [name, name])),
          decided: undefined,
          knownOn: 'decided',
          ...columns,
        },
        ...plan,
      },
      ...cd4ml,
    },
  }
}

/** Two products of two categories in two shops, at 10 a unit, sold every day of September. */
export const SALES = [
  'id;group;shop;sold;units;paid',
  ...Array.from({ length: 30 }, (_, index) => {
    const day = `${String(index + 1).padStart(2, '0')}/09/2026`
    return ['1', '2'].flatMap((shop) => [
      `milk;Dairy;${shop};${day};3;10,00`,
      `bread;Bakery;${shop};${day};2;10,00`,
    ])
  }).flat(),
  '',
].join('\n')

/** Validates a plan of these rows, beside the sales of September, on 2026-10-31. */
export async function planned(
  rows: string[],
  { contract = planContractOf(), files = {}, ...options }: Partial<Fixture> = {},
) {
  const plan = [PLAN_HEADER, ...rows, ''].join('\n')
  const it = await validated({
    files: { 'sales.csv': SALES, 'plan/2026.csv': plan, ...files },
    contract,
    ...options,
  })
  const { result } = it
  return { ...it, rows: result.outcome === 'valid' ? result.plan.rows.map(withDays) : undefined }
}

function withDays({ from, to, knownOn, ...row }: { from: number; to: number; knownOn: number }) {
  return { ...row, days: [from, to].map(isoFromDay).join(' '), knownOn: isoFromDay(knownOn) }
}
