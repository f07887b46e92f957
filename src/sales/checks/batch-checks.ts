import { median } from 'simple-statistics'
import { civilFromDay, type Day, isoFromDay } from '../../base/day.ts'
import { remembered } from '../../base/remembered.ts'
import { percent } from '../../base/wording.ts'
import type { Contract } from '../contract/contract.ts'
import type { Role } from '../contract/roles.ts'
import type { RuleId } from '../contract/rules.ts'
import type { TableReading } from '../reading/table-reading.ts'
import type { DailyTotals } from '../totals/daily-totals.ts'
import type { SlicedTotals } from '../totals/slices.ts'
import { overlaps } from './overlaps.ts'
import type { ChainSales, FileSales } from './sales-sums.ts'
import { totalRows } from './total-rows.ts'

/** Something that is odd, or wrong, about all the data together. */
export type BatchFinding = { rule: RuleId; role: Role | undefined; values: string[] }

/**
 * Whether the data is there and fresh, and how its newest month differs from the months before.
 * `sales` and `chain` are cut at `lastVisibleDay`; of `files` nothing later is looked at.
 */
export function batchChecks(options: {
  sales: SlicedTotals
  chain: ChainSales
  files: {
    name: string
    reading: Pick<TableReading, 'read' | 'findings'>
    sold: Pick<FileSales, 'entriesOn'>
  }[]
  /** What each of the files has of each slice. */
  slicedFiles: Iterable<DailyTotals[]>
  contract: Contract
  lastVisibleDay: Day
}): BatchFinding[] {
  const { sales, chain, contract, lastVisibleDay } = options
  const newestDay = chain.saleDays.at(-1)
  if (newestDay === undefined) return [{ rule: 'no-sales', role: 'saleDate', values: [''] }]
  const newest = monthOf(newestDay)
  const volumes = new Volumes()
  const categories = new Categories()
  const prices = new Prices(newest)
  const ofMonths = [volumes, categories, prices]
  for (const totals of sales) {
    const months = Int32Array.from(totals.day)
    for (let i = 0; i < months.length; i++) months[i] = monthOf(months[i])
    for (const check of ofMonths) check.add(totals, months)
  }
  return [
    ...stale(newestDay, lastVisibleDay, contract),
    ...filesOverlap(options),
    ...totalsAmongSales(sales),
    ...daysApart(chain),
    ...volumes.change(newest, contract),
    ...moreMissing(options, newest),
    ...categories.newIn(newest),
    ...prices.jumps(contract),
  ]
}

/** Months counted from year 0. */
type Month = number

function monthOf(day: Day): Month {
  const { year, month } = civilFromDay(day)
  return year * 12 + month
}

function stale(newestDay: Day, lastVisibleDay: Day, { maxAgeDays }: Contract): BatchFinding[] {
  const age = lastVisibleDay - newestDay
  if (maxAgeDays === undefined || age <= maxAgeDays) return []
  const value = `${isoFromDay(newestDay)}: ${age} days old, ${maxAgeDays} are allowed`
  return [{ rule: 'stale', role: 'saleDate', values: [value] }]
}

function filesOverlap({
  files,
  slicedFiles,
  contract,
}: Parameters<typeof batchChecks>[0]): BatchFinding[] {
  if (contract.overlaps === 'count') return []
  const values = overlaps(files, slicedFiles)
  return values.length === 0 ? [] : [{ rule: 'files-overlap', role: undefined, values }]
}

function totalsAmongSales(sales: SlicedTotals): BatchFinding[] {
  const { products, stores, byName } = totalRows(sales)
  const found: BatchFinding[] = [
    { rule: 'total-counted', role: 'product', values: products },
    { rule: 'total-counted', role: 'store', values: stores },
    { rule: 'may-be-total', role: undefined, values: byName },
  ]
  return found.filter(({ values }) => values.length > 0)
}

/** Longer than any shop rests between two seasons. */
const longestGap = 365

/** Models learn from the first sale on: one with a mistyped year makes them learn years of zeros. */
function daysApart({ saleDays: days }: ChainSales): BatchFinding[] {
  const next = days.findIndex((day, index) => index > 0 && day - days[index - 1] > longestGap)
  if (next < 0) return []
  const [first, last, then] = [days[0], days[next - 1], days[next]].map(isoFromDay)
  const early = first === last ? first : `${first} to ${last}`
  return [{ rule: 'days-apart', role: 'saleDate', values: [`${early}, and then ${then}`] }]
}

/** Units per day with sales, against the median of up to 12 months before, where there are 3. */
class Volumes {
  readonly #sums = new Map<Month, { units: number; days: Set<Day> }>()

