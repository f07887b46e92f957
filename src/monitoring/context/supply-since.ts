import { type Static, Type } from 'typebox'
import { type Day, isoFromDay } from '../../base/day.ts'
import { count, isoDay, number, object, share, union } from '../../base/schema-parts.ts'
import { isActive } from '../../demand/activity.ts'
import { firstDay, periodOf } from '../../demand/calendar.ts'
import { uncensoredUnitsOf } from '../../demand/demand-estimate.ts'
import { endOf, isCensored, type Panel, shareWithoutStock } from '../../demand/panel.ts'
import { supplyAsOf } from '../../ordering/supply.ts'
import { type DailyTotals, seriesId } from '../../sales/totals/daily-totals.ts'

/** How the shelves were filled while a version was in production. */
export const SupplySince = union('outcome', [
  object({
    outcome: Type.Literal('known'),
    /** ISO days: whole periods. */
    from: isoDay,
    to: isoDay,
    stockOuts: union('outcome', [
      object({
        outcome: Type.Literal('known'),
        /** Share of the time without stock, weighted by how much of a week's demand falls on it. */
        time: share,
        /** Series that were without stock for some of it, and those looked at. */
        series: count,
        of: count,
        /** Units that would have sold, by estimate, and their share of all that would have. */
        lost: object({ units: number, share }),
      }),
      object({
        outcome: Type.Literal('cannot tell'),
        reason: Type.Literal('the sales have neither stock nor purchases'),
      }),
    ]),
    waste: union('outcome', [
      object({
        outcome: Type.Literal('known'),
        /** Units whose last day came before they were sold, and their share of what left the shelf. */
        units: number,
        share,
        /** At what they cost; of units without a known cost nothing is counted. Absent without costs. */
        cost: Type.Optional(object({ money: number, units: number })),
      }),
      object({
        outcome: Type.Literal('cannot tell'),
        reason: Type.Literal('the sales have no purchases with days of expiry'),
      }),
    ]),
  }),
  object({ outcome: Type.Literal('cannot tell'), reason: Type.Literal('no period is over yet') }),
])
export type SupplySince = Static<typeof SupplySince>

/** What is known of the supply of a chain is a quotient of sums like these of its parts. */
type SupplySums = {
  series: number
  of: number
  /** Periods of series, and the share of them without stock. */
  periods: number
  without: number
  sold: number
  lost: number
  /** Units sold on the days of these periods, those thrown away, and what is known of their cost. */
  soldUnits: number
  expired: number
  costed: number
  money: number
}

/**
 * Stock-outs and waste in the whole periods from the day `since` to the end of the panel. Looked at
 * are the series that sold in them or shortly before.
 *
 * @param panel - of the chain: by it periods are told
 * @param parts - as `supplyIn` has them of the parts of the chain
 */
export function supplySince(
  { columns }: Pick<DailyTotals, 'columns'>,
  panel: Panel,
  since: Day,
  parts: readonly SupplySums[],
): SupplySince {
  const span = wholePeriods(panel, since)
  if (!span) return { outcome: 'cannot tell', reason: 'no period is over yet' }
  const { stock, purchaseDate, expiryDate } = columns
  const sum = (of: keyof SupplySums) => parts.reduce((total, part) => total + part[of], 0)
  return {
    outcome: 'known',
    from: isoFromDay(span.from),
    to: isoFromDay(span.to),
    stockOuts:
      stock || purchaseDate
        ? stockOutsOf(sum)
        : { outcome: 'cannot tell', reason: 'the sales have neither stock nor purchases' },
    waste:
      purchaseDate && expiryDate
        ? wasteOf(sum, columns)
        : { outcome: 'cannot tell', reason: 'the sales have no purchases with days of expiry' },
  }
}

/**
 * The sums of a part of the chain, since the same day.
 *
 * @param totals - those that the panel was built from
 */
