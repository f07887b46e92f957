import type { Day } from '../day.ts'
import { type CellReader, cellReader } from './cells.ts'
import type { Contract, Resource } from './contract.ts'
import { undated } from './finding-log.ts'
import type { Role } from './roles.ts'
import { type RuleId, rules } from './rules.ts'

/** A row of a sales file, read. */
export type Row = {
  /** Numbers of interned texts. Here and below, NaN where there is none. */
  product: number
  store: number
  name: number
  category: number
  /** 1 where the file has no quantities. */
  quantity: number
  price: number
  cost: number
  stock: number
  saleDay: Day
  purchaseDay: Day
  expiryDay: Day
  /** The rules that it breaks, and the column. Empty for almost every row. */
  broken: { rule: RuleId; role: Role | undefined }[]
  isQuarantined: boolean
  /** The day on which the row became known, or `undated`. */
  visibleDay: Day
}

/**
 * A function that reads a row of a file whose columns stand at `positions`. What it says about a row
 * follows from that row, the contract and `today` alone, so that cutting the data at a day changes
 * no judgement. It fills the same object anew for each row.
 */
export function rowChecker(options: {
  contract: Contract
  resource: Resource
  /** Where each role stands in the file; absent: the file has no such column. */
  positions: ReadonlyMap<Role, number>
  /** Cells that a row must have. */
  width: number
  today: Day
  intern: (text: string) => number
}): (cells: string[]) => Row {
  const { contract, positions, width, today } = options
  const readers = columnReaders(options)
  const row = emptyRow()
  return (cells) => {
    row.isQuarantined = false
    if (row.broken.length > 0) row.broken = []
    if (cells.length !== width) {
      breakRule(row, 'ragged-row')
      row.visibleDay = undated
      return row
    }
    for (const { role, key, position, read } of readers) {
      const { value, rule } = read(cells[position])
      row[key] = value
      if (rule !== undefined) breakRule(row, rule, role)
    }
    checkDates(row, positions.has('purchaseDate'))
    checkAmounts(row, contract.costAbovePrice)
    row.visibleDay = row.isQuarantined ? latestReadableDay(row, today) : firstEventDay(row)
    return row
  }
}

const keyOfRole = {
  product: 'product',
  store: 'store',
  name: 'name',
  category: 'category',
  quantity: 'quantity',
  price: 'price',
  cost: 'cost',
  stock: 'stock',
  saleDate: 'saleDay',
  purchaseDate: 'purchaseDay',
  expiryDate: 'expiryDay',
} as const satisfies { [role in Role]: keyof Row }

type ColumnReader = {
  role: Role
  key: (typeof keyOfRole)[Role]
  position: number
  read: CellReader
}

function columnReaders(options: Parameters<typeof rowChecker>[0]): ColumnReader[] {
  const { contract, resource, positions } = options
  return [...positions].flatMap(([role, position]) => {
    const header = contract.columns.get(role)
    const field = resource.fields.find(({ name }) => name === header)
    if (field === undefined) return []
    const read = cellReader({ ...options, role, field })
    return [{ role, key: keyOfRole[role], position, read }]
  })
}

function emptyRow(): Row {
  return {
    product: Number.NaN,
    store: Number.NaN,
    name: Number.NaN,
    category: Number.NaN,
    quantity: 1,
    price: Number.NaN,
    cost: Number.NaN,
    stock: Number.NaN,
    saleDay: Number.NaN,
    purchaseDay: Number.NaN,
    expiryDay: Number.NaN,
    broken: [],
    isQuarantined: false,
    visibleDay: undated,
  }
}

function breakRule(row: Row, rule: RuleId, role?: Role): void {
  row.broken.push({ rule, role })
  if (rules[rule].level === 'row') row.isQuarantined = true
}

// Comparisons with NaN, a date that is not there, are false.
function checkDates(row: Row, hasPurchaseDates: boolean): void {
  const { saleDay, purchaseDay, expiryDay, quantity } = row
  const isBroken = row.broken.some(({ role }) => role === 'saleDate' || role === 'purchaseDate')
  const mayBeStock = !(quantity <= 0)
  if (!isBroken && Number.isNaN(saleDay) && !(purchaseDay <= Infinity && mayBeStock)) {
    breakRule(row, 'sale-date-missing', 'saleDate')
  } else if (!isBroken && Number.isNaN(purchaseDay) && hasPurchaseDates && mayBeStock) {
    breakRule(row, 'purchase-date-missing', 'purchaseDate')
  }
  if (saleDay < purchaseDay) breakRule(row, 'sold-before-purchase', 'saleDate')
  if (expiryDay < purchaseDay) breakRule(row, 'expired-before-purchase', 'expiryDate')
  if (saleDay > expiryDay && mayBeStock) breakRule(row, 'sold-after-expiry', 'saleDate')
}

function checkAmounts(row: Row, costAbovePrice: number): void {
  if (row.price === 0 && row.quantity === 0) {
    breakRule(row, 'price-missing', 'price')
    row.price = Number.NaN
  }
  if (row.price <= 0) breakRule(row, 'price-not-positive', 'price')
  else if (row.cost > row.price * costAbovePrice) breakRule(row, 'cost-above-price', 'cost')
}

function latestReadableDay({ saleDay, purchaseDay }: Row, today: Day): Day {
  if (Number.isNaN(saleDay))
    return Number.isNaN(purchaseDay) ? undated : Math.min(purchaseDay, today)
  return Math.min(Number.isNaN(purchaseDay) ? saleDay : Math.max(saleDay, purchaseDay), today)
}

/** A unit is known from the day on which it was bought; a return, from the day it came back. */
function firstEventDay({ saleDay, purchaseDay, quantity }: Row): Day {
  return quantity > 0 && !Number.isNaN(purchaseDay) ? purchaseDay : saleDay
}
