import { uncensoredUnits } from '../demand/demand-estimate.ts'
import type { Panel } from '../demand/panel.ts'
import { calendarFeatures } from './calendar-features.ts'
import { demandLevel, lengths, weekOf } from './demand-level.ts'
import { knownIn, meanOver, type RunningTotals, runningTotals } from './running-totals.ts'

/** What the features depend on beside the panel; part of the fitted parameters. */
export type FeatureSettings = {
  /** The horizon at which the effect of the distance ahead stops changing. */
  horizon: number
  holidays: string
  /** Whether the history is long enough to tell the time of the year. */
  yearly: boolean
  categories: string[]
}

export type RidgeFeatures = {
  names: string[]
  /** Demand of all series, n × T, NaN where unknown. */
  units: Float64Array
  /** Features of one series; reading them series by series keeps little in memory. */
  ofSeries(index: number): SeriesFeatures
}

/**
 * Writes what is known at `origin` of the demand in `target`, both period indices of the panel,
 * into `row`, in the order of the names. Of the target it reads the calendar alone; the chain's
 * usual week, for days, is that of the whole panel. Returns the baseline, in units; where that is
 * not above 0, nothing is written.
 */
export type SeriesFeatures = (row: Float64Array, origin: number, target: number) => number

/**
 * Features without a unit, all 0 where nothing is out of the ordinary, so that a series that sells
 * as usual is forecast by its baseline: means of several spans over the level, the same season of
 * earlier years over the level then (own, of the category, of the chain), the way category and
 * chain are going, price against its usual level, newness, time since the last sale, category,
 * calendar of the target. `× ahead` marks those whose effect changes with the distance to it.
 */
export function ridgeFeatures(panel: Panel, settings: FeatureSettings): RidgeFeatures {
  const { frequency, periods, series, firstPeriod } = panel
  const { horizon, categories } = settings
  const spans = SPANS[frequency]
  const { long, year } = lengths[frequency]
  const units = uncensoredUnits(panel)
  const rowOf = (values: Float64Array, index: number) =>
    values.subarray(index * periods, (index + 1) * periods)
  const groups = groupTotals(panel, units, categories)
  const calendar = calendarFeatures(frequency, settings.holidays, settings.yearly)
  const usualWeek = frequency === 'day' ? weekOf(groups.chain) : new Float64Array()

  const ofSeries = (index: number): SeriesFeatures => {
    const history = rowOf(units, index)
    const price = rowOf(panel.price, index)
    const own = runningTotals(history)
    const prices = runningTotals(price)
    const category = categories.indexOf(series[index].category ?? '')
    const peers = groups.categories[category] ?? groups.chain
    const { level, baseline } = demandLevel(frequency, history, own, usualWeek)
    return (row, origin, target) => {
      const result = baseline(origin, target)
      if (!(result > 0)) return result
      const usual = level(origin)
      const ahead = (Math.min(target - origin, horizon) - 1) / Math.max(1, horizon - 1) - 0.5
      const end = origin + 1
      let column = 0
      let ratio = 1
      for (const span of spans) {
        const mean = meanOver(own, end - span, end)
        if (!Number.isNaN(mean)) ratio = capped(mean / usual)
        row[column++] = ratio - 1
        row[column++] = (ratio - 1) * ahead
      }
      for (const totals of [own, peers, groups.chain]) {
        const seasonal = earlierYears(totals, origin, target, year, Math.ceil(long / 2))
        row[column++] = Number.isNaN(seasonal) ? 0 : seasonal - 1
        row[column++] = Number.isNaN(seasonal) ? 0 : 1
      }
      for (const totals of [peers, groups.chain]) {
        const growth = growthOf(totals, end, long)
        row[column++] = growth
        row[column++] = growth * ahead
      }
      const discount = logRatio(price[origin], meanOver(prices, end - long, end))
      row[column++] = discount
      row[column++] = discount * ahead
      row[column++] = 1 / (1 + knownIn(own, 0, end) / 8)
      row[column++] = Math.log1p(sinceLastSale(history, origin, long))
      row[column++] = ahead
      for (let other = 0; other < categories.length; other++) {
        row[column++] = other === category ? 1 : 0
      }
      row.set(calendar.at(firstPeriod + target), column)
      return result
    }
  }
  const names = [
    ...spans.flatMap((span) => bothWays(`mean of ${span}`)),
    ...['own', 'category', 'chain'].flatMap((whose) => [
      `earlier years, ${whose}`,
      `earlier years known, ${whose}`,
    ]),
    ...bothWays('growth of the category'),
    ...bothWays('growth of the chain'),
    ...bothWays('price against usual'),
    'newness',
    'time since last sale',
    'ahead',
    ...categories.map((category) => `category: ${category}`),
    ...calendar.names,
  ]
  return { names, units, ofSeries }
}

const SPANS = {
  day: [1, 7, 14, 28, 56, 182, 364],
  week: [1, 2, 4, 8, 13, 26, 52],
  month: [1, 2, 3, 6, 12],
}

/** No ratio counts for more: beyond it is a level close to 0, not news. */
const MOST_RATIO = 5

function bothWays(name: string): string[] {
  return [name, `${name} × ahead`]
}

function groupTotals(
  { series, periods }: Panel,
  units: Float64Array,
  categories: string[],
): { chain: RunningTotals; categories: RunningTotals[] } {
  const chain = new Float64Array(periods).fill(Number.NaN)
  const ofCategory = categories.map(() => new Float64Array(periods).fill(Number.NaN))
  for (let index = 0; index < series.length; index++) {
    const category = ofCategory[categories.indexOf(series[index].category ?? '')]
    for (let period = 0; period < periods; period++) {
      const sold = units[index * periods + period]
      if (Number.isNaN(sold)) continue
      chain[period] = (chain[period] || 0) + sold
      if (category) category[period] = (category[period] || 0) + sold
    }
  }
  return { chain: runningTotals(chain), categories: ofCategory.map(runningTotals) }
}

/**
 * How the target's season compared with what came before it, in the (up to three) years before:
 * mean around the target's place in the year over mean before the origin's place, averaged over the
 * years. NaN where no earlier year is known.
 */
function earlierYears(
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
function growthOf(totals: RunningTotals, end: number, span: number): number {
  const usual = meanOver(totals, end - span, end)
  const recent = meanOver(totals, end - Math.ceil(span / 8), end)
  return usual > 0 && !Number.isNaN(recent) ? capped(recent / usual) - 1 : 0
}

/** Between halved and doubled; 0 where either is not known. */
function logRatio(value: number, usual: number): number {
  if (!(value > 0) || !(usual > 0)) return 0
  return Math.max(-Math.LN2, Math.min(Math.LN2, Math.log(value / usual)))
}

function sinceLastSale(history: Float64Array, origin: number, most: number): number {
  let since = 0
  while (since < most && origin >= since && !(history[origin - since] > 0)) since++
  return since
}

function capped(ratio: number): number {
  return Math.min(MOST_RATIO, ratio)
}
