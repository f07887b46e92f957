import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { uncensoredUnits } from '../../demand/demand-estimate.ts'
import type { Panel } from '../../demand/panel.ts'
import { calendarFeatures } from './calendar-features.ts'
import { demandLevel, lengths, usualWeekOf } from './demand-level.ts'
import {
  capped,
  earlierYears,
  groupTotals,
  growthOf,
  logRatio,
  periodsSinceSale,
} from './demand-signals.ts'
import type { DemandFeatures, SeriesFeatures } from './learning-rows.ts'
import { PlanKinds, planFeatures } from './plan-features.ts'
import { knownIn, meanOver, runningTotals } from './running-totals.ts'
import { specialDays } from './special-days.ts'

/** What the features depend on beside the panel; part of the fitted parameters. */
export const FeatureSettings = object({
  /** The horizon at which the effect of the distance ahead stops changing. */
  horizon: Type.Integer({ minimum: 1, maximum: 400 }),
  holidays: Type.String(),
  /** Whether the history is long enough to tell the time of the year. */
  yearly: Type.Boolean(),
  categories: Type.Array(Type.String(), { maxItems: 1000 }),
  kinds: PlanKinds,
})
export type FeatureSettings = Static<typeof FeatureSettings>

/**
 * Features without a unit, all 0 where nothing is out of the ordinary, so that a series that sells
 * as usual is forecast by its baseline: means of several spans over the level, the same season of
 * earlier years over the level then (own, of the category, of the chain), the way category and
 * chain are going, price against its usual level, newness, time since the last sale, category,
 * calendar of the target. `× ahead` marks those whose effect changes with the distance to it.
 */
export function ridgeFeatures(panel: Panel, settings: FeatureSettings): DemandFeatures {
  const { frequency, periods, series, firstPeriod } = panel
  const { horizon, categories } = settings
  const spans = SPANS[frequency]
  const { long, year } = lengths[frequency]
  const units = uncensoredUnits(panel)
  const rowOf = (values: Float64Array, index: number) =>
    values.subarray(index * periods, (index + 1) * periods)
  const { chain, groups } = groupTotals(panel, units, ({ category }) => category)
  const ofProducts = series.some(({ storeId }) => storeId !== undefined)
    ? groupTotals(panel, units, ({ productId }) => productId).groups
    : undefined
  const calendar = calendarFeatures(frequency, settings.holidays, settings.yearly)
  const plan = planFeatures(panel, settings.kinds)
  const usualWeek = frequency === 'day' ? usualWeekOf(chain) : undefined
  const special = specialDays(chain, usualWeek, firstPeriod, settings.holidays)

  const ofSeries = (index: number): SeriesFeatures => {
    const history = rowOf(units, index)
    const price = rowOf(panel.price, index)
    const planned = plan.ofSeries(index)
    const own = runningTotals(history)
    const prices = runningTotals(price)
    const category = categories.indexOf(series[index].category ?? '')
    const peers = (category >= 0 && groups.get(categories[category])) || chain
    const product = ofProducts?.get(series[index].productId)
    const growing = product === undefined ? [peers, chain] : [product, peers, chain]
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
      for (const totals of [own, peers, chain]) {
        const seasonal = earlierYears(totals, origin, target, year, Math.ceil(long / 2))
        row[column++] = Number.isNaN(seasonal) ? 0 : seasonal - 1
        row[column++] = Number.isNaN(seasonal) ? 0 : 1
      }
      for (const totals of growing) {
        const growth = growthOf(totals, end, long)
        row[column++] = growth
        row[column++] = growth * ahead
      }
      const discount = logRatio(price[origin], meanOver(prices, end - long, end))
      row[column++] = discount
      row[column++] = discount * ahead
      row[column++] = 1 / (1 + knownIn(own, 0, end) / 8)
      row[column++] = Math.log1p(periodsSinceSale(history, origin, long))
      row[column++] = ahead
      for (let other = 0; other < categories.length; other++) {
        row[column++] = other === category ? 1 : 0
      }
      special.write(row, column, origin, target)
      column += special.names.length
      row.set(calendar.at(firstPeriod + target), column)
      column += calendar.names.length
      return result * planned(row, column, origin, target)
    }
  }
  const names = [
    ...spans.flatMap((span) => bothWays(`mean of ${span}`)),
    ...['own', 'category', 'chain'].flatMap((whose) => [
      `earlier years, ${whose}`,
      `earlier years known, ${whose}`,
    ]),
    ...(ofProducts ? bothWays('growth of the product') : []),
    ...bothWays('growth of the category'),
    ...bothWays('growth of the chain'),
    ...bothWays('price against usual'),
    'newness',
    'time since last sale',
    'ahead',
    ...categories.map((category) => `category: ${category}`),
    ...special.names,
    ...calendar.names,
    ...plan.names,
  ]
  return { names, units, ofSeries }
}

const SPANS = {
  day: [1, 7, 14, 28, 56, 182, 364],
  week: [1, 2, 4, 8, 13, 26, 52],
  month: [1, 2, 3, 6, 12],
}

function bothWays(name: string): string[] {
  return [name, `${name} × ahead`]
}
