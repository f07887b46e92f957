import { expect, test } from 'vitest'
import { type Contract, readContract } from '../../../src/sales/contract/contract.ts'
import type { Role } from '../../../src/sales/contract/roles.ts'
import { cellReader } from '../../../src/sales/reading/cells.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { dayOf } from '../demand/totals.ts'
import { contractOf } from './contracts.ts'

const TODAY = dayOf('2026-10-31')
const folder = await temporaryFolder()
await put(folder, {
  'datapackage.json': JSON.stringify(
    contractOf({
      own: {
        categories: { Dairy: ['DAIRY'] },
        sentinels: { price: ['999'] },
        leftOut: { product: ['TOTAL'] },
      },
      schema: { missingValues: ['', 'NA', ' - '] },
    }),
  ),
})
const contract = await readContract(`${folder}/datapackage.json`)
const [resource] = contract.resources
const interned: string[] = []

type Constraints = (typeof resource.fields)[number]['constraints']
type Asked = {
  role?: Role
  column?: string
  constraints?: Constraints
  type?: string
  changes?: Partial<Contract>
}

function reader({ role, column, constraints = {}, type, changes = {} }: Asked) {
  const name = column ?? (role && contract.columns.get(role)) ?? 'name'
  const field = resource.fields.find((it) => it.name === name)!
  return cellReader({
    role,
    field: { ...field, constraints, ...(type && { type }) },
    resource,
    contract: { ...contract, ...changes },
    today: TODAY,
    intern: (text) => interned.push(text) - 1,
  })
}

test.each<[Role, string, number | string, string | undefined]>([
  ['product', '42', 'text', undefined],
  ['product', ' 42', 'text', 'spaces-around-id'],
  ['product', 'a\u202eb', Number.NaN, 'id-unusable'],
  ['product', 'x'.repeat(200), 'text', undefined],
  ['product', 'x'.repeat(201), Number.NaN, 'id-unusable'],
  ['product', 'TOTAL', Number.NaN, 'left-out'],
  ['product', ' TOTAL ', Number.NaN, 'left-out'],
  ['product', '', Number.NaN, 'product-missing'],
  ['product', '  ', Number.NaN, 'product-missing'],
  ['product', 'NA', Number.NaN, 'product-missing'],
  ['product', ' - ', Number.NaN, 'product-missing'],
  ['name', ' Milk ', 'text', undefined],
  ['name', '', Number.NaN, 'name-missing'],
  ['category', 'Dairy', 'text', undefined],
  ['category', 'DAIRY', 'text', 'category-spelling'],
  ['category', 'Toys', Number.NaN, 'category-unknown'],
  ['category', '', Number.NaN, 'category-missing'],
  ['price', '5,49', 5.49, undefined],
  ['price', '-5', -5, undefined],
  ['price', '999', Number.NaN, 'sentinel'],
  ['price', ' 999 ', Number.NaN, 'sentinel'],
  ['price', 'free', Number.NaN, 'number-unreadable'],
  ['price', '', Number.NaN, 'price-missing'],
  ['cost', '999', 999, undefined],
  ['cost', '0', Number.NaN, 'cost-missing'],
  ['cost', '-1', -1, 'cost-negative'],
  ['cost', '', Number.NaN, 'cost-missing'],
  ['saleDate', '31/10/2026', TODAY, undefined],
  ['saleDate', '01/11/2026', TODAY + 1, 'in-the-future'],
  ['saleDate', '31/12/1989', Number.NaN, 'date-implausible'],
  ['saleDate', '01/01/1990', dayOf('1990-01-01'), undefined],
  ['saleDate', '31/12/2100', dayOf('2100-12-31'), 'in-the-future'],
  ['saleDate', '01/01/2101', Number.NaN, 'date-implausible'],
  ['saleDate', 'soon', Number.NaN, 'date-unreadable'],
  ['saleDate', '', Number.NaN, undefined],
  ['purchaseDate', '01/11/2026', TODAY + 1, 'in-the-future'],
  ['purchaseDate', 'x', Number.NaN, 'date-unreadable'],
  ['expiryDate', '01/11/2026', TODAY + 1, undefined],
  ['expiryDate', '31/12/2100', dayOf('2100-12-31'), undefined],
  ['expiryDate', '01/01/2101', Number.NaN, 'expiry-far'],
  ['expiryDate', '31/12/1989', Number.NaN, 'date-implausible'],
  ['expiryDate', 'x', Number.NaN, 'date-unreadable'],
])('as %s, %j is read as what it says: %s (%s)', (role, text, value, rule) => {
  const before = interned.length
  const cell = reader({ role })!(text)
  expect(cell.rule).toBe(rule)
  if (value !== 'text') return expect(cell.value).toBe(value)
  expect(cell.value).toBe(before)
  expect(interned.at(-1)).toBe(role === 'category' ? 'Dairy' : text.trim())
})

