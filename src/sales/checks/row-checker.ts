import type { Day } from '../../base/day.ts'
import type { Contract } from '../contract/contract.ts'
import type { Resource } from '../contract/resource.ts'
import type { Role } from '../contract/roles.ts'
import { type RuleId, rules } from '../contract/rules.ts'
import { type CellReader, cellReader } from '../reading/cells.ts'
import { undated } from '../reading/finding-log.ts'
import type { Column } from '../reading/header.ts'
import { cellsOfOtherRows } from '../reading/line-ends.ts'
import type { BrokenRule } from '../reading/table-reading.ts'

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
  /** Of all units of the row. */
  value: number
  /** Units that came into the stock on the day of the sale; NaN where the file has no such column. */
  delivered: number
  saleDay: Day
  purchaseDay: Day
  expiryDay: Day
  /** The rules that it breaks. Empty for almost every row. */
  broken: Broken[]
  /** Whether its purchase, where it is one, and its sale are to be believed. */
  isPurchaseSound: boolean
  isSaleSound: boolean
  /** Whether it was sold, but on a day that cannot be told. (One that is yet to come can.) */
  isSaleUndated: boolean
  /** The day on which the row became known, or `undated`. */
  visibleDay: Day
  /** The day on which it became known that the row is quarantined, or `undated`; NaN where it is not. */
  quarantineDay: Day
}

/** A rule that a row breaks, in what was known with its purchase or with its sale. */
export type Broken = BrokenRule & { isOfSale: boolean }

/**
 * A function that reads a row of a file with these columns. What it says about a row follows from
 * that row, the contract and `today` alone. It fills the same object anew for each row.
 *
 * A row with a purchase date tells of two days. What was known when the unit was bought (product,
 * store, quantity, purchase and expiry date) is judged by itself, and everything else with the sale:
 * so that a mistake that came with a sale takes nothing with it that was known before.
 */
