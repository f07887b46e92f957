import { type Static, Type } from 'typebox'
import { object } from '../../base/schema-parts.ts'
import { uncensoredUnits } from '../../demand/demand-estimate.ts'
import type { Panel, Series } from '../../demand/panel.ts'
import { calendarFeatures } from './calendar-features.ts'
import { demandLevel, lengths, type UsualWeek, usualWeekOf } from './demand-level.ts'
import { earlierYears, groupTotals, logRatio, periodsSinceSale } from './demand-signals.ts'
import type { DemandFeatures, SeriesFeatures } from './learning-rows.ts'
import { PlanKinds, planFeatures } from './plan-features.ts'
import { knownIn, meanOver, type RunningTotals, runningTotals } from './running-totals.ts'
import { specialDays } from './special-days.ts'

/** `product`: the same one in all stores. */
const Group = Type.Enum(['category', 'store', 'product', 'chain'])
export type Group = Static<typeof Group>

/** What the features depend on beside the panel; part of the fitted parameters. */
export const DirectSettings = object({
  /** The horizon at which the effect of the distance ahead stops changing. */
  horizon: Type.Integer({ minimum: 1, maximum: 400 }),
  holidays: Type.String(),
  /** Whether the history is long enough to tell the time of the year. */
  yearly: Type.Boolean(),
  /** What series have in common: those that the data know. */
  groups: Type.Array(Group),
  /** What levels and prices are compared with, so that no unit of measure matters; 1 in older models. */
  unit: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  unitPrice: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  kinds: PlanKinds,
})
export type DirectSettings = Static<typeof DirectSettings>

/** The groups that series of this panel can have in common. */
export function groupsOf({ series }: Panel): Group[] {
  return [
    ...(series.some(({ category }) => category !== undefined) ? (['category'] as const) : []),
    ...(series.some(({ storeId }) => storeId !== undefined) ? (['store', 'product'] as const) : []),
    'chain',
  ]
}

/** The mean of the values above 0; 1 where there are none. */
export function typical(values: Float64Array): number {
  let mean = 0
  let count = 0
  for (const value of values) {
    if (!(value > 0)) continue
    count++
    mean += (value - mean) / count
  }
  return count > 0 ? mean : 1
}

/**
 * Features for trees, which forecast a series as a multiple of its own baseline: everything that
 * has the unit of demand or price is divided by the series' own level, so that what one series
 * teaches holds for the others.
 */
export function directFeatures(panel: Panel, settings: DirectSettings): DemandFeatures {
  const units = uncensoredUnits(panel)
  const { chain, groups: categories } = groupTotals(panel, units, ({ category }) => category)
  const groups = (name: Group, groupOf: (one: Series) => string | undefined) =>
    settings.groups.includes(name) ? groupTotals(panel, units, groupOf).groups : new Map()
  const shared: Shared = {
    panel,
    units,
    chain,
    categories,
    stores: groups('store', ({ storeId }) => storeId),
    products: groups('product', ({ productId }) => productId),
    usualWeek: panel.frequency === 'day' ? usualWeekOf(chain) : undefined,
  }
  const features = listFeatures(panel, settings)
  const columnsOf = (seen: Feature['seen']) =>
    [...features.keys()].filter((column) => features[column].seen === seen)
  const [ofOrigin, ofTarget] = [columnsOf('origin'), columnsOf('target')]
  const calendar = calendarFeatures(panel.frequency, settings.holidays, settings.yearly)
  const special = specialDays(chain, shared.usualWeek, panel.firstPeriod, settings.holidays)
  const plan = planFeatures(panel, settings.kinds)

  const ofSeries = (index: number): SeriesFeatures => {
    const one = describe(shared, index)
    const planned = plan.ofSeries(index)
    const place: Place = { origin: -1, target: 0, end: 0, level: 1 }
    // What an origin says is the same for all of its targets, which are asked for in a row.
    const there = new Float64Array(features.length)
    return (row, origin, target) => {
      const baseline = one.baseline(origin, target)
      if (!(baseline > 0)) return baseline
      place.target = target
      if (place.origin !== origin) {
        place.origin = origin
        place.end = origin + 1
        place.level = one.level(origin)
        for (const column of ofOrigin) there[column] = features[column].value(one, place)
      }
      row.set(there)
      for (const column of ofTarget) row[column] = features[column].value(one, place)
      let column = features.length
      special.write(row, column, origin, target)
      column += special.names.length
      row.set(calendar.at(panel.firstPeriod + target), column)
      column += calendar.names.length
      return baseline * planned(row, column, origin, target)
    }
  }
  const names = [
    ...features.map(({ name }) => name),
    ...special.names,
    ...calendar.names,
    ...plan.names,
  ]
  return { names, units, ofSeries }
}

type Shared = {
  panel: Panel
  units: Float64Array
  chain: RunningTotals
  categories: Map<string, RunningTotals>
  stores: Map<string, RunningTotals>
  products: Map<string, RunningTotals>
  usualWeek: UsualWeek | undefined
}

/** What the features of one series are read off. */
type Described = {
  history: Float64Array
  own: RunningTotals
  squares: RunningTotals
  prices: RunningTotals
  price: Float64Array
  category: RunningTotals
  store: RunningTotals
  product: RunningTotals
  chain: RunningTotals
  level(origin: number): number
  baseline(origin: number, target: number): number
}

/** Where a row stands: period indices, `end` one after the origin, and the level there in units. */
type Place = { origin: number; target: number; end: number; level: number }

type Feature = {
  name: string
  /** Whether it says something of the origin alone, or of the target as seen from there. */
  seen: 'origin' | 'target'
  value: (one: Described, place: Place) => number
}

