import { median } from 'simple-statistics'
import { civilFromDay, type Day, isoFromDay } from '../../base/day.ts'
import { percent } from '../../base/wording.ts'
import type { Contract } from '../contract/contract.ts'
import type { Role } from '../contract/roles.ts'
import type { RuleId } from '../contract/rules.ts'
import type { FileReading } from '../reading/file-reader.ts'
import { type DailyTotals, lastSaleDay, saleDays } from '../totals/daily-totals.ts'
import { overlaps } from './overlaps.ts'
import { totalRows } from './total-rows.ts'

/** Something that is odd, or wrong, about all the data together. */
export type BatchFinding = { rule: RuleId; role: Role | undefined; values: string[] }

/**
 * Whether the data is there and fresh, and how its newest month differs from the months before.
 * `totals` are cut at `lastVisibleDay`; of `readings` nothing later is looked at.
 */
export function batchChecks(options: {
  totals: DailyTotals
  readings: { name: string; reading: FileReading }[]
  contract: Contract
  lastVisibleDay: Day
}): BatchFinding[] {
  const { totals, contract, lastVisibleDay } = options
  const newestDay = lastSaleDay(totals)
  if (newestDay === undefined) return [{ rule: 'no-sales', role: 'saleDate', values: [''] }]
  const newest = monthOf(newestDay)
  const months = Int32Array.from(totals.day)
  for (let i = 0; i < months.length; i++) months[i] = monthOf(months[i])
  return [
    ...stale(newestDay, lastVisibleDay, contract),
    ...filesOverlap(options),
    ...totalsAmongSales(totals),
    ...daysApart(totals),
    ...volumeChange(totals, months, newest, contract),
    ...moreMissing(options, newest),
    ...newCategories(totals, months, newest),
    ...priceJumps(totals, months, newest, contract),
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
  readings,
  contract,
  lastVisibleDay,
}: Parameters<typeof batchChecks>[0]): BatchFinding[] {
  if (contract.overlaps === 'count') return []
  const files = readings.map(({ name, reading: { totals } }) => ({ name, totals }))
  const values = overlaps(files, lastVisibleDay)
  return values.length === 0 ? [] : [{ rule: 'files-overlap', role: undefined, values }]
}

function totalsAmongSales(totals: DailyTotals): BatchFinding[] {
  const { products, stores, byName } = totalRows(totals)
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
function daysApart(totals: DailyTotals): BatchFinding[] {
  const days = saleDays(totals)
  const next = days.findIndex((day, index) => index > 0 && day - days[index - 1] > longestGap)
  if (next < 0) return []
  const [first, last, then] = [days[0], days[next - 1], days[next]].map(isoFromDay)
  const early = first === last ? first : `${first} to ${last}`
  return [{ rule: 'days-apart', role: 'saleDate', values: [`${early}, and then ${then}`] }]
}

/** Units per day with sales, against the median of up to 12 months before, where there are 3. */
function volumeChange(
  totals: DailyTotals,
  months: Int32Array,
  newest: Month,
  contract: Contract,
): BatchFinding[] {
  const sums = new Map<Month, { units: number; days: Set<Day> }>()
  for (let i = 0; i < totals.day.length; i++) {
    if (totals.offered[i] === 0) continue
    const month = getOrMake(sums, months[i], () => ({ units: 0, days: new Set() }))
    month.units += totals.sold[i]
    month.days.add(totals.day[i])
  }
  const perDay = (month: Month) => {
    const found = sums.get(month)
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
  { readings, contract, lastVisibleDay }: Parameters<typeof batchChecks>[0],
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
  const rows = split(readings.map(({ reading }) => reading.read))
  if (rows.now < minRowsForShare || rows.before < minRowsForShare) return []
  return [...missingRules].flatMap(([role, rule]): BatchFinding[] => {
    const findings = readings.flatMap(({ reading }) => reading.findings)
    const empty = split(findings.filter((finding) => finding.rule === rule).map(({ days }) => days))
    const now = empty.now / rows.now
    const before = empty.before / rows.before
    if (now - before <= contract.maxMissingRise) return []
    return [
      { rule: 'more-missing', role, values: [`${percent(now)} now, ${percent(before)} before`] },
    ]
  })
}

function newCategories(totals: DailyTotals, months: Int32Array, newest: Month): BatchFinding[] {
  const first = new Map<string, Month>()
  for (let i = 0; i < totals.day.length; i++) {
    if (totals.categoryIndex[i] < 0) continue
    const category = totals.categories[totals.categoryIndex[i]]
    const month = months[i]
    if (month < (first.get(category) ?? Number.POSITIVE_INFINITY)) first.set(category, month)
  }
  const values = [...first].flatMap(([category, month]) => (month === newest ? [category] : []))
  if (values.length === 0 || values.length === first.size) return []
  return [{ rule: 'new-category', role: 'category', values }]
}

/** The mean price in the newest month against that of the last month before with a price. */
function priceJumps(
  totals: DailyTotals,
  months: Int32Array,
  newest: Month,
  contract: Contract,
): BatchFinding[] {
  type Sum = { month: Month; revenue: number; units: number }
  const last = new Map<string, { now: Sum; before: Sum }>()
  const none = (): Sum => ({ month: Number.NEGATIVE_INFINITY, revenue: 0, units: 0 })
  for (let i = 0; i < totals.day.length; i++) {
    if (totals.pricedUnits[i] === 0) continue
    const month = months[i]
    const { productId } = totals.series[totals.seriesIndex[i]]
    const sums = getOrMake(last, productId, () => ({ now: none(), before: none() }))
    const sum = month === newest ? sums.now : sums.before
    if (month < sum.month) continue
    if (month > sum.month) Object.assign(sum, { month, revenue: 0, units: 0 })
    sum.revenue += totals.revenue[i]
    sum.units += totals.pricedUnits[i]
  }
  const values = [...last].flatMap(([productId, { now, before }]) => {
    if (now.units === 0 || before.units === 0) return []
    const price = now.revenue / now.units
    const usual = before.revenue / before.units
    if (Math.abs(price - usual) <= contract.maxPriceChange * usual) return []
    return [`${productId}: ${usual.toFixed(2)} → ${price.toFixed(2)}`]
  })
  return values.length === 0 ? [] : [{ rule: 'price-jump', role: 'price', values }]
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
