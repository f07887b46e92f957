import type { Day } from '../../base/day.ts'
import type { Contract } from '../contract/contract.ts'
import { type RuleId, rules } from '../contract/rules.ts'
import type { CellReader } from '../reading/cells.ts'
import { undated } from '../reading/finding-log.ts'
import type { Column } from '../reading/header.ts'
import { cellsOfOtherRows } from '../reading/line-ends.ts'
import type { BrokenRule } from '../reading/table-reading.ts'
import type { PlannedDays } from './plan.ts'
import { planCellReader } from './plan-cells.ts'
import type { PlanContract } from './plan-contract.ts'
import { type PlanRole, plannedRoles } from './plan-roles.ts'
import type { SoldBefore } from './sold-before.ts'

/** A row of the plan, read. */
export type PlanRow = {
  /** Undefined where the row is not to be believed. */
  planned: PlannedDays | undefined
  broken: BrokenRule[]
  /** The day on which it was known, or `undated`. */
  visibleDay: Day
}

/**
 * A function that reads a row of the plan. What it says about a row follows from that row, the
 * contract, `today`, and what had been sold when the row became known. `sold` is undefined where the
 * sales cannot be told.
 */
export function planRowChecker(options: {
  contract: Contract
  plan: PlanContract
  columns: Column<PlanRole>[]
  /** Cells that a row must have. */
  width: number
  today: Day
  sold: SoldBefore | undefined
}): (cells: string[], mayHoldLineEnds: boolean) => PlanRow {
  const { contract, plan, columns, width, today, sold } = options
  const texts: string[] = []
  const numberOf = new Map<string, number>()
  const intern = (text: string) => {
    const number = numberOf.get(text) ?? texts.push(text) - 1
    numberOf.set(text, number)
    return number
  }
  const { categories, plausibleDays } = contract
  const readers = columns.map(({ role, field, position }) => {
    const read = planCellReader({ role, field, plan, categories, plausibleDays, today, intern })
    return { role, position, read }
  })
  const positions = new Map(columns.map(({ role, position }) => [role, position]))
  const withRole = new Set(columns.flatMap(({ role, position }) => (role ? [position] : [])))
  return (cells, mayHoldLineEnds) => {
    if (cells.length !== width)
      return broken([{ rule: 'ragged-row', position: undefined }], undated)
    const found: Problem[] = []
    const { delimiter } = plan.resource.dialect
    const lineEnds = mayHoldLineEnds ? cellsOfOtherRows(cells, withRole, delimiter) : []
    for (const position of lineEnds) found.push({ rule: 'line-end-in-cell', position })
    const read = readCells(readers, cells, found)
    const row = said(read, texts)
    const knownOn = row.knownOn ?? dayKnown(row.from, plan)
    if (!found.some(isGrave)) found.push(...problemsOf({ ...row, knownOn }, plan, sold))
    const placed = found.map(({ rule, position, role }) => ({
      rule,
      position: position ?? positions.get(role),
    }))
    const day = knownOn ?? undated
    if (found.some(isGrave) || knownOn === undefined) return broken(placed, day)
    const planned = plannedDays(row, knownOn)
    const isOneRevision = plan.knownDaysBefore !== undefined
    return {
      ...broken(placed, day),
      planned: isOneRevision ? { ...planned, revision: 0 } : planned,
    }
  }
}

/** A rule that is broken, in a cell or in that of a role. */
type Problem = { rule: RuleId; position?: number | undefined; role?: PlanRole | undefined }

function isGrave({ rule }: Problem): boolean {
  return rules[rule].level === 'row'
}

function broken(
  problems: { rule: RuleId; position: number | undefined }[],
  visibleDay: Day,
): PlanRow {
  return {
    planned: undefined,
    broken: problems.map((problem) => ({ ...problem, day: visibleDay })),
    visibleDay,
  }
}

type Reader = { role: PlanRole | undefined; position: number; read: CellReader }

/** The value of each role that has one. */
function readCells(readers: Reader[], cells: string[], found: Problem[]): Map<PlanRole, number> {
  const values = new Map<PlanRole, number>()
  for (const { role, position, read } of readers) {
    const { value, rule } = read(cells[position])
    if (rule !== undefined) found.push({ rule, position })
    if (role !== undefined && !Number.isNaN(value)) values.set(role, value)
  }
  return values
}

