import { type Day, dayFromIso, isoFromDay } from '../base/day.ts'
import { UserError } from '../base/errors.ts'
import { BoundedMap, remembered } from '../base/remembered.ts'
import type { Json } from '../base/schema-parts.ts'
import { firstDay, lastDay } from '../demand/calendar.ts'
import { buildPanel, endOf, type Panel, type Series } from '../demand/panel.ts'
import { planOn, planWith } from '../demand/panel-plan.ts'
import { LEVELS } from '../forecasting/levels.ts'
import { type Forecast, horizonUntil, type Model } from '../forecasting/model.ts'
import { type QuestionSchema, takesPlan } from '../forecasting/question-schema.ts'
import type { Plan } from '../sales/plan/plan.ts'
import { type DailyTotals, lastSaleDay, seriesId } from '../sales/totals/daily-totals.ts'
import { askedDays, MOST_HORIZONS } from './asked-days.ts'
import { type Ordering, termsOf } from './buying-terms.ts'
import { type NoAnswer, noAnswerError } from './no-answer.ts'
import type { AdvisedWithCosts, OrderAdvice } from './order-advice.ts'
import { lastDayToCover } from './order-decision.ts'
import { type PlannedAhead, plannedAhead } from './planned-ahead.ts'
import { type ProductQuestion, type SeriesIndex, seriesIndex } from './series-index.ts'
import { type Supply, supplyAsOf } from './supply.ts'
import { plannedIf, whatIfOf } from './what-if.ts'

export type ForecasterInput = {
  model: Model
  totals: DailyTotals
  /** What was planned; a model that takes no plan knows nothing of it. */
  plan?: Plan
  /** The forecaster knows nothing later than this day; without one, all that the totals hold. */
  asOf?: Day
}

/** A model with the sales that it forecasts from: opened once, asked often. */
export type Forecaster = SeriesIndex & {
  /** What it forecasts, in the order of the sales. */
  series: readonly Series[]
  /** All that it knows of the series at this place. */
  known(index: number): KnownSeries
  /** What it can be asked: of all series, or of the one at this place. */
  inputs(index?: number): QuestionSchema
  /** Those that are forecast by a model that was not trained for them: of all, or of a product's. */
  standIns(product?: ProductQuestion): StandIn[]
  /** The forecasts of the periods of the horizon, with what is planned for them, by series, then period. */
  all(): SeriesForecast[]
  /** The same with the quantiles at all of `LEVELS`, series by series. */
  distributions(): Distributions
  /**
   * How many units of a product will sell on the days `from` to `to`, inclusive, as planned or with
   * what the inputs plan for these days. Throws a `UserError` for a product that never sold, for days
   * that are over or too far off, and for inputs that the model does not take.
   */
  span(question: SpanQuestion): SpanAnswer
  /** The same with all quantiles, and with what seasonal naive would have said. */
  spanDistributions(question: SpanQuestion): SpanDistributions
  /** Why `span` would throw; undefined where it would not. */
  noAnswer(question: SpanQuestion): NoAnswer | undefined
  /** The day on which is ordered, in the morning: the one after the last day whose sales are known. */
  orderDay(): Day
  /**
   * What to order on the morning of `orderDay`: of every series, or of one product's, as planned or
   * with what the inputs plan. Throws a `UserError` for a product that never sold, for days that nobody can
   * plan any more, and for inputs that the model does not take.
   */
  order(ordering: Ordering, product?: OrderQuestion): SeriesOrder[]
  /** The same with what it can be expected to cost. */
  advise(ordering: Ordering, product?: OrderQuestion): SeriesAdvice[]
}

/** A series as a row of a panel, and of its forecast for the periods of the horizon. */
export type KnownSeries = {
  panel: Panel
  row: number
  ahead: Forecast
  /** Prices, costs and stock on the morning of the day on which is ordered. */
  supply: Supply | undefined
}

