import type { Day } from '../day.ts'
import type { Constraints, Contract, Field, Resource } from './contract.ts'
import { dateParser } from './date-format.ts'
import { numberParser } from './number-format.ts'
import type { Role } from './roles.ts'
import type { RuleId } from './rules.ts'

/** What a cell means by itself: a number, a day, or the number of an interned text. */
export type Cell = {
  /** NaN where the cell is empty or cannot be read. */
  value: number
  rule: RuleId | undefined
}

/** Text → cell. Texts repeat, so each is worked out once. */
export type CellReader = (text: string) => Cell

/**
 * The reader of one column: what its field in the contract and its role say about a cell, whatever
 * the rest of the row holds. `intern` numbers texts.
 */
export function cellReader(options: {
  role: Role
  field: Field
  resource: Resource
  contract: Contract
  today: Day
  intern: (text: string) => number
}): CellReader {
  const { role, field, resource, contract } = options
  const missing = new Set(resource.missingValues)
  const sentinels = contract.sentinels.get(role)
  const read = valueReader(options)
  const isAllowed = constraintCheck(field)
  const emptyRule = field.constraints.required ? 'required-missing' : ruleWhenEmpty[role]
  return memoized((text) => {
    const trimmed = text.trim()
    if (missing.has(trimmed) || missing.has(text)) return { value: Number.NaN, rule: emptyRule }
    if (sentinels?.has(trimmed)) return { value: Number.NaN, rule: 'sentinel' }
    const cell = read(trimmed)
    const id = role === 'product' || role === 'store'
    if (cell.rule === undefined && id && trimmed !== text) cell.rule = 'spaces-around-id'
    if (!Number.isNaN(cell.value) && !isAllowed(trimmed)) cell.rule = 'constraint'
    return cell
  })
}

const ruleWhenEmpty: { [role in Role]: RuleId | undefined } = {
  product: 'product-missing',
  store: 'store-missing',
  quantity: 'quantity-missing',
  name: 'name-missing',
  category: 'category-missing',
  price: 'price-missing',
  cost: 'cost-missing',
  stock: 'stock-unusable',
  // Whether these may be empty depends on each other; an empty expiry date means that none is set.
  saleDate: undefined,
  purchaseDate: undefined,
  expiryDate: undefined,
}

type ValueOptions = Parameters<typeof cellReader>[0]

function valueReader({ role, field, contract, today, intern }: ValueOptions): CellReader {
  if (role === 'saleDate' || role === 'purchaseDate') return dateReader(field, today)
  if (role === 'expiryDate') return dateReader(field, Number.POSITIVE_INFINITY)
  if (role === 'product' || role === 'store') return idReader(field, intern)
  if (role === 'category' && contract.categories) return categoryReader(contract.categories, intern)
  if (role === 'name' || role === 'category') {
    return (text) => ({ value: intern(text), rule: undefined })
  }
  const parse = parserOf(field)
  return (text) => {
    const value = parse(text)
    if (value === undefined) return unreadable('number-unreadable')
    if (role === 'stock' && value < 0) return { value: Number.NaN, rule: 'stock-unusable' }
    if (role === 'cost' && value < 0) return { value, rule: 'cost-negative' }
    if (role === 'cost' && value === 0) return { value: Number.NaN, rule: 'cost-missing' }
    return { value, rule: undefined }
  }
}

function dateReader(field: Field, latest: Day): CellReader {
  const parse = parserOf(field)
  return (text) => {
    const value = parse(text)
    if (value === undefined) return unreadable('date-unreadable')
    return { value, rule: value > latest ? 'in-the-future' : undefined }
  }
}

function idReader(field: Field, intern: (text: string) => number): CellReader {
  const isInteger = field.type === 'integer' ? parserOf(field) : undefined
  return (text) => {
    if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text) || text.length > 200) {
      return unreadable('id-unusable')
    }
    if (isInteger && isInteger(text) === undefined) return unreadable('number-unreadable')
    return { value: intern(text), rule: undefined }
  }
}

function categoryReader(
  categories: ReadonlyMap<string, string>,
  intern: (text: string) => number,
): CellReader {
  return (text) => {
    const category = categories.get(text)
    if (category === undefined) return unreadable('category-unknown')
    return { value: intern(category), rule: category === text ? undefined : 'category-spelling' }
  }
}

function unreadable(rule: RuleId): Cell {
  return { value: Number.NaN, rule }
}

function parserOf({ type, format, decimalChar, groupChar, bareNumber }: Field) {
  if (type === 'date' || type === 'datetime') return dateParser(type, format)
  return numberParser({ decimalChar, groupChar, bareNumber, integer: type === 'integer' })
}

/** Minimum and maximum are compared as numbers or days, everything else as text. */
function constraintCheck(field: Field): (text: string) => boolean {
  const { minimum, maximum, minLength = 0, maxLength = Infinity, pattern } = field.constraints
  const isText = ['string', 'any'].includes(field.type)
  const parse = isText ? () => undefined : parserOf(field)
  const limit = (value: Constraints['minimum'], otherwise: number) =>
    typeof value === 'string' ? (parse(value) ?? otherwise) : (value ?? otherwise)
  const lowest = limit(minimum, Number.NEGATIVE_INFINITY)
  const highest = limit(maximum, Number.POSITIVE_INFINITY)
  const regex = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u')
  const allowed = field.constraints.enum && new Set(field.constraints.enum.map(String))
  return (text) => {
    const value = parse(text)
    return (
      (value === undefined || (value >= lowest && value <= highest)) &&
      text.length >= minLength &&
      text.length <= maxLength &&
      (regex === undefined || regex.test(text)) &&
      (allowed === undefined || allowed.has(text))
    )
  }
}

/** Bounded, so that a column without repetition does not fill the memory. */
function memoized(read: CellReader): CellReader {
  const known = new Map<string, Cell>()
  return (text) => {
    let cell = known.get(text)
    if (cell === undefined) {
      cell = read(text)
      if (known.size >= 20_000) known.clear()
      known.set(text, cell)
    }
    return cell
  }
}