test.each<[Role, string, number, string | undefined]>([
  ['stock', '-1', Number.NaN, 'stock-unusable'],
  ['stock', '0', 0, undefined],
  ['stock', '', Number.NaN, 'stock-unusable'],
  ['quantity', '-3', -3, undefined],
  ['quantity', '', Number.NaN, 'quantity-missing'],
])('as %s, the number %j is %d (%s)', (role, text, value, rule) => {
  expect(reader({ role, column: 'price' })!(text)).toEqual({ value, rule })
})

test('a store is an id too, and a number where the contract says that ids are numbers', () => {
  const store = reader({ role: 'store', column: 'id', type: 'integer' })!
  expect(store('7').rule).toBeUndefined()
  expect(store('7a')).toEqual({ value: Number.NaN, rule: 'number-unreadable' })
  expect(store('')).toEqual({ value: Number.NaN, rule: 'store-missing' })
  expect(store(' 7').rule).toBe('spaces-around-id')
})

test('what has no role and no rule is not read at all', () => {
  expect(reader({ column: 'name' })).toBeUndefined()
  expect(reader({ column: 'name', constraints: { required: true } })!('').rule).toBe(
    'required-missing',
  )
  expect(reader({ column: 'name', constraints: { required: true } })!('x')).toEqual({
    value: 0,
    rule: undefined,
  })
  expect(reader({ column: 'name', constraints: { maxLength: 1 } })!('xx').rule).toBe('constraint')
  expect(reader({ column: 'name', constraints: { maxLength: 1 } })!('').rule).toBeUndefined()
  expect(reader({ column: 'price' })!('x')).toEqual({ value: Number.NaN, rule: 'type-wrong' })
  expect(reader({ column: 'price' })!('5,49')).toEqual({ value: 0, rule: undefined })
})

test('a constraint is asked of what can be read, warned about or not, and of nothing else', () => {
  const constraints = { pattern: '[0-9]+' }
  const product = reader({ role: 'product', constraints })!
  expect(product('12').rule).toBeUndefined()
  expect(product(' 12').rule).toBe('spaces-around-id')
  expect(product(' 1a').rule).toBe('constraint')
  expect(product('1\u202e2').rule).toBe('id-unusable')
  expect(reader({ role: 'product', constraints: { required: true } })!('').rule).toBe(
    'required-missing',
  )
})

test('a total of a week counts on a day of its ISO week', () => {
  const weekly = reader({ role: 'saleDate', changes: { weeklyTotals: 'last day' } })!
  expect(weekly('05/10/2026')).toEqual({ value: dayOf('2026-10-04'), rule: undefined })
  expect(weekly('x')).toEqual({ value: Number.NaN, rule: 'date-unreadable' })
})

test('a chain that lists no categories has those that it writes', () => {
  const category = reader({ role: 'category', changes: { categories: undefined } })!
  expect(category('Toys').rule).toBeUndefined()
  expect(interned.at(-1)).toBe('Toys')
})

test('a text is read once, however often it comes', () => {
  const name = reader({ role: 'name' })!
  const before = interned.length
  for (let row = 0; row < 3; row++) expect(name('Rice').value).toBe(before)
  expect(interned).toHaveLength(before + 1)
})