/** A part of a chain that has no model of its own, and that whose model forecasts it. */
export type StandIn = { part: string; by: string }

/** A product, and what is planned of it in place of what is; without days, for all of the horizon. */
export type OrderQuestion = ProductQuestion & Partial<Pick<SpanQuestion, 'from' | 'to' | 'inputs'>>

export type SpanQuestion = ProductQuestion & {
  from: Day
  to: Day
  /** What else the model itself says that it can be asked. */
  inputs?: Readonly<Record<string, Json>>
}

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
    /** What it would be if nothing were planned, where anything is. */
    withoutPlan?: { mean: number }
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

export type SpanDistributions = {
  /** ISO days: the first of those asked for that is still to come, and the last. */
  from: string
  to: string
  series: SpanDistribution[]
  evaluatedUntil?: string
}

export type SpanDistribution = Described & {
  basis: 'series' | 'category'
  mean: number
  /** Units at `LEVELS`. */
  quantiles: number[]
  /** The mean of seasonal naive. */
  baseline(): number
  /** What it would be if nothing were planned, where anything is. */
  withoutPlan?: { mean: number }
}

/** Advice on an order of one series, as of the day after the last one known. */
export type SeriesOrder = Described & OrderAdvice

export type SeriesAdvice = { order: SeriesOrder; costs: AdvisedWithCosts['costs'] }

/**
 * Builds the panel of the sales. Forecasts are made when they are first asked for, and then kept: a
 * question costs what its own answer costs. Throws a `UserError` where the model knows none of the
 * series, or has learnt from later days.
 */
