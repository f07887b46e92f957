import type { Panel, Series } from '../../demand/panel.ts'
import { knownIn, meanOver, type RunningTotals, runningTotals } from './running-totals.ts'

/** Demand of all series together, and of each group of them, by the name of the group. */
export type GroupTotals = { chain: RunningTotals; groups: Map<string, RunningTotals> }

/**
 * @param units n × T, NaN where unknown
 * @param groupOf undefined for a series that is in no group
 */
export function groupTotals(
  { series, periods }: Pick<Panel, 'series' | 'periods'>,
  units: Float64Array,
  groupOf: (series: Series) => string | undefined,
): GroupTotals {
  const chain = new Float64Array(periods).fill(Number.NaN)
  const groups = new Map<string, Float64Array>()
  series.forEach((one, index) => {
    const group = groupOf(one)
    const own = units.subarray(index * periods, (index + 1) * periods)
    addKnown(chain, own)
    if (group === undefined) return
    const sum = groups.get(group) ?? new Float64Array(periods).fill(Number.NaN)
    addKnown(sum, own)
    groups.set(group, sum)
  })
  return {
    chain: runningTotals(chain),
    groups: new Map([...groups].map(([group, sum]) => [group, runningTotals(sum)])),
  }
}

function addKnown(sum: Float64Array, values: Float64Array): void {
  for (let period = 0; period < sum.length; period++) {
    if (!Number.isNaN(values[period])) sum[period] = (sum[period] || 0) + values[period]
  }
}

/**
 * How the target's season compared with what came before it, in the (up to three) years before:
 * mean around the target's place in the year over mean of `span` periods before the origin's place,
 * averaged over the years. NaN where no earlier year is known.
 */
export function earlierYears(
  totals: RunningTotals,
  origin: number,
  target: number,
  year: number,
  span: number,
): number {
  const around = year === 364 ? 3 : year === 52 ? 1 : 0
  const back = year * Math.ceil((target - origin) / year)
  let sum = 0
  let years = 0
  for (let shift = back; shift < back + 3 * year; shift += year) {
    const end = origin - shift + 1
    if (knownIn(totals, end - span, end) < span / 2) break
    const before = meanOver(totals, end - span, end)
    const there = target - shift
    const then = meanOver(totals, there - around, Math.min(origin, there + around) + 1)
    if (!(before > 0) || Number.isNaN(then)) continue
    sum += capped(then / before)
    years++
  }
  return years === 0 ? Number.NaN : sum / years
}

/** Mean of the last eighth of the span over that of all of it, less 1. */
export function growthOf(totals: RunningTotals, end: number, span: number): number {
  const usual = meanOver(totals, end - span, end)
  const recent = meanOver(totals, end - Math.ceil(span / 8), end)
  return usual > 0 && !Number.isNaN(recent) ? capped(recent / usual) - 1 : 0
}

/**
 * Between halved and doubled; 0 where either is not known, and where they differ by less than a
 * thousandth, which is rounding and no change of price.
 */
export function logRatio(value: number, usual: number): number {
  if (!(value > 0) || !(usual > 0)) return 0
  const log = Math.log(value / usual)
  if (Math.abs(log) < LEAST_LOG) return 0
  return Math.max(-Math.LN2, Math.min(Math.LN2, log))
}

const LEAST_LOG = 1e-3

/** Periods without a sale up to the origin, at most `most`; unknown ones are taken for such. */
export function periodsSinceSale(units: Float64Array, origin: number, most: number): number {
  let since = 0
  while (since < most && origin >= since && !(units[origin - since] > 0)) since++
  return since
}

/** No ratio counts for more than this: beyond it is a level close to 0, not news. */
export function capped(ratio: number): number {
  return Math.min(MOST_RATIO, ratio)
}

const MOST_RATIO = 5