function describe(shared: Shared, index: number): Described {
  const { panel, units, chain, categories, stores, products, usualWeek } = shared
  const { periods, series } = panel
  const rowOf = (values: Float64Array) => values.subarray(index * periods, (index + 1) * periods)
  const { category = '', storeId = '', productId } = series[index]
  const history = rowOf(units)
  const own = runningTotals(history)
  return {
    history,
    own,
    squares: runningTotals(history.map((value) => value * value)),
    price: rowOf(panel.price),
    prices: runningTotals(rowOf(panel.price)),
    category: categories.get(category) ?? chain,
    store: stores.get(storeId) ?? chain,
    product: products.get(productId) ?? own,
    chain,
    ...demandLevel(panel.frequency, history, own, usualWeek),
  }
}

const SPANS = {
  day: [1, 2, 4, 7, 14, 28, 56, 112, 182, 364],
  week: [1, 2, 3, 4, 6, 8, 13, 26, 52],
  month: [1, 2, 3, 4, 6, 12, 24],
}

function listFeatures({ frequency }: Panel, settings: DirectSettings): Feature[] {
  const { short, long, year } = lengths[frequency]
  const features: Feature[] = []
  type OfOrigin = (one: Described, place: Omit<Place, 'target'>) => number
  const add = (name: string, value: OfOrigin) => features.push({ name, seen: 'origin', value })
  const addAhead = (name: string, value: Feature['value']) =>
    features.push({ name, seen: 'target', value })

  for (const span of SPANS[frequency]) {
    add(`mean of ${span}`, ({ own }, { end, level }) => meanOver(own, end - span, end) / level)
  }
  for (const span of [short / 2, short, long / 2].map(Math.ceil)) {
    add(
      `mean of ${span}, before the last ${span}`,
      ({ own }, { end, level }) => meanOver(own, end - 2 * span, end - span) / level,
    )
  }
  if (frequency === 'day') {
    for (const weeks of [1, 2, 4, 8]) {
      addAhead(
        `mean of ${weeks} like weekdays`,
        ({ history }, { origin, target, level }) =>
          meanOfWeekday(history, origin, target, weeks) / level,
      )
    }
    addAhead('chain, like weekday', ({ chain }, { origin, target, end }) => {
      const there = target - 7 * Math.ceil((target - origin) / 7)
      return meanOver(chain, there, there + 1) / meanOver(chain, end - 28, end)
    })
  }
  for (const span of [short, long]) {
    add(`share of ${span} with sales`, ({ own }, { end }) => shareWithSales(own, end - span, end))
  }
  add(`variation over ${long}`, ({ own, squares }, { end, level }) => {
    const mean = meanOver(own, end - long, end)
    return Math.sqrt(Math.max(0, meanOver(squares, end - long, end) - mean * mean)) / level
  })
  add(
    `largest of ${short}`,
    ({ history }, { end, level }) => largest(history, end - short, end) / level,
  )
  add('time since the last sale', ({ history }, { origin }) =>
    periodsSinceSale(history, origin, long),
  )
  add('age', ({ own }, { end }) => Math.min(2 * year, knownIn(own, 0, end)))
  const { unit = 1, unitPrice = 1 } = settings
  add('level', (_, { level }) => Math.log(level / unit))

  if (settings.yearly) {
    for (const whose of ['own', ...settings.groups] as const) {
      addAhead(`earlier years, ${whose}`, (one, { origin, target }) =>
        earlierYears(one[whose], origin, target, year, Math.ceil(long / 2)),
      )
    }
  }
  for (const group of settings.groups) {
    for (const span of [1, short / 2, short].map(Math.ceil)) {
      add(
        `mean of ${span}, ${group}`,
        (one, { end }) =>
          meanOver(one[group], end - span, end) / meanOver(one[group], end - long, end),
      )
    }
  }
  if (settings.yearly) {
    addAhead('a year before the target', ({ own }, { origin, target, level }) => {
      const there = target - year * Math.ceil((target - origin) / year)
      return meanOver(own, there, there + 1) / level
    })
  }
  add('price', ({ price }, { origin }) => thousandths(Math.log(price[origin] / unitPrice)))
  add('price against usual', ({ price, prices }, { origin, end }) =>
    logRatio(price[origin], meanOver(prices, end - long, end)),
  )
  addAhead('ahead', (_, { origin, target }) => Math.min(target - origin, settings.horizon))
  return features
}

/** To three decimals: smaller changes of a price are rounding, and no tree is to be split by it. */
function thousandths(value: number): number {
  return Math.round(1000 * value) / 1000
}

/** Mean of the last `weeks` periods on the target's weekday up to the origin; NaN if none is known. */
function meanOfWeekday(
  history: Float64Array,
  origin: number,
  target: number,
  weeks: number,
): number {
  let sum = 0
  let known = 0
  const newest = target - 7 * Math.ceil((target - origin) / 7)
  for (let period = newest; period >= 0 && period > newest - 7 * weeks; period -= 7) {
    if (Number.isNaN(history[period])) continue
    sum += history[period]
    known++
  }
  return sum / known
}

function shareWithSales(totals: RunningTotals, from: number, to: number): number {
  const start = Math.max(0, from)
  return (totals.positive[to] - totals.positive[start]) / (totals.known[to] - totals.known[start])
}

function largest(history: Float64Array, from: number, to: number): number {
  let most = Number.NaN
  for (let period = Math.max(0, from); period < to; period++) {
    if (!(history[period] <= most)) most = Number.isNaN(history[period]) ? most : history[period]
  }
  return most
}
