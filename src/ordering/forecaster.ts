import { type Day, dayFromIso, isoFromDay } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { remembered } from '../base/remembered.ts'
import { firstDay } from '../demand/calendar.ts'
import { buildPanel, endOf, type Panel, type Series } from '../demand/panel.ts'
import { LEVELS } from '../forecasting/levels.ts'
import { forecast, horizonUntil, type Model, spanForecaster } from '../forecasting/model.ts'
import { type DailyTotals, lastSaleDay, seriesId } from '../sales/totals/daily-totals.ts'
import { type Ordering, termsOf } from './buying-terms.ts'
import { type FoundProduct, findProduct } from './find-product.ts'
import { type OrderAdvice, orderAdviser } from './order-advice.ts'
import { lastDayToCover } from './order-decision.ts'
import { supplyAsOf } from './supply.ts'

export type ForecasterInput = {
  model: Model
  totals: DailyTotals
  /** The forecaster knows nothing later than this day; without one, all that the totals hold. */
  asOf?: Day
}

/** A model with the sales that it forecasts from: opened once, asked often. */
export type Forecaster = {
  /** Forecasts of every series in every period of the horizon, by series, then period. */
  all(): SeriesForecast[]
  /** The same with the quantiles at all of `LEVELS`, series by series. */
  distributions(): Distributions
  /**
   * How many units of a product will sell on the days `from` to `to`, inclusive. Throws a `UserError`
   * for a product that never sold, and for days that are over or too far off.
   */
  span(question: SpanQuestion): SpanAnswer
  /** The product that a text means, by its id or its name. */
  find(text: string): FoundProduct
  /** The day on which is ordered, in the morning: the one after the last day whose sales are known. */
  orderDay(): Day
  /**
   * What to order on the morning of `orderDay`: of every series, or of one product's.
   * Throws a `UserError` for a product that never sold.
   */
  order(ordering: Ordering, product?: ProductQuestion): SeriesOrder[]
}

export type ProductQuestion = {
  productId: string
  /** Where the product is sold in several stores: which; without it, each of them. */
  storeId?: string
}

export type SpanQuestion = ProductQuestion & { from: Day; to: Day }

/** Units sold with an 80% interval (p10 to p90) and a 95% one (p2_5 to p97_5). */
export type Amount = {
  mean: number
  p2_5: number
  p10: number
  p50: number
  p90: number
  p97_5: number
}

type Described = { productId: string; storeId?: string; name?: string; category?: string }

export type SeriesForecast = Described &
  Amount & {
    /** ISO day: the first day of the period, or of the days asked for. */
    from: string
    /** Whose history the forecast rests on; `category` for what has not sold yet. */
    basis: 'series' | 'category'
  }

export type Distributions = {
  /** ISO days: the first one of each period of the horizon. */
  from: string[]
  series: (Described & {
    basis: SeriesForecast['basis']
    /** Units by period, and by period and level. */
    mean: number[]
    quantiles: number[][]
  })[]
}

export type SpanAnswer = {
  forecasts: (SeriesForecast & { to: string })[]
  /** Set where the days reach beyond the horizon that the model was evaluated on. */
  evaluatedUntil?: string
}

/** Advice on an order of one series, as of the day after the last one known. */
export type SeriesOrder = Described & OrderAdvice

/**
 * Builds the panel of the sales. Forecasts are made when they are first asked for, and then kept: a
 * question costs what its own answer costs. Throws a `UserError` where the model knows none of the
 * series, or has learnt from later days.
 */