  add({ day, offered, sold }: DailyTotals, months: Int32Array): void {
    for (let i = 0; i < day.length; i++) {
      if (offered[i] === 0) continue
      const month = remembered(this.#sums, months[i], () => ({ units: 0, days: new Set<Day>() }))
      month.units += sold[i]
      month.days.add(day[i])
    }
  }

  change(newest: Month, contract: Contract): BatchFinding[] {
    const perDay = (month: Month) => {
      const found = this.#sums.get(month)
      return found ? [found.units / found.days.size] : []
    }
    const before = Array.from({ length: 12 }, (_, back) => perDay(newest - 1 - back)).flat()
    if (before.length < 3) return []
    const usual = median(before)
    const [now] = perDay(newest)
    if (Math.abs(now - usual) <= contract.maxVolumeChange * usual) return []
    const value = `${now.toFixed(1)} units a day, the median of the months before is ${usual.toFixed(1)}`
    return [{ rule: 'volume-change', role: undefined, values: [value] }]
  }
}

const missingRules = new Map<Role, RuleId>([
  ['name', 'name-missing'],
  ['category', 'category-missing'],
  ['price', 'price-missing'],
  ['cost', 'cost-missing'],
  ['purchaseDate', 'purchase-date-missing'],
  ['stock', 'stock-unusable'],
])
const minRowsForShare = 20

function moreMissing(
  { files, contract, lastVisibleDay }: Parameters<typeof batchChecks>[0],
  newest: Month,
): BatchFinding[] {
  const split = (counts: Map<Day, number>[]) => {
    const sums = { now: 0, before: 0 }
    for (const [day, rows] of counts.flatMap((map) => [...map])) {
      if (day > lastVisibleDay) continue
      if (monthOf(day) === newest) sums.now += rows
      else sums.before += rows
    }
    return sums
  }
  const rows = split(files.map(({ reading }) => reading.read))
  if (rows.now < minRowsForShare || rows.before < minRowsForShare) return []
  return [...missingRules].flatMap(([role, rule]): BatchFinding[] => {
    const findings = files.flatMap(({ reading }) => reading.findings)
    const empty = split(findings.filter((finding) => finding.rule === rule).map(({ days }) => days))
    const now = empty.now / rows.now
    const before = empty.before / rows.before
    if (now - before <= contract.maxMissingRise) return []
    return [
      { rule: 'more-missing', role, values: [`${percent(now)} now, ${percent(before)} before`] },
    ]
  })
}

/** Categories by the month in which they are first sold. */
class Categories {
  readonly #first = new Map<string, Month>()

  add({ categoryIndex, categories }: DailyTotals, months: Int32Array): void {
    for (let i = 0; i < categoryIndex.length; i++) {
      if (categoryIndex[i] < 0) continue
      const category = categories[categoryIndex[i]]
      const month = months[i]
      const known = this.#first.get(category) ?? Number.POSITIVE_INFINITY
      if (month < known) this.#first.set(category, month)
    }
  }

  newIn(newest: Month): BatchFinding[] {
    const all = [...this.#first]
    const values = all.flatMap(([category, month]) => (month === newest ? [category] : []))
    if (values.length === 0 || values.length === all.length) return []
    return [{ rule: 'new-category', role: 'category', values }]
  }
}

type PriceSum = { month: Month; revenue: number; units: number }

/** The mean price in the newest month against that of the last month before with a price. */
class Prices {
  readonly #newest: Month
  readonly #last = new Map<string, { now: PriceSum; before: PriceSum }>()

  constructor(newest: Month) {
    this.#newest = newest
  }

  add(totals: DailyTotals, months: Int32Array): void {
    const none = (): PriceSum => ({ month: Number.NEGATIVE_INFINITY, revenue: 0, units: 0 })
    for (let i = 0; i < totals.day.length; i++) {
      if (totals.pricedUnits[i] === 0) continue
      const month = months[i]
      const { productId } = totals.series[totals.seriesIndex[i]]
      const sums = remembered(this.#last, productId, () => ({ now: none(), before: none() }))
      const sum = month === this.#newest ? sums.now : sums.before
      if (month < sum.month) continue
      if (month > sum.month) Object.assign(sum, { month, revenue: 0, units: 0 })
      sum.revenue += totals.revenue[i]
      sum.units += totals.pricedUnits[i]
    }
  }

  jumps(contract: Contract): BatchFinding[] {
    const values = [...this.#last].flatMap(([productId, { now, before }]) => {
      if (now.units === 0 || before.units === 0) return []
      const price = now.revenue / now.units
      const usual = before.revenue / before.units
      if (Math.abs(price - usual) <= contract.maxPriceChange * usual) return []
      return [`${productId}: ${usual.toFixed(2)} → ${price.toFixed(2)}`]
    })
    return values.length === 0 ? [] : [{ rule: 'price-jump', role: 'price', values }]
  }
}
