import type { UnitsSold } from '../../demand/units-sold.ts'
import type {
  Answered,
  DaysOfSeries,
  ForecastAnswered,
  InProduction,
  OrderAnswered,
  ProductView,
} from './engine.ts'
import { type LoadedProduction, loadProduction, type ProductionPlace } from './load-production.ts'

/** What a thread is asked: first to load, then of many at once, since a message costs more than an answer. */
export type ProductionTask =
  | { ask: 'load'; place: ProductionPlace }
  | { ask: 'answer'; questions: AskedOfProduction[] }

export type AskedOfProduction =
  | { ask: 'forecasts'; questions: readonly unknown[] }
  | { ask: 'orders'; questions?: readonly unknown[] }
  | { ask: 'product'; product: string; store?: string }
  | { ask: 'sold'; spans: readonly DaysOfSeries[] }

export type ProductionResult =
  | { told: 'loaded'; now: Omit<InProduction, 'refused' | 'shadow'> }
  | { told: 'answers'; answers: ToldByProduction[] }

/** One error is not that of the questions beside it. */
export type ToldByProduction =
  | { told: 'forecasts'; answers: Answered<ForecastAnswered>[] }
  | { told: 'orders'; answers: Answered<OrderAnswered[]>[] }
  | { told: 'product'; view: ProductView | undefined }
  | { told: 'sold'; sold: (UnitsSold | undefined)[] }
  | { told: 'failure'; cause: unknown }

/** Loads one version with its sales, and answers by it from then on. */
export function productionWork(): (task: ProductionTask) => Promise<ProductionResult> {
  let loaded: LoadedProduction | undefined
  return async (task) => {
    if (task.ask === 'load') {
      loaded = await loadProduction(task.place)
      return { told: 'loaded', now: loaded.now }
    }
    if (!loaded) throw new Error('a thread was asked before it had loaded anything')
    const by = loaded
    return { told: 'answers', answers: task.questions.map((asked) => answerBy(by, asked)) }
  }
}

function answerBy(loaded: LoadedProduction, asked: AskedOfProduction): ToldByProduction {
  try {
    switch (asked.ask) {
      case 'forecasts':
        return { told: 'forecasts', answers: loaded.forecasts(asked.questions) }
      case 'orders':
        return { told: 'orders', answers: loaded.orders(asked.questions) }
      case 'product':
        return { told: 'product', view: loaded.product(asked.product, asked.store) }
      case 'sold':
        return { told: 'sold', sold: loaded.sold(asked.spans) }
    }
  } catch (cause) {
    return { told: 'failure', cause }
  }
}