export function openForecaster({ model, totals, asOf }: ForecasterInput): Forecaster {
  const { frequency, censoring, horizon } = model.recipe
  const panel = buildPanel(totals, {
    frequency,
    ignoreStock: !censoring,
    ...(asOf !== undefined && { asOf }),
  })
  refuseForeign(model, panel)
  refuseSeen(model, panel)
  const firstPeriod = panel.firstPeriod + panel.periods
  const storesOf = seriesByProduct(panel)

  const forecasts = new Map<number, ReturnType<typeof forecast>>()
  const forecastAhead = (periods: number) =>
    remembered(forecasts, periods, () => forecast(model, panel, periods))
  const spans = new Map<number, ReturnType<typeof spanForecaster>>()
  const spansAhead = (periods: number) =>
    remembered(spans, periods, () => spanForecaster(model, panel, forecastAhead(periods)))

  const indicesOf = ({ productId, storeId }: ProductQuestion): number[] => {
    const stores = storesOf.get(productId)
    if (!stores) throw unknownProduct(storesOf, productId)
    if (storeId === undefined) return [...stores.values()]
    const index = stores.get(storeId)
    if (index === undefined) throw unknownStore(stores, productId, storeId)
    return [index]
  }

  const products = () =>
    [...storesOf.values()].map((stores) => described(panel.series[[...stores.values()][0]]))
  const orderDay = () => lastKnownDay(totals, panel, asOf) + 1
  const advisers = new WeakMap<Ordering, (index: number) => OrderAdvice>()
  const adviserBy = (ordering: Ordering) =>
    remembered(advisers, ordering, () => {
      const day = orderDay()
      const terms = panel.series.map((series) => termsOf(ordering, series))
      const last = Math.max(...terms.map((it) => lastDayToCover(it, day)))
      const periods = Math.min(
        Math.max(horizon, horizonUntil(panel, last)),
        MOST_HORIZONS * horizon,
      )
      const supply = supplyAsOf(totals, day - 1)
      return orderAdviser({
        model,
        panel,
        forecast: forecastAhead(periods),
        ordering,
        supply,
        day,
      })
    })

  return {
    all() {
      const { basis, mean, quantiles } = forecastAhead(horizon)
      const levels = LEVELS.length
      return panel.series.flatMap((series, i) =>
        Array.from({ length: horizon }, (_, h) => {
          const cell = i * horizon + h
          return {
            ...described(series),
            from: isoFromDay(firstDay(frequency, firstPeriod + h)),
            basis: basis[i],
            ...amount(mean[cell], quantiles.subarray(cell * levels, (cell + 1) * levels)),
          }
        }),
      )
    },
    distributions() {
      const { basis, mean, quantiles } = forecastAhead(horizon)
      const ahead = Array.from({ length: horizon }, (_, h) => h)
      const levels = LEVELS.length
      return {
        from: ahead.map((h) => isoFromDay(firstDay(frequency, firstPeriod + h))),
        series: panel.series.map((series, i) => ({
          ...described(series),
          basis: basis[i],
          mean: ahead.map((h) => mean[i * horizon + h]),
          quantiles: ahead.map((h) => {
            const cell = i * horizon + h
            return [...quantiles.subarray(cell * levels, (cell + 1) * levels)]
          }),
        })),
      }
    },
    span({ from, to, ...product }) {
      const indices = indicesOf(product)
      const start = Math.max(from, endOf(panel) + 1)
      const periods = horizonUntil(panel, to)
      refuseDays(panel, { from, to, start, periods, horizon })
      // What is forecast of a period does not depend on how many come after it.
      const ahead = periods > horizon ? MOST_HORIZONS * horizon : horizon
      const { basis } = forecastAhead(ahead)
      const spanOf = spansAhead(ahead)
      const evaluated = firstDay(frequency, firstPeriod + horizon) - 1
      return {
        forecasts: indices.map((i) => {
          const { mean, quantiles } = spanOf(i, start, to)
          return {
            ...described(panel.series[i]),
            from: isoFromDay(start),
            to: isoFromDay(to),
            basis: basis[i],
            ...amount(mean, quantiles),
          }
        }),
        ...(to > evaluated && { evaluatedUntil: isoFromDay(evaluated) }),
      }
    },
    find: (text) => findProduct(products(), text),
    orderDay,
    order(ordering, product) {
      const indices = product ? indicesOf(product) : [...panel.series.keys()]
      const advice = adviserBy(ordering)
      return indices.map((i) => ({ ...described(panel.series[i]), ...advice(i) }))
    },
  }
}

