import type { FieldProblem } from '../../base/schema.ts'
import type { Json } from '../../base/schema-parts.ts'
import type { QuestionSchema } from '../../forecasting/question-schema.ts'
import type { Basis } from '../../ledger/events/event.ts'
import type { SeriesOrder } from '../../ordering/forecaster.ts'
import type { NoAnswer } from '../../ordering/no-answer.ts'
import type { OrderCosts } from '../../ordering/order-costs.ts'

/**
 * The model in production with its sales, as the service asks it. Every call is answered by one
 * version from beginning to end: `basis` says by which.
 */
export type Engine = {
  /** What is in production now. */
  current(): InProduction
  /** As many answers as questions, in their order: what is wrong with one says nothing of others. */
  forecasts(
    questions: readonly unknown[],
  ): Promise<{ basis: Basis; answers: Answered<ForecastAnswered>[] }>
  /**
   * What to order of the products asked for in the morning of `day`, an ISO day; without any, of
   * every series, in one answer.
   */
  orders(
    questions?: readonly unknown[],
  ): Promise<{ basis: Basis; day: string; answers: Answered<OrderAnswered[]>[] }>
  /** All that a page about one series shows; undefined where there is no such series. */
  product(product: string, store?: string): Promise<{ basis: Basis; view: ProductView } | undefined>
  /** Called whenever other sales or another version have taken over. */
  onChange(listener: (now: InProduction) => void): void
  /** Answers what it was asked, and ends. */
  close(): Promise<void>
}

export type InProduction = {
  basis: Basis
  modelName: string
  trainedThrough: string
  /** ISO day: the one in whose morning is ordered. */
  orderDay: string
  /** JSON Schema (2020-12) of a question, as the artifact has it. */
  inputs: QuestionSchema
  series: SeriesShown[]
  /** What is tried beside it, where anything is: its forecasts go into the events alone. */
  shadow?: { model: string; name: string }
  /** Why what was found since could not take over, where it could not: the version shown stays. */
  refused?: { at: string; problem: string }
  /** How old the sales are: as `ordering/sales-age.ts`. */
  age: { through: string; days: number; rhythm: number }
}

export type SeriesShown = { product: string; store?: string; name?: string; category?: string }

/** ISO days of a series, both inclusive. */
export type DaysOfSeries = { product: string; store?: string; from: string; to: string }

export type { FieldProblem }

/** An answer, or what is wrong with the question. */
export type Answered<T> = { outcome: 'answered'; answer: T } | RefusedQuestion

/** With why nothing can be said of days that could be asked, for whoever words that otherwise. */
export type RefusedQuestion = { outcome: 'refused'; problems: FieldProblem[]; noAnswer?: NoAnswer }

export type ForecastAnswered = SeriesShown & {
  from: string
  to: string
  inputs?: Record<string, Json>
  mean: number
  /** At `LEVELS`. */
  quantiles: number[]
  restsOn: 'series' | 'category'
  /** Set where its part has no model of its own: the part whose model stands in. */
  standsIn?: string
  baseline?: { mean: number }
  /** If nothing were planned, where anything is. */
  withoutPlan?: { mean: number }
  shadow?: { model: string; mean: number; quantiles: number[] }
  /** ISO day: set where the days reach beyond what the model was evaluated on. */
  evaluatedUntil?: string
}

export type OrderAnswered = { order: SeriesOrder; costs?: OrderCosts }

export type ProductView = SeriesShown & {
  /** By period, the oldest first: units sold, and whether stock ran out in it. */
  history: { from: string; units: number; censored: boolean }[]
  /** By period of the horizon. */
  ahead: { from: string; mean: number; quantiles: number[] }[]
  frequency: 'day' | 'week' | 'month'
  /** Units on hand and on order, by the last day on which they can be sold, where they expire. */
  stock?: { units: number; lastDay?: string }[]
  order?: OrderAnswered
  /**
   * How far the model was off in its backtest on this product, where known; and seasonal naive, where
   * the model was judged against that.
   */
  backtest?: { wape: number; naiveWape?: number }
}

/** The thread that answers has died, and another is being started: ask again in a moment. */
export class EngineUnavailable extends Error {
  constructor(cause: unknown) {
    super('the forecasts are being loaded again', { cause })
    this.name = 'EngineUnavailable'
  }
}