/** What a row says; undefined where it says nothing. `promotion` is empty where it says that there is none. */
type Said = { [key in keyof PlannedDays]?: PlannedDays[key] | undefined }

function said(values: ReadonlyMap<PlanRole, number>, texts: readonly string[]): Said {
  const text = (role: PlanRole) => {
    const number = values.get(role)
    return number === undefined ? undefined : texts[number]
  }
  const truth = (role: PlanRole) => {
    const value = values.get(role)
    return value === undefined ? undefined : value === 1
  }
  return {
    productId: text('product'),
    category: text('category'),
    storeId: text('store'),
    from: values.get('from'),
    to: values.get('to') ?? values.get('from'),
    knownOn: values.get('knownOn'),
    price: values.get('price'),
    discount: values.get('discount'),
    promotion: text('promotion'),
    display: truth('display'),
    closed: truth('closed'),
  }
}

function dayKnown(from: Day | undefined, { knownDaysBefore }: PlanContract): Day | undefined {
  return from === undefined || knownDaysBefore === undefined ? undefined : from - knownDaysBefore
}

/** More than this in one row is no plan: a mistyped year, or the price of a list. */
const MOST_DAYS = 731

function problemsOf(row: Said, plan: PlanContract, sold: SoldBefore | undefined): Problem[] {
  const { from = Number.NaN, to = Number.NaN, knownOn = Number.NaN } = row
  const { productId, category, storeId, price, discount } = row
  const problems: Problem[] = []
  if (to < from) problems.push({ rule: 'plan-days-reversed', role: 'to' })
  if (to - from >= MOST_DAYS) problems.push({ rule: 'plan-days-many', role: 'to' })
  const says = plannedRoles.filter((role) => row[role] !== undefined)
  if (says.length === 0) problems.push({ rule: 'plan-says-nothing' })
  const isAboutAll = productId === undefined && category === undefined
  const tellsApart = plan.columns.has('product') || plan.columns.has('category')
  if (isAboutAll && tellsApart && says.some((role) => role !== 'closed')) {
    problems.push({ rule: 'plan-whom-missing' })
  }
  if (productId !== undefined) {
    if (category !== undefined && sold?.isElsewhere(productId, category, knownOn)) {
      problems.push({ rule: 'category-against-sales', role: 'category' })
    }
    if (price !== undefined && discount !== undefined) {
      const usual = sold?.usualPrice(productId, knownOn)
      if (isAgainst(price, discount, usual)) {
        problems.push({ rule: 'price-against-discount', role: 'price' })
      }
    }
  }
  if (knownOn > from) problems.push({ rule: 'known-late', role: 'knownOn' })
  const about = { product: productId, store: storeId, ...(!productId && { category }) }
  for (const role of ['product', 'category', 'store'] as const) {
    const id = about[role]
    if (id !== undefined && sold?.has(role, id) === false) {
      problems.push({ rule: 'plan-never-sold', role })
    }
  }
  return problems
}

/** The least that two prices differ by where they are not the same. */
const LEAST_DIFFERENCE = Math.log(1.1)

/**
 * Whether a price is not what the discount leaves of the usual one: further from it than half the way
 * between the two, such as the usual price itself.
 */
function isAgainst(price: number, discount: number, usual: number | undefined): boolean {
  if (discount === 0) return false
  if (discount === 1) return true
  if (usual === undefined) return false
  const reduced = usual * (1 - discount)
  const halfWay = Math.abs(Math.log(1 - discount)) / 2
  return Math.abs(Math.log(price / reduced)) > Math.max(halfWay, LEAST_DIFFERENCE)
}

/** That there is no promotion takes back what was planned before, as a discount of 0 does. */
function plannedDays(row: Said, knownOn: Day): PlannedDays {
  const { productId, category, storeId, from = knownOn, to = from, price, display, closed } = row
  const isCalledOff = row.promotion === '' && price === undefined
  const discount = row.discount ?? (isCalledOff ? 0 : undefined)
  return {
    ...(productId !== undefined && { productId }),
    ...(productId === undefined && category !== undefined && { category }),
    ...(storeId !== undefined && { storeId }),
    from,
    to,
    knownOn,
    ...(price !== undefined && { price }),
    ...(discount !== undefined && { discount }),
    ...(row.promotion && { promotion: row.promotion }),
    ...(display !== undefined && { display }),
    ...(closed !== undefined && { closed }),
  }
}
