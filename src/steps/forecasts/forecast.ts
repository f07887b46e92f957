import { type Day, dayFromIso, isoFromDay } from '../../base/day.ts'
import { UserError } from '../../base/errors.ts'
import { firstDay } from '../../demand/calendar.ts'
import type { Panel, Series } from '../../demand/panel.ts'
import { endOf, openHistory } from '../../evaluation/search/history.ts'
import {
  forecast as forecastPanel,
  forecastSpan,
  horizonUntil,
  LEVELS,
  type Model,
} from '../../forecasting/model.ts'
import { type Ordering, termsOf } from '../../ordering/buying-terms.ts'
import { type OrderAdvice, orderAdvice } from '../../ordering/order-advice.ts'
import { lastDayToCover } from '../../ordering/order-decision.ts'
import { supplyAsOf } from '../../ordering/supply.ts'
import {
  type DailyTotals,
  lastSaleDay,
  seriesId,
  totalsAsOf,
} from '../../sales/totals/daily-totals.ts'

/** Units sold with an 80% interval (p10 to p90) and a 95% one (p2_5 to p97_5). */
export type Amount = {
  mean: number
  p2_5: number
  p10: number
  p50: number
  p90: number
  p97_5: number
}

export type SeriesForecast = Amount & {
  productId: string
  storeId?: string
  name?: string
  category?: string
  /** ISO day: the first day of the period, or of the days asked for. */
  from: string
  /** Whose history the forecast rests on; `category` for what has not sold yet. */
  basis: 'series' | 'category'
}

export type ForecastInput = { totals: DailyTotals; model: Model; asOf?: Day }

/** Forecasts of every series in every period of the horizon, by series, then period. */
export function forecastAll({ totals, model, asOf }: ForecastInput): SeriesForecast[] {
  const panel = panelFor(totals, model, asOf)
  const made = forecastPanel(model, panel)
  const levels = LEVELS.length
  return made.series.flatMap((series, i) =>
    Array.from({ length: made.horizon }, (_, h) => {
      const cell = i * made.horizon + h
      const quantiles = made.quantiles.subarray(cell * levels, (cell + 1) * levels)
      return {
        ...described(series),
        from: isoFromDay(firstDay(panel.frequency, made.firstPeriod + h)),
        basis: made.basis[i],
        ...amount(made.mean[cell], quantiles),
      }
    }),
  )
}

export type SpanInput = ForecastInput & {
  productId: string
  /** Where the product is sold in several stores: which; without it, each of them. */
  storeId?: string
  from: Day
  to: Day
}

export type SpanAnswer = {
  forecasts: (SeriesForecast & { to: string })[]
  /** Set where the days reach beyond the horizon that the model was evaluated on. */
  evaluatedUntil?: string
}

/**
 * How many units of a product will sell on the days `from` to `to`, inclusive. Throws a `UserError`
 * for a product that never sold, and for days that are over or too far off.
 */
export function forecastDays(input: SpanInput): SpanAnswer {
  const { totals, model, asOf, productId, storeId, from, to } = input
  const panel = panelFor(totals, model, asOf)
  const wanted = panel.series.flatMap((series, i) =>
    series.productId === productId && (storeId === undefined || series.storeId === storeId)
      ? [i]
      : [],
  )
  if (wanted.length === 0) throw unknownProduct(panel, productId, storeId)
  const start = Math.max(from, endOf(panel) + 1)
  const { horizon } = model.recipe
  const steps = horizonUntil(panel, to)
  refuseDays(panel, { from, to, start, steps, horizon })
  const made = forecastPanel(model, panel, Math.max(steps, horizon))
  const spans = forecastSpan(model, panel, made, start, to)
  const evaluated = firstDay(panel.frequency, made.firstPeriod + horizon) - 1
  return {
    forecasts: wanted.map((i) => ({
      ...described(panel.series[i]),
      from: isoFromDay(start),
      to: isoFromDay(to),
      basis: made.basis[i],
      ...amount(spans[i].mean, spans[i].quantiles),
    })),
    ...(to > evaluated && { evaluatedUntil: isoFromDay(evaluated) }),
  }
}