/** Farther than this many horizons ahead there is nothing honest to say. */
const MOST_HORIZONS = 3

function refuseForeign(model: Model, panel: Panel): void {
  const known = new Set(model.series)
  if (panel.series.some((series) => known.has(seriesId(series)))) return
  throw new UserError(
    `the model knows none of the ${panel.series.length} series in the sales: it was trained on others`,
    { remedy: 'Name the folder of the challenger that was trained on these sales with --out.' },
  )
}

function refuseSeen({ trainedThrough }: Model, panel: Panel): void {
  const learnt = dayFromIso(trainedThrough) ?? Number.POSITIVE_INFINITY
  if (learnt <= endOf(panel)) return
  throw new UserError(
    `the model has learnt from sales up to ${trainedThrough}, but the forecast starts after ${isoFromDay(endOf(panel))}: it has seen what it should forecast`,
    { remedy: 'Train with the same --as-of and --out first, then forecast with them.' },
  )
}

/** The index of every series in the panel, by product, then store. */
type Stores = Map<string | undefined, number>

function seriesByProduct({ series }: Panel): Map<string, Stores> {
  const products = new Map<string, Stores>()
  for (const [index, { productId, storeId }] of series.entries()) {
    remembered(products, productId, () => new Map()).set(storeId, index)
  }
  return products
}

function unknownProduct(known: Map<string, Stores>, productId: string): UserError {
  const some = [...known.keys()].slice(0, 5)
  return new UserError(`product ${JSON.stringify(productId)} has never been sold`, {
    remedy: `Products are named as in the sales files, such as ${some.join(', ')}.`,
  })
}

function unknownStore(stores: Stores, productId: string, storeId: string): UserError {
  const known = [...stores.keys()].slice(0, 10).map((store) => store ?? '(none)')
  return new UserError(
    `product ${productId} is not sold in store ${storeId}, but in ${known.join(', ')}`,
  )
}

function refuseDays(
  panel: Panel,
  span: { from: Day; to: Day; start: Day; periods: number; horizon: number },
): void {
  if (span.from > span.to) {
    throw new UserError(
      `the days must run forward, but go from ${isoFromDay(span.from)} to ${isoFromDay(span.to)}`,
    )
  }
  if (span.start > span.to) {
    throw new UserError(
      `${isoFromDay(span.to)} is over: sales are known up to ${isoFromDay(endOf(panel))}`,
      { remedy: 'Ask for later days, or give --as-of an earlier one to see what was forecast.' },
    )
  }
  if (span.periods > MOST_HORIZONS * span.horizon) {
    throw new UserError(
      `${isoFromDay(span.to)} is ${span.periods} ${panel.frequency}s ahead, but the model was evaluated ${span.horizon} ahead`,
      { remedy: 'Ask for an earlier day, or raise the horizon in the recipe and train again.' },
    )
  }
}

/** Sales of the unfinished period are known too, and count against the stock. */
function lastKnownDay(totals: DailyTotals, panel: Panel, asOf: Day | undefined): Day {
  return Math.max(endOf(panel), lastSaleDay(totals, asOf) ?? endOf(panel))
}

function described({ productId, storeId, name, category }: Series): Described {
  return {
    productId,
    ...(storeId !== undefined && { storeId }),
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
  }
}

function amount(mean: number, quantiles: ArrayLike<number>): Amount {
  const at = (level: number) => quantiles[LEVELS.indexOf(level)]
  return { mean, p2_5: at(0.025), p10: at(0.1), p50: at(0.5), p90: at(0.9), p97_5: at(0.975) }
}
