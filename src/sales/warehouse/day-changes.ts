import type { Day } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import type { Layout } from './layout.ts'
import type { Source } from './source.ts'

/** What the rows of a day add up to. */
export type DaySums = {
  rows: number
  /** Net: returns are negative. */
  units: number
  /** Money; 0 where no column tells any. */
  value: number
}

/** What an answer says of a day that was asked for, beside what the files said of it. */
export type DayChange = {
  day: Day
  change: 'new' | 'revised' | 'unchanged' | 'removed'
  before: DaySums
  now: DaySums
  /** Of a day that was revised: the series that had rows, and those of them that still have some. */
  series: { before: number; kept: number }
}

export const nothing: DaySums = { rows: 0, units: 0, value: 0 }

/**
 * The sums of a day's lines, in their order; `stores` gets those that have any. Throws a `UserError`
 * where the rows are totals and two are of the same series: added up they would count twice what may
 * be there once.
 */
export function daySums(
  lines: readonly string[],
  { cells, positions }: Layout,
  rows: Source['rows'],
  stores?: Set<string>,
): DaySums {
  const at = (role: Parameters<typeof positions.get>[0]) => positions.get(role) ?? -1
  const [product, store, quantity, value, price] = [
    at('product'),
    at('store'),
    at('quantity'),
    at('value'),
    at('price'),
  ]
  const seen = rows === 'day totals' ? new Set<string>() : undefined
  const sums = { ...nothing }
  for (const line of lines) {
    const row = cells(line)
    const units = quantity < 0 ? 1 : amount(row[quantity])
    sums.rows++
    if (store >= 0) stores?.add(row[store])
    sums.units += units
    sums.value += value >= 0 ? amount(row[value]) : price >= 0 ? amount(row[price]) * units : 0
    if (seen === undefined) continue
    const series = seriesOf(row, product, store)
    if (seen.has(series)) throw repeated(row, at('saleDate'), product, store)
    seen.add(series)
  }
  return sums
}

/** How many series of a day's lines before are in those that came. */
export function seriesKept(
  before: readonly string[],
  now: readonly string[],
  { cells, positions }: Layout,
): DayChange['series'] {
  const [product, store] = [positions.get('product') ?? -1, positions.get('store') ?? -1]
  const seriesIn = (lines: readonly string[]) =>
    new Set(lines.map((line) => seriesOf(cells(line), product, store)))
  const [were, are] = [seriesIn(before), seriesIn(now)]
  return { before: were.size, kept: [...were].filter((series) => are.has(series)).length }
}

function seriesOf(row: readonly string[], product: number, store: number): string {
  return store < 0 ? row[product] : `${row[product]}\n${row[store]}`
}

/** What is no number is quarantined when it is read, and counts as none here. */
function amount(cell: string): number {
  const value = Number(cell)
  return Number.isFinite(value) ? value : 0
}

function repeated(row: string[], day: number, product: number, store: number): UserError {
  const series = store < 0 ? row[product] : `${row[product]} in ${row[store]}`
  return new UserError(`${row[day]} has more than one row of ${series}`, {
    key: 'the answer to cd4ml.source',
    remedy:
      'A day total is one row a series: does a join double them, or is a group by missing? Where each row is a sale, write "rows": "sales" into cd4ml.source.',
  })
}
