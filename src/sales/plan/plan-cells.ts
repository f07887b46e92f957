import type { Day } from '../../base/day.ts'
import { type Field, fieldParser } from '../contract/field.ts'
import type { RuleId } from '../contract/rules.ts'
import {
  type CellReader,
  checkedCells,
  idReader,
  typeReader,
  unreadable,
} from '../reading/cells.ts'
import type { PlanContract } from './plan-contract.ts'
import type { PlanRole } from './plan-roles.ts'

export type PlanCellOptions = {
  role: PlanRole | undefined
  field: Field
  plan: PlanContract
  /** Every known spelling → category; undefined where categories are not listed. */
  categories: ReadonlyMap<string, string> | undefined
  /** The days that a date may be. */
  plausibleDays: { from: Day; to: Day }
  today: Day
  intern: (text: string) => number
}

/**
 * The reader of one column of the plan: amounts, days, 1 and 0 for yes and no, the numbers of interned
 * texts; NaN where a cell is empty or cannot be read.
 */
export function planCellReader(options: PlanCellOptions): CellReader {
  const { role, field, plan } = options
  return checkedCells({
    field,
    resource: plan.resource,
    whenEmpty: role && ruleWhenEmpty[role],
    isId: role === 'product' || role === 'store',
    read: role ? valueReader(role, options) : typeReader(field),
  })
}

const ruleWhenEmpty: { [role in PlanRole]?: RuleId } = {
  from: 'plan-days-missing',
  to: 'plan-days-missing',
  knownOn: 'known-day-missing',
}

function valueReader(role: PlanRole, options: PlanCellOptions): CellReader {
  const { field, intern, categories, today } = options
  if (role === 'from' || role === 'to') return dayReader(options)
  if (role === 'knownOn') {
    const read = dayReader(options)
    return (text) => {
      const { value, rule } = read(text)
      return { value, rule: rule ?? (value > today ? 'in-the-future' : undefined) }
    }
  }
  if (role === 'product' || role === 'store') return idReader(field, intern)
  if (role === 'category') {
    return (text) => ({ value: intern(categories?.get(text) ?? text), rule: undefined })
  }
  // That there is none is said as well.
  if (role === 'promotion') {
    return (text) => ({ value: intern(yesOrNo(text) === 0 ? '' : text), rule: undefined })
  }
  if (role === 'price') return priceReader(field)
  if (role === 'discount') return discountReader(field, options.plan)
  return (text) => {
    const value = yesOrNo(text)
    return value === undefined ? unreadable('yes-or-no-unreadable') : { value, rule: undefined }
  }
}

function dayReader({ field, plausibleDays }: PlanCellOptions): CellReader {
  const parse = fieldParser(field)
  return (text) => {
    const value = parse?.(text)
    if (value === undefined) return unreadable('date-unreadable')
    const isPlausible = value >= plausibleDays.from && value <= plausibleDays.to
    return isPlausible ? { value, rule: undefined } : unreadable('date-implausible')
  }
}

function priceReader(field: Field): CellReader {
  const parse = fieldParser(field)
  return (text) => {
    const value = parse?.(text)
    if (value === undefined) return unreadable('number-unreadable')
    return value > 0 ? { value, rule: undefined } : unreadable('price-not-positive')
  }
}

/**
 * As a share of the price. 20% is one; 20 and 0.2 are what the contract says that discounts are, and
 * nothing where it does not: of 1 nobody could tell. No currency, which would be an amount of money.
 */
function discountReader(field: Field, { discounts }: PlanContract): CellReader {
  const parse = fieldParser({ ...field, bareNumber: true })
  return (text) => {
    const [, number, sign] = /^(.*?)\s*(%?)$/su.exec(text) ?? []
    const value = parse?.(number)
    if (value === undefined) return unreadable('number-unreadable')
    const unit = sign === '%' ? 'sign' : discounts
    if (value === 0) return { value: 0, rule: undefined }
    // Among whole percents 0.2 is a share that somebody mistook.
    if (unit === undefined || (unit === 'percent' && value > 0 && value < 1)) {
      return unreadable('discount-unclear')
    }
    const share = unit === 'share' ? value : value / 100
    const isShare = share > 0 && share <= 1
    return isShare ? { value: share, rule: undefined } : unreadable('discount-out-of-range')
  }
}

function yesOrNo(text: string): number | undefined {
  return answers.get(text.toLowerCase())
}

const answers: ReadonlyMap<string, number> = new Map([
  ...['true', '1', 'yes', 'y', 'sim', 's', 'x', 'verdadeiro'].map((text) => [text, 1] as const),
  ...['false', '0', 'no', 'n', 'não', 'nao', 'falso'].map((text) => [text, 0] as const),
])
