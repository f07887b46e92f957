import type { Day } from '../base/day.ts'
import type { Json } from '../base/schema-parts.ts'
import type { Panel, Series } from '../demand/panel.ts'
import { LEVELS } from '../forecasting/levels.ts'
import type { Forecast } from '../forecasting/model.ts'
import type { QuestionSchema } from '../forecasting/question-schema.ts'
import type { AskedDays } from './asked-days.ts'
import type { Ordering } from './buying-terms.ts'
import { type NoAnswer, noAnswerError } from './no-answer.ts'
import type { AdvisedWithCosts, OrderAdvice } from './order-advice.ts'
import type { ProductQuestion, SeriesIndex } from './series-index.ts'
import type { Supply } from './supply.ts'

/**
 * A model with the sales that it forecasts from: opened once, asked often, whether it is one model of
 * all series (`openForecaster`) or has a model for each part of the chain (`forecasterOfParts`).
 */
export abstract class Forecaster implements SeriesIndex {
  /** What it forecasts, in the order of the sales. */
  abstract readonly series: readonly Series[]
  /** The day on which is ordered, in the morning: the one after the last day whose sales are known. */
  abstract readonly orderDay: Day
  protected abstract readonly index: SeriesIndex

  /** All that it knows of the series at this place. */
  abstract known(index: number): KnownSeries
  /** What it can be asked: of all series, or of the one at this place. */
  abstract inputs(index?: number): QuestionSchema
  /** Those that are forecast by a model that was not trained for them: of all, or of a product's. */
  abstract standIns(product?: ProductQuestion): StandIn[]
  /**
   * The forecasts of the periods of the horizon, with what is planned for them, at all of `LEVELS`,
   * series by series.
   */
  abstract distributions(): Distributions
  /** As `span`, with all quantiles, and with what seasonal naive would have said. */
  abstract spanDistributions(question: SpanQuestion): SpanDistributions
  /** As `order`, with what it can be expected to cost. */
  abstract advise(ordering: Ordering, product?: OrderQuestion): SeriesAdvice[]
  /** What can be said of these days, whatever the product. */
  protected abstract daysAsked(from: Day, to: Day): AskedDays

  /** The forecasts of the periods of the horizon, by series, then period. */
  all(): SeriesForecast[] {
    return forecastsOf(this.distributions())
  }

  /**
   * How many units of a product will sell on the days `from` to `to`, inclusive, as planned or with
   * what the inputs plan for these days. Throws a `UserError` for a product that never sold, for days
   * that are over or too far off, and for inputs that the model does not take.
   */
  span(question: SpanQuestion): SpanAnswer {
    const { from, to, series, evaluatedUntil } = this.spanDistributions(question)
    return {
      forecasts: series.map(({ mean, quantiles, baseline: _, basis, withoutPlan, ...named }) => {
        const without = withoutPlan && { withoutPlan }
        return { ...named, from, to, basis, ...amount(mean, quantiles), ...without }
      }),
      ...(evaluatedUntil && { evaluatedUntil }),
    }
  }

  /** Why `span` would throw, but for its inputs; undefined where it would not. */
  noAnswer({ from, to, ...product }: SpanQuestion): NoAnswer | undefined {
    const found = this.seriesOf(product)
    if (found.outcome !== 'found') return found
    const days = this.daysAsked(from, to)
    return days.outcome === 'ahead' ? undefined : days
  }

  /**
   * What to order on the morning of `orderDay`: of every series, or of one product's, as planned or
   * with what the inputs plan. Throws a `UserError` for a product that never sold, for days that nobody can
   * plan any more, and for inputs that the model does not take.
   */
  order(ordering: Ordering, product?: OrderQuestion): SeriesOrder[] {
    return this.advise(ordering, product).map(({ order }) => order)
  }

  seriesOf(product: ProductQuestion) {
    return this.index.seriesOf(product)
  }

  storesOf(productId: string) {
    return this.index.storesOf(productId)
  }

  find(text: string) {
    return this.index.find(text)
  }

  /** The places of the series of a product. Throws a `UserError` where it never sold. */
  protected placesOf(product: ProductQuestion): number[] {
    const found = this.seriesOf(product)
    if (found.outcome !== 'found') throw noAnswerError(found)
    return found.indices
  }
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

/** How a series is called. */
export type Described = { productId: string; storeId?: string; name?: string; category?: string }

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

/** The forecasts of every series in every period, by series, then period. */
export function forecastsOf({ from, series }: Distributions): SeriesForecast[] {
  return series.flatMap(({ mean, quantiles, basis, ...named }) =>
    from.map((day, h) => ({ ...named, from: day, basis, ...amount(mean[h], quantiles[h]) })),
  )
}

function amount(mean: number, quantiles: ArrayLike<number>): Amount {
  const at = (level: number) => quantiles[LEVELS.indexOf(level)]
  return { mean, p2_5: at(0.025), p10: at(0.1), p50: at(0.5), p90: at(0.9), p97_5: at(0.975) }
}
