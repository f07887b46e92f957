import { expect, test } from 'vitest'
import { readContract } from '../../../src/sales/contract/contract.ts'
import { columnsOf } from '../../../src/sales/reading/header.ts'
import { put, temporaryFolder } from '../../repository.ts'
import { smallContract } from './contracts.ts'

const NAMES = ['id', 'sold', 'quantity', 'note']
const folder = await temporaryFolder()
await put(folder, {
  'datapackage.json': JSON.stringify(smallContract({ fields: [{ name: 'note' }] })),
})
const contract = await readContract(`${folder}/datapackage.json`)
type Match = (typeof contract.resources)[number]['fieldsMatch']

function columns(header: string[], fieldsMatch: Match = 'exact', required: string[] = []) {
  const [resource] = contract.resources
  const fields = resource.fields.map((field) => ({
    ...field,
    constraints: { required: required.includes(field.name) },
  }))
  return columnsOf(header, 3, { ...resource, fields, fieldsMatch }, contract.columns, [
    'product',
    'saleDate',
  ])
}

test('columns are found by their names, those with a role first, each with its place', () => {
  expect(columns(NAMES).map(({ field, role, position }) => [field.name, role, position])).toEqual([
    ['id', 'product', 0],
    ['sold', 'saleDate', 1],
    ['quantity', 'quantity', 2],
    ['note', undefined, 3],
  ])
  const other = columns(['note', 'x', 'sold', 'id'], 'partial')
  expect(other.map(({ field, position }) => [field.name, position])).toEqual([
    ['id', 3],
    ['sold', 2],
    ['note', 0],
  ])
})

const more = [...NAMES, 'x']
const fewer = ['id', 'sold', 'quantity']
const moved = ['sold', 'id', 'quantity', 'note']

test.each<[Match, Record<'all' | 'more' | 'fewer' | 'moved', string | undefined>]>([
  [
    'exact',
    {
      all: undefined,
      more: 'header-unexpected x',
      fewer: 'header-missing note',
      moved: 'header-order id',
    },
  ],
  [
    'equal',
    { all: undefined, more: 'header-unexpected x', fewer: 'header-missing note', moved: undefined },
  ],
  ['subset', { all: undefined, more: undefined, fewer: 'header-missing note', moved: undefined }],
  ['superset', { all: undefined, more: 'header-unexpected x', fewer: undefined, moved: undefined }],
  ['partial', { all: undefined, more: undefined, fewer: undefined, moved: undefined }],
])('of a header that has to be %s to the contract, what is not is named', (match, refused) => {
  for (const [kind, header] of Object.entries({ all: NAMES, more, fewer, moved })) {
    expect(refusal(header, match), kind).toBe(refused[kind as keyof typeof refused])
  }
})

test.each<[string, string[], string[], string]>([
  ['has no product', ['sold', 'quantity'], [], 'header-missing id'],
  ['has no sale date', ['id', 'quantity'], [], 'header-missing sold'],
  ['lacks what is required', fewer, ['note'], 'header-missing note'],
  ['has a column without a name', ['id', ' ', 'sold'], [], 'header-blank column 2'],
  ['has a column twice', ['id', 'sold', 'id'], [], 'header-duplicate id'],
])('a header that %s is refused even where columns may be missing', (_, header, required, said) => {
  expect(refusal(header, 'partial', required)).toBe(said)
})

test('a header is refused with its line, and as much of it as can be read', () => {
  const wide = Array.from({ length: 300 }, (_, index) => `c${index}`)
  expect(() => columns(wide)).toThrow(
    expect.objectContaining({ line: 3, value: wide.slice(0, 100).join(' | ') }),
  )
})

test('a header of more columns than any table has is refused before it is looked at', () => {
  const columnsOf = (count: number) => [
    ...NAMES,
    ...Array.from({ length: count - 4 }, (_, i) => `c${i}`),
  ]
  expect(refusal(columnsOf(5000), 'partial')).toBeUndefined()
  expect(refusal(columnsOf(5001), 'partial')).toBe('header-too-wide')
})

function refusal(header: string[], match: Match, required: string[] = []): string | undefined {
  try {
    columns(header, match, required)
    return undefined
  } catch (error) {
    const { rule, column } = error as { rule: string; column?: string }
    return column === undefined ? rule : `${rule} ${column}`
  }
}