/** Farther than this many horizons ahead there is nothing honest to say. */
const MOST_HORIZONS = 3

/** Advice on an order of one series, as of the day after the last one known. */
export type SeriesOrder = OrderAdvice & {
  productId: string
  storeId?: string
  name?: string
  category?: string
}

/** What to order of every series on the morning after the last day known, by series. */
export function orderAll({
  totals,
  model,
  asOf,
  ordering,
}: ForecastInput & { ordering: Ordering }): SeriesOrder[] {
  const panel = panelFor(totals, model, asOf)
  const day = lastKnownDay(totals, panel, asOf) + 1
  const terms = panel.series.map((series) => termsOf(ordering, series))
  const last = Math.max(...terms.map((it) => lastDayToCover(it, day)))
  const { horizon } = model.recipe
  const steps = Math.min(Math.max(horizon, horizonUntil(panel, last)), MOST_HORIZONS * horizon)
  const advice = orderAdvice({
    model,
    panel,
    forecast: forecastPanel(model, panel, steps),
    ordering,
    supply: supplyAsOf(totals, day - 1),
    day,
  })
  return panel.series.map((series, i) => ({ ...described(series), ...advice[i] }))
}

/** Sales of the unfinished period are known too, and count against the stock. */
function lastKnownDay(totals: DailyTotals, panel: Panel, asOf: Day | undefined): Day {
  const known = asOf === undefined ? totals : totalsAsOf(totals, asOf)
  return Math.max(endOf(panel), lastSaleDay(known) ?? endOf(panel))
}

function panelFor(totals: DailyTotals, model: Model, asOf: Day | undefined): Panel {
  const panel = openHistory(totals, { asOf }).panel(model.recipe)
  const known = new Set(model.series)
  if (!panel.series.some((series) => known.has(seriesId(series)))) {
    throw new UserError(
      `the model knows none of the ${panel.series.length} series in the sales: it was trained on others`,
      { remedy: 'Name the folder of the challenger that was trained on these sales with --out.' },
    )
  }
  const trainedThrough = dayFromIso(model.trainedThrough) ?? Number.POSITIVE_INFINITY
  if (trainedThrough > endOf(panel)) {
    throw new UserError(
      `the model has learnt from sales up to ${model.trainedThrough}, but the forecast starts after ${isoFromDay(endOf(panel))}: it has seen what it should forecast`,
      { remedy: 'Train with the same --as-of and --out first, then forecast with them.' },
    )
  }
  return panel
}

function refuseDays(
  panel: Panel,
  span: { from: Day; to: Day; start: Day; steps: number; horizon: number },
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
  if (span.steps > MOST_HORIZONS * span.horizon) {
    throw new UserError(
      `${isoFromDay(span.to)} is ${span.steps} ${panel.frequency}s ahead, but the model was evaluated ${span.horizon} ahead`,
      { remedy: 'Ask for an earlier day, or raise the horizon in the recipe and train again.' },
    )
  }
}

function unknownProduct(panel: Panel, productId: string, storeId: string | undefined): UserError {
  const stores = panel.series.filter((series) => series.productId === productId)
  if (stores.length > 0) {
    const known = stores.map((series) => series.storeId ?? '(none)').slice(0, 10)
    return new UserError(
      `product ${productId} is not sold in store ${storeId}, but in ${known.join(', ')}`,
    )
  }
  const some = [...new Set(panel.series.map((series) => series.productId))].slice(0, 5)
  return new UserError(`product ${JSON.stringify(productId)} has never been sold`, {
    remedy: `Products are named as in the sales files, such as ${some.join(', ')}.`,
  })
}

function described({ productId, storeId, name, category }: Series) {
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