export function rowChecker(options: {
  contract: Contract
  resource: Resource
  columns: Column<Role>[]
  /** Cells that a row must have. */
  width: number
  today: Day
  intern: (text: string) => number
}): (cells: string[], mayHoldLineEnds: boolean) => Row {
  const { contract, resource, columns, width, today } = options
  const readers = columnReaders(options)
  const positions = new Map(columns.map(({ role, position }) => [role, position]))
  const withRole = new Set(columns.flatMap(({ role, position }) => (role ? [position] : [])))
  const row = emptyRow()
  return (cells, mayHoldLineEnds) => {
    row.isPurchaseSound = true
    row.isSaleSound = true
    row.isSaleUndated = false
    if (row.broken.length > 0) row.broken = []
    if (cells.length !== width) {
      breakRule(row, 'ragged-row', undefined, false)
      row.visibleDay = undated
      row.quarantineDay = undated
      return row
    }
    for (const { key, position, isOfSale, read } of readers) {
      const { value, rule } = read(cells[position])
      if (key !== undefined) row[key] = value
      if (rule !== undefined) breakRule(row, rule, position, isOfSale)
    }
    if (mayHoldLineEnds) {
      for (const position of cellsOfOtherRows(cells, withRole, resource.dialect.delimiter)) {
        breakRule(row, 'line-end-in-cell', position, false)
      }
    }
    if (positions.has('delivered') && Number.isNaN(row.delivered)) row.delivered = 0
    if (positions.has('value')) row.price = row.quantity > 0 ? row.value / row.quantity : Number.NaN
    checkDates(row, positions)
    checkAmounts(row, positions, contract.costAbovePrice)
    dateRow(row, today, positions.get('saleDate'))
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
  value: 'value',
  delivered: 'delivered',
  saleDate: 'saleDay',
  purchaseDate: 'purchaseDay',
  expiryDate: 'expiryDay',
} as const satisfies { [role in Role]: keyof Row }

const knownAtPurchase: (Role | undefined)[] = [
  'product',
  'store',
  'quantity',
  'purchaseDate',
  'expiryDate',
]

type ColumnReader = {
  key: (typeof keyOfRole)[Role] | undefined
  position: number
  isOfSale: boolean
  read: CellReader
}

function columnReaders(options: Parameters<typeof rowChecker>[0]): ColumnReader[] {
  return options.columns.flatMap(({ role, field, position }) => {
    const read = cellReader({ ...options, role, field })
    const key = role && keyOfRole[role]
    return read ? [{ key, position, isOfSale: !knownAtPurchase.includes(role), read }] : []
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
    value: Number.NaN,
    delivered: Number.NaN,
    saleDay: Number.NaN,
    purchaseDay: Number.NaN,
    expiryDay: Number.NaN,
    broken: [],
    isPurchaseSound: true,
    isSaleSound: true,
    isSaleUndated: false,
    visibleDay: undated,
    quarantineDay: undated,
  }
}

function breakRule(row: Row, rule: RuleId, position: number | undefined, isOfSale: boolean): void {
  row.broken.push({ rule, position, isOfSale, day: undated })
  if (rules[rule].level !== 'row') return
  row.isSaleSound = false
  if (!isOfSale) row.isPurchaseSound = false
}

type Positions = ReadonlyMap<Role | undefined, number>

// Comparisons with NaN, a date that is not there, are false.
function checkDates(row: Row, positions: Positions): void {
  const { saleDay, purchaseDay, expiryDay, quantity } = row
  const sale = positions.get('saleDate')
  const purchase = positions.get('purchaseDate')
  const isBroken = row.broken.some(({ position }) => position === sale || position === purchase)
  const mayBeStock = !(quantity <= 0)
  if (!isBroken && Number.isNaN(saleDay) && (Number.isNaN(purchaseDay) || !mayBeStock)) {
    breakRule(row, 'sale-date-missing', sale, true)
  } else if (!isBroken && Number.isNaN(purchaseDay) && purchase !== undefined && mayBeStock) {
    breakRule(row, 'purchase-date-missing', purchase, false)
  }
  if (saleDay < purchaseDay) breakRule(row, 'sold-before-purchase', sale, true)
  if (expiryDay < purchaseDay) {
    breakRule(row, 'expired-before-purchase', positions.get('expiryDate'), false)
  }
  if (saleDay > expiryDay && mayBeStock) breakRule(row, 'sold-after-expiry', sale, true)
}

function checkAmounts(row: Row, positions: Positions, costAbovePrice: number): void {
  const price = positions.get('price') ?? positions.get('value')
  if (row.price === 0 && row.quantity === 0) {
    breakRule(row, 'price-missing', price, true)
    row.price = Number.NaN
  }
  if (row.price <= 0) breakRule(row, 'price-not-positive', price, true)
  else if (row.cost > row.price * costAbovePrice) {
    breakRule(row, 'cost-above-price', positions.get('cost'), true)
  }
}

/** Says from when on the row, its quarantine and each broken rule are known. */
function dateRow(row: Row, today: Day, salePosition: number | undefined): void {
  const { saleDay, purchaseDay, quantity, isPurchaseSound, isSaleSound } = row
  const isPurchase = isPurchaseSound && quantity > 0 && !Number.isNaN(purchaseDay)
  if (isPurchase) {
    row.visibleDay = purchaseDay
    const sold = saleDay >= purchaseDay ? Math.min(saleDay, today) : undated
    row.quarantineDay = isSaleSound ? Number.NaN : sold
    row.isSaleUndated =
      !isSaleSound && (saleDay < purchaseDay || row.broken.some(isUnreadable(salePosition)))
    for (const broken of row.broken) {
      const isKnownLater =
        broken.isOfSale && (sold !== undated || rules[broken.rule].level === 'row')
      broken.day = isKnownLater ? sold : purchaseDay
    }
    return
  }
  row.visibleDay = isSaleSound ? saleDay : latestReadableDay(row, today)
  row.quarantineDay = isSaleSound ? Number.NaN : row.visibleDay
  for (const broken of row.broken) broken.day = row.visibleDay
}

function isUnreadable(at: number | undefined) {
  return ({ rule, position }: Broken) =>
    position === at && ['date-unreadable', 'date-implausible', 'sentinel'].includes(rule)
}

function latestReadableDay({ saleDay, purchaseDay }: Row, today: Day): Day {
  if (Number.isNaN(saleDay)) {
    return Number.isNaN(purchaseDay) ? undated : Math.min(purchaseDay, today)
  }
  return Math.min(Number.isNaN(purchaseDay) ? saleDay : Math.max(saleDay, purchaseDay), today)
}