export function supplyIn(totals: DailyTotals, panel: Panel, since: Day): SupplySums {
  const sums = { series: 0, of: 0, periods: 0, without: 0, sold: 0, lost: 0 }
  const waste = { soldUnits: 0, expired: 0, costed: 0, money: 0 }
  const span = wholePeriods(panel, since)
  if (!span) return { ...sums, ...waste }
  addStockOuts(sums, panel, span.first)
  addWaste(waste, totals, span)
  return { ...sums, ...waste }
}

function wholePeriods(panel: Panel, since: Day): { first: number; from: Day; to: Day } | undefined {
  const { frequency, firstPeriod, periods } = panel
  const first = Math.max(0, periodOf(frequency, since - 1) + 1 - firstPeriod)
  if (first >= periods) return undefined
  return { first, from: firstDay(frequency, firstPeriod + first), to: endOf(panel) }
}

type Known = Extract<SupplySince, { outcome: 'known' }>

function stockOutsOf(sum: (of: keyof SupplySums) => number): Known['stockOuts'] {
  const [periods, lost] = [sum('periods'), sum('lost')]
  return {
    outcome: 'known',
    time: periods === 0 ? 0 : Math.min(1, sum('without') / periods),
    series: sum('series'),
    of: sum('of'),
    lost: { units: lost, share: lost === 0 ? 0 : lost / (lost + Math.max(0, sum('sold'))) },
  }
}

function wasteOf(
  sum: (of: keyof SupplySums) => number,
  { cost }: DailyTotals['columns'],
): Known['waste'] {
  const expired = sum('expired')
  return {
    outcome: 'known',
    units: expired,
    share: expired === 0 ? 0 : expired / (expired + sum('soldUnits')),
    ...(cost && { cost: { money: sum('money'), units: sum('costed') } }),
  }
}

function addStockOuts(
  sums: Pick<SupplySums, 'series' | 'of' | 'periods' | 'without' | 'sold' | 'lost'>,
  panel: Panel,
  first: number,
): void {
  const { series, periods, units } = panel
  for (let i = 0; i < series.length; i++) {
    const row = i * periods
    const sold = units.subarray(row + first, row + periods)
    if (!isActive(panel, i) && !sold.some((value) => value > 0)) continue
    sums.of++
    const lostBefore = sums.without
    for (let period = first; period < periods; period++) {
      const cell = row + period
      if (Number.isNaN(units[cell])) continue
      sums.periods++
      sums.sold += units[cell]
      if (!isCensored(panel, cell)) continue
      sums.without += shareWithoutStock(panel, cell)
      sums.lost += lostIn(panel, cell, row)
    }
    if (sums.without > lostBefore) sums.series++
  }
}

/**
 * What did not sell in a period for want of stock: as much as its days with stock tell, or, where they
 * are few, as much as the series would have sold in the last periods of which that can be told.
 */
function lostIn(panel: Panel, cell: number, row: number): number {
  const without = shareWithoutStock(panel, cell)
  const whole = uncensoredUnitsOf(panel, cell)
  if (!Number.isNaN(whole)) return whole * without
  const told: number[] = []
  for (let before = cell - 1; before >= row && told.length < USUAL_PERIODS; before--) {
    const value = uncensoredUnitsOf(panel, before)
    if (!Number.isNaN(value)) told.push(value)
  }
  if (told.length === 0) return 0
  return without * (told.reduce((sum, value) => sum + value, 0) / told.length)
}

/** Whole weeks, where the periods are days. */
const USUAL_PERIODS = 28

function addWaste(
  sums: Pick<SupplySums, 'soldUnits' | 'expired' | 'costed' | 'money'>,
  totals: DailyTotals,
  { from, to }: { from: Day; to: Day },
): void {
  const costs = totals.columns.cost ? supplyAsOf(totals, to) : undefined
  for (let entry = 0; entry < totals.day.length; entry++) {
    if (totals.day[entry] < from || totals.day[entry] > to) continue
    sums.soldUnits += totals.sold[entry]
    const expired = totals.expired[entry]
    if (expired === 0) continue
    sums.expired += expired
    const cost = costs?.get(seriesId(totals.series[totals.seriesIndex[entry]]))?.cost
    if (cost === undefined) continue
    sums.money += cost * expired
    sums.costed += expired
  }
}
