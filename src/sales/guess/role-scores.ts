import type { Role } from '../contract/roles.ts'
import type { Topic } from './column-words.ts'
import type { ColumnGuess } from './guess-columns.ts'

/** How well the name of a column suits a role: not at all with 0. */
export type Score = (topics: ReadonlySet<Topic>, column: ColumnGuess) => number

/** Below, a column is asked for, not taken. */
export const SURE = 2

export function saleDateScore(topics: ReadonlySet<Topic>): number {
  if (has(topics, 'expiry', 'shipping', 'record', 'planned')) return 0.1
  if (has(topics, 'sale')) return 3
  if (has(topics, 'created')) return 1.8
  if (has(topics, 'purchase')) return 1
  if (has(topics, 'paid')) return 1.5
  return has(topics, 'date', 'year') ? 2 : 0.5
}

export function productScore(topics: ReadonlySet<Topic>, { name, reading }: ColumnGuess): number {
  if (has(topics, 'person', 'store', 'category', 'date', 'price', 'cost', 'value', 'money'))
    return 0
  if (has(topics, 'quantity', 'units', 'stock', 'sold', 'kind', 'other', 'shipping')) return 0
  if (has(topics, 'article code')) return 5
  if (has(topics, 'product')) {
    if (has(topics, 'code')) return 5
    if (has(topics, 'name')) return 2.5
    return reading.type === 'number' && !reading.isWhole ? 0 : 4
  }
  if (has(topics, 'sale', 'purchase', 'paid', 'created')) return 0
  if (has(topics, 'code')) return 3
  if (!has(topics, 'name')) return 0
  return /n[ao]m/i.test(name) ? 1 : 2
}

export function storeScore(topics: ReadonlySet<Topic>, { reading }: ColumnGuess): number {
  if (!has(topics, 'store') || has(topics, 'money', 'value', 'quantity', 'units')) return 0
  // What a store sells: `Outlet_Sales` names none.
  if (has(topics, 'sale') && !has(topics, 'code') && reading.type === 'number') return 0
  return has(
    topics,
    'kind',
    'person',
    'category',
    'product',
    'shipping',
    'stock',
    'other',
    'purchase',
  )
    ? 0
    : 3
}

export function quantityScore(topics: ReadonlySet<Topic>): number {
  if (isNoQuantity(topics)) return 0
  if (has(topics, 'quantity', 'units')) return has(topics, 'sold', 'sale') ? 4 : 3
  if (has(topics, 'money', 'value')) return 0
  if (has(topics, 'sold') || (has(topics, 'each') && has(topics, 'sale'))) return 3
  if (has(topics, 'demand')) return 2
  return has(topics, 'sale') && !has(topics, 'product', 'date') ? 1 : 0
}

/** Whether it is something else; a number of units is no number of an article. */
export function isNoQuantity(topics: ReadonlySet<Topic>): boolean {
  const isCounted = has(topics, 'quantity', 'units', 'sold')
  return [...topics].some((topic) => NEVER_QUANTITY.has(topic) && !(isCounted && topic === 'code'))
}

const NEVER_QUANTITY: ReadonlySet<Topic> = new Set([
  ...([
    'price',
    'cost',
    'stock',
    'returned',
    'instalment',
    'person',
    'code',
    'article code',
  ] as const),
  ...(['other', 'kind', 'shipping', 'store', 'expiry', 'planned'] as const),
])

export function nameScore(topics: ReadonlySet<Topic>): number {
  if (has(topics, 'person', 'store', 'category', 'code', 'article code', 'price')) return 0
  if (has(topics, 'sale', 'paid', 'kind', 'other', 'date')) return 0
  if (has(topics, 'money', 'value', 'cost', 'quantity', 'units', 'stock')) return 0
  if (has(topics, 'product')) return has(topics, 'name') ? 4 : 2
  return has(topics, 'name') ? 3 : 0
}

export function categoryScore(topics: ReadonlySet<Topic>): number {
  if (!has(topics, 'category') || has(topics, 'person', 'store', 'other', 'price', 'kind')) return 0
  if (has(topics, 'sub')) return 1
  return has(topics, 'code') ? 2 : 3
}

export function priceScore(topics: ReadonlySet<Topic>): number {
  if (has(topics, 'cost', 'money', 'other', 'shipping', 'name', 'code')) return 0
  if (has(topics, 'price')) return has(topics, 'each') ? 4 : 3
  return has(topics, 'value') && has(topics, 'each') ? 4 : 0
}

export function costScore(topics: ReadonlySet<Topic>): number {
  if (!has(topics, 'cost') || has(topics, 'money', 'other', 'shipping', 'code')) return 0
  return has(topics, 'each') ? 4 : 3
}

export function stockScore(topics: ReadonlySet<Topic>): number {
  return has(topics, 'stock') && !has(topics, 'code', 'other', 'value', 'sale') ? 3 : 0
}

/** The roles that change no units, in the order in which they choose. */
export const OPTIONAL: [Role, Score][] = [
  ['expiryDate', (topics) => (has(topics, 'expiry') ? 3 : 0)],
  [
    'purchaseDate',
    (topics) => (has(topics, 'purchase') && !has(topics, 'sale', 'shipping') ? 3 : 0),
  ],
  ['name', nameScore],
  ['category', categoryScore],
  ['price', priceScore],
  ['cost', costScore],
  ['stock', stockScore],
]

function has(topics: ReadonlySet<Topic>, ...any: Topic[]): boolean {
  return any.some((topic) => topics.has(topic))
}
