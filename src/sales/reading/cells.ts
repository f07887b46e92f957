import type { Day } from '../../base/day.ts'
import { BoundedMap, remembered } from '../../base/remembered.ts'
import type { Contract } from '../contract/contract.ts'
import type { Field } from '../contract/field.ts'
import { constraintCheck, fieldParser } from '../contract/field.ts'
import type { Resource } from '../contract/resource.ts'
import type { Role } from '../contract/roles.ts'
import { type RuleId, rules } from '../contract/rules.ts'
import { dayOfWeeklyTotal } from '../totals/weekly-totals.ts'

/** What a cell means by itself: a number, a day, or the number of an interned text. */
export type Cell = {
  /** NaN where the cell is empty or cannot be read. */
  value: number
  rule: RuleId | undefined
}

/** Text → cell. Texts repeat, so each is worked out once. */
export type CellReader = (text: string) => Cell

/**
 * The reader of one column: what its field in the contract and its role, if it has one, say about a
 * cell, whatever the rest of the row holds. `intern` numbers texts. Undefined for a column of which
 * nothing is asked.
 */
export function cellReader(options: CellOptions): CellReader | undefined {
  const { role, field, resource, contract } = options
  const { required, ...others } = field.constraints
  const parse = fieldParser(field)
  if (!role && !parse && !required && Object.keys(others).length === 0) return undefined
  const sentinels = role && contract.sentinels.get(role)
  const leftOut = role && contract.leftOut.get(role)
  return checkedCells({
    field,
    resource,
    whenEmpty: role && ruleWhenEmpty[role],
    unusable: (text) => {
      if (sentinels?.has(text)) return 'sentinel'
      return leftOut?.has(text) ? 'left-out' : undefined
    },
    isId: role === 'product' || role === 'store',
    read: role ? valueReader(role, options) : typeReader(field),
  })
}

/** The reader of a column whose cells, without spaces around them, `read` reads: what its field says besides. */
export function checkedCells(options: {
  field: Field
  resource: Resource
  /** The rule that an empty cell breaks. */
  whenEmpty: RuleId | undefined
  /** The rule that a text breaks whatever it means. */
  unusable?: (text: string) => RuleId | undefined
  isId: boolean
  read: CellReader
}): CellReader {
  const { field, resource, unusable, isId, read } = options
  const missing = new Set(resource.missingValues)
  const isAllowed = constraintCheck(field)
  const whenEmpty = field.constraints.required ? 'required-missing' : options.whenEmpty
  return memoized((text) => {
    const trimmed = text.trim()
    if (missing.has(trimmed) || missing.has(text)) return { value: Number.NaN, rule: whenEmpty }
    const rule = unusable?.(trimmed)
    if (rule !== undefined) return { value: Number.NaN, rule }
    const cell = read(trimmed)
    if (cell.rule === undefined && isId && trimmed !== text) cell.rule = 'spaces-around-id'
    const isReadable = cell.rule === undefined || rules[cell.rule].level !== 'row'
    if (isReadable && !isAllowed(trimmed)) cell.rule = 'constraint'
    return cell
  })
}

export type CellOptions = {
  role: Role | undefined
  field: Field
  resource: Resource
  contract: Contract
  today: Day
  intern: (text: string) => number
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
  value: 'price-missing',
  // Of a day on which nothing came, a sum of deliveries says nothing.
  delivered: undefined,
  // Whether these may be empty depends on each other; an empty expiry date means that none is set.
  saleDate: undefined,
  purchaseDate: undefined,
  expiryDate: undefined,
}

function valueReader(role: Role, { field, contract, today, intern }: CellOptions): CellReader {
  if (role === 'saleDate') return saleDayReader(field, contract, today)
  if (role === 'purchaseDate') return dayReader(field, contract, today)
  if (role === 'expiryDate') return expiryReader(field, contract)
  if (role === 'product' || role === 'store') return idReader(field, intern)
  if (role === 'category' && contract.categories) return categoryReader(contract.categories, intern)
  if (role === 'name' || role === 'category') {
    return (text) => ({ value: intern(text), rule: undefined })
  }
  const parse = fieldParser(field)
  return (text) => {
    const value = parse?.(text)
    if (value === undefined) return unreadable('number-unreadable')
    if (role === 'stock' && value < 0) return { value: Number.NaN, rule: 'stock-unusable' }
    if (role === 'delivered' && value < 0) return { value: 0, rule: 'delivered-negative' }
    if (role === 'cost' && value < 0) return { value, rule: 'cost-negative' }
    if (role === 'cost' && value === 0) return { value: Number.NaN, rule: 'cost-missing' }
    return { value, rule: undefined }
  }
}

/** Of a column without a role only the type counts; its values are not used. */
export function typeReader(field: Field): CellReader {
  const parse = fieldParser(field)
  return (text) =>
    parse === undefined || parse(text) !== undefined
      ? { value: 0, rule: undefined }
      : unreadable('type-wrong')
}

/** A total of a week counts on a day of the ISO week that holds most of it. */
function saleDayReader(field: Field, contract: Contract, today: Day): CellReader {
  const read = dayReader(field, contract, today)
  const { weeklyTotals } = contract
  if (weeklyTotals === undefined) return read
  return (text) => {
    const { value, rule } = read(text)
    return { value: dayOfWeeklyTotal(value, weeklyTotals), rule }
  }
}

/** Of a sale or a purchase. */
function dayReader(field: Field, { plausibleDays }: Contract, today: Day): CellReader {
  const parse = fieldParser(field)
  return (text) => {
    const value = parse?.(text)
    if (value === undefined) return unreadable('date-unreadable')
    if (value < plausibleDays.from || value > plausibleDays.to)
      return unreadable('date-implausible')
    return { value, rule: value > today ? 'in-the-future' : undefined }
  }
}

/** What expires later than anybody plans does not expire. */
function expiryReader(field: Field, { plausibleDays }: Contract): CellReader {
  const parse = fieldParser(field)
  return (text) => {
    const value = parse?.(text)
    if (value === undefined) return unreadable('date-unreadable')
    if (value < plausibleDays.from) return unreadable('date-implausible')
    if (value > plausibleDays.to) return unreadable('expiry-far')
    return { value, rule: undefined }
  }
}

export function idReader(field: Field, intern: (text: string) => number): CellReader {
  const isInteger = fieldParser(field)
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

export function unreadable(rule: RuleId): Cell {
  return { value: Number.NaN, rule }
}

function memoized(read: CellReader): CellReader {
  const known = new BoundedMap<string, Cell>(20_000)
  return (text) => remembered(known, text, () => read(text))
}
