import type { Day } from '../base/day.ts'
import { float64s } from '../base/memory.ts'
import { remembered } from '../base/remembered.ts'
import { type Plan, type PlannedDays, revisionOf } from '../sales/plan/plan.ts'

/**
 * What was planned, as far as it was known on the day of a panel: one element a row, in the order in
 * which they became known. Threads share its memory.
 */
export type PanelPlan = {
  /** What `product`, `category`, `store` and `kind` count: −1 where a row names none. */
  names: string[]
  product: Float64Array
  category: Float64Array
  store: Float64Array
  kind: Float64Array
  from: Float64Array
  to: Float64Array
  knownOn: Float64Array
  revision: Float64Array
  /** NaN where a row does not say. */
  price: Float64Array
  discount: Float64Array
  /** 1 or 0; NaN where a row does not say. */
  display: Float64Array
  closed: Float64Array
  /** Whether models learn from the prices that came, and not from those that were planned. */
  actualPrices: boolean
  /**
   * n × so many periods after the panel: the prices that came there, as far as they are known by
   * now, where those stand for plans that nobody kept.
   */
  comingPrices?: Float64Array
  /** Of days after this one nothing is planned: to see what a plan adds. */
  through?: Day
}

/** All of a plan that was known on a day; without one, all. Undefined where nothing was. */
export function planOn(plan: Plan, day: Day = Number.POSITIVE_INFINITY): PanelPlan | undefined {
  const all = remembered(encodedPlans, plan, () => encoded(plan))
  const count = firstKnownAfter(all.knownOn, day)
  if (count === 0 && !all.actualPrices) return undefined
  const known = Object.entries(all).map(([key, value]) =>
    value instanceof Float64Array ? [key, value.subarray(0, count)] : [key, value],
  )
  return Object.fromEntries(known) as PanelPlan
}

/** A plan is read once, and known on many days. */
const encodedPlans = new WeakMap<Plan, PanelPlan>()

function encoded({ rows, prices }: Plan): PanelPlan {
  const sorted = rows.toSorted((a, b) => a.knownOn - b.knownOn)
  const index = new Map<string, number>()
  const indexOf = (name: string | undefined) =>
    name === undefined ? -1 : remembered(index, name, () => index.size)
  const column = (value: (row: PlannedDays) => number | undefined) => {
    const values = float64s(sorted.length)
    for (const [row, it] of sorted.entries()) values[row] = value(it) ?? Number.NaN
    return values
  }
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value))
  return {
    product: column(({ productId }) => indexOf(productId)),
    category: column(({ category }) => indexOf(category)),
    store: column(({ storeId }) => indexOf(storeId)),
    kind: column(({ promotion }) => indexOf(promotion)),
    names: [...index.keys()],
    from: column(({ from }) => from),
    to: column(({ to }) => to),
    knownOn: column(({ knownOn }) => knownOn),
    revision: column(revisionOf),
    price: column(({ price }) => price),
    discount: column(({ discount }) => discount),
    display: column(({ display }) => flag(display)),
    closed: column(({ closed }) => flag(closed)),
    actualPrices: prices === 'actual',
  }
}

/** A plan with one row more, known last. */
export function planWith(plan: PanelPlan | undefined, row: PlannedDays): PanelPlan {
  const added = encoded({ rows: [row], prices: 'planned' })
  if (!plan) return added
  const names = [...new Set([...plan.names, ...added.names])]
  const codeOf = (code: number) => (code < 0 ? code : names.indexOf(added.names[code]))
  const withLast = (name: Column, value = added[name][0]) => {
    const column = new Float64Array(plan[name].length + 1)
    column.set(plan[name])
    column[plan[name].length] = value
    return column
  }
  return {
    ...plan,
    names,
    product: withLast('product', codeOf(added.product[0])),
    category: withLast('category', codeOf(added.category[0])),
    store: withLast('store', codeOf(added.store[0])),
    kind: withLast('kind', codeOf(added.kind[0])),
    from: withLast('from'),
    to: withLast('to'),
    knownOn: withLast('knownOn'),
    revision: withLast('revision'),
    price: withLast('price'),
    discount: withLast('discount'),
    display: withLast('display'),
    closed: withLast('closed'),
  }
}

type Column = {
  [K in keyof PanelPlan]: PanelPlan[K] extends Float64Array ? K : never
}[keyof PanelPlan] &
  string

function firstKnownAfter(knownOn: Float64Array, day: Day): number {
  const first = knownOn.findIndex((known) => known > day)
  return first < 0 ? knownOn.length : first
}