export function openForecaster({ model, totals, plan, asOf }: ForecasterInput): Forecaster {
  const { frequency, censoring, horizon } = model.recipe
  const panel = buildPanel(totals, {
    frequency,
    ignoreStock: !censoring,
    ...(plan && takesPlan(model.inputs) && { plan: planOn(plan, asOf) }),
    ...(asOf !== undefined && { asOf }),
  })
  if (!totals.chain) refuseForeign(model, panel)
  refuseSeen(model, panel)
  const index = seriesIndex(panel)
  const orderDay = lastKnownDay(totals, panel, asOf) + 1
  const endOfHorizon = lastDay(frequency, panel.firstPeriod + panel.periods + horizon - 1)
  const asPlanned = plannedAhead(model, panel)
  const { ahead } = asPlanned
  const others = new BoundedMap<string, PlannedAhead>(MOST_WHAT_IFS)
  const aheadIf = (question: SpanQuestion): PlannedAhead => {
    const asked = whatIfOf(question.inputs)
    if (!asked) return asPlanned
    const days = askedDays(panel, horizon, question.from, question.to)
    if (days.outcome !== 'ahead') throw noAnswerError(days)
    const coming = { ...question, from: days.start }
    const row = plannedIf(asked, coming, { inputs: model.inputs, today: orderDay })
    return remembered(others, JSON.stringify(row), () =>
      plannedAhead(model, { ...panel, plan: planWith(panel.plan, row) }),
    )
  }
  let supply: Map<string, Supply> | undefined
  const supplyThen = () => {
    supply ??= supplyAsOf(totals, orderDay - 1, asOf ?? Number.POSITIVE_INFINITY)
    return supply
  }

  const indicesOf = (product: ProductQuestion): number[] => {
    const found = index.seriesOf(product)
    if (found.outcome !== 'found') throw noAnswerError(found)
    return found.indices
  }

  const advise = (ordering: Ordering, product?: OrderQuestion): SeriesAdvice[] => {
    const indices = product ? indicesOf(product) : [...panel.series.keys()]
    const asked = product ? aheadIf({ from: orderDay, to: endOfHorizon, ...product }) : asPlanned
    const adviceOf = asked.adviser(ordering, () => {
      const periods = periodsToOrderFor(panel, ordering, orderDay, horizon)
      return { ordering, periods, supply: supplyThen(), day: orderDay }
    })
    return indices.map((i) => {
      const { advice, costs } = adviceOf(i)
      return { order: { ...described(panel.series[i]), ...advice }, costs }
    })
  }

  const spanDistributions = (question: SpanQuestion): SpanDistributions => {
    const { from, to } = question
    const indices = indicesOf(question)
    const days = askedDays(panel, horizon, from, to)
    if (days.outcome !== 'ahead') throw noAnswerError(days)
    const { start, periods, evaluatedUntil } = days
    const asked = aheadIf(question)
    const { forecast, span, baseline } = asked.ahead(periods)
    return {
      from: isoFromDay(start),
      to: isoFromDay(to),
      series: indices.map((i) => ({
        ...described(panel.series[i]),
        basis: forecast.basis[i],
        ...span(i, start, to),
        baseline: () => baseline(i, start, to),
        ...(asked.isPlanned(i, start, to) && {
          withoutPlan: { mean: asked.unplanned(periods).span(i, start, to).mean },
        }),
      })),
      ...(evaluatedUntil !== undefined && { evaluatedUntil: isoFromDay(evaluatedUntil) }),
    }
  }

  return {
    series: panel.series,
    known: (row) => ({
      panel,
      row,
      ahead: ahead(horizon).forecast,
      supply: supplyThen().get(seriesId(panel.series[row])),
    }),
    inputs: () => model.inputs,
    standIns: () => [],
    all: () => forecastsOf(allDistributions(panel, ahead(horizon).forecast)),
    distributions: () => allDistributions(panel, ahead(horizon).forecast),
    spanDistributions,
    span(question) {
      const { from, to, series, evaluatedUntil } = spanDistributions(question)
      return {
        forecasts: series.map(({ mean, quantiles, baseline: _, basis, withoutPlan, ...named }) => {
          const without = withoutPlan && { withoutPlan }
          return { ...named, from, to, basis, ...amount(mean, quantiles), ...without }
        }),
        ...(evaluatedUntil && { evaluatedUntil }),
      }
    },
    noAnswer({ from, to, ...product }) {
      const found = index.seriesOf(product)
      if (found.outcome !== 'found') return found
      const days = askedDays(panel, horizon, from, to)
      return days.outcome === 'ahead' ? undefined : days
    },
    ...index,
    orderDay: () => orderDay,
    advise,
    order: (ordering, product) => advise(ordering, product).map(({ order }) => order),
  }
}

/** The forecasts of every series in every period, by series, then period. */
export function forecastsOf({ from, series }: Distributions): SeriesForecast[] {
  return series.flatMap(({ mean, quantiles, basis, ...named }) =>
    from.map((day, h) => ({ ...named, from: day, basis, ...amount(mean[h], quantiles[h]) })),
  )
}

/** Each keeps its forecasts of all series. */
const MOST_WHAT_IFS = 8

function allDistributions(
  panel: Panel,
  { basis, mean, quantiles, horizon }: Forecast,
): Distributions {
  const ahead = Array.from({ length: horizon }, (_, h) => h)
  const levels = LEVELS.length
  return {
    from: ahead.map((h) =>
      isoFromDay(firstDay(panel.frequency, panel.firstPeriod + panel.periods + h)),
    ),
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
}

/** As far as the longest of the terms needs, where anything honest can be said of it. */
function periodsToOrderFor(panel: Panel, ordering: Ordering, day: Day, horizon: number): number {
  const last = Math.max(
    ...panel.series.map((series) => lastDayToCover(termsOf(ordering, series), day)),
  )
  return Math.min(Math.max(horizon, horizonUntil(panel, last)), MOST_HORIZONS * horizon)
}

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

/** Sales of the unfinished period are known too, and count against the stock. */
export function lastKnownDay(totals: DailyTotals, panel: Panel, asOf: Day | undefined): Day {
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
