import { threadPool } from '../../base/threads.ts'
import type { UnitsSold } from '../../demand/units-sold.ts'
import { inBundles } from './bundles.ts'
import {
  type Answered,
  type DaysOfSeries,
  EngineUnavailable,
  type ForecastAnswered,
  type InProduction,
  type OrderAnswered,
  type ProductView,
} from './engine.ts'
import { keepingForecasts } from './kept-forecasts.ts'
import type { ProductionPlace } from './load-production.ts'
import {
  type AskedOfProduction,
  type ProductionResult,
  type ProductionTask,
  productionWork,
  type ToldByProduction,
} from './production-work.ts'

/**
 * One version with its sales in a thread of its own, as whoever answers requests sees it: what
 * `LoadedProduction` says, and rejects with `EngineUnavailable` where the thread has died.
 */
export type ProductionThread = {
  now: Omit<InProduction, 'refused' | 'shadow'>
  forecasts(questions: readonly unknown[]): Promise<Answered<ForecastAnswered>[]>
  orders(questions?: readonly unknown[]): Promise<Answered<OrderAnswered[]>[]>
  product(product: string, store?: string): Promise<ProductView | undefined>
  sold(spans: readonly DaysOfSeries[]): Promise<(UnitsSold | undefined)[]>
  /** Answers what it was asked, and ends. */
  retire(): Promise<void>
}

/**
 * Loads what stands in a place in a thread. Rejects as `loadProduction` does; `onDeath` says that the
 * thread has ended by itself, with all that it was asked.
 */
export async function startProduction(
  place: ProductionPlace,
  onDeath: (cause: unknown) => void,
): Promise<ProductionThread> {
  const pool = threadPool<ProductionTask, ProductionResult>({
    threads: 1,
    worker: new URL('production-worker.ts', import.meta.url),
    work: productionWork(),
    onDeath,
  })
  const { now } = await loadedBy(pool.run({ ask: 'load', place }), () => pool.close())

  const { add, idle } = inBundles(async (questions: AskedOfProduction[]) => {
    const result = await pool.run({ ask: 'answer', questions }).catch((cause) => {
      throw new EngineUnavailable(cause)
    })
    if (result.told !== 'answers') throw new Error(`a thread told ${result.told} for answers`)
    return result.answers
  })
  const ask = async <Ask extends AskedOfProduction['ask']>(
    question: AskedOfProduction & { ask: Ask },
  ) => {
    const told = await add(question)
    if (told.told === 'failure') throw told.cause
    // Of each kind of question, the kind of answer has the name.
    return told as Extract<ToldByProduction, { told: Ask }>
  }

  const orders = async (questions?: readonly unknown[]) =>
    (await ask({ ask: 'orders', ...(questions && { questions }) })).answers
  let everyOrder: ReturnType<typeof orders> | undefined
  return {
    now,
    forecasts: keepingForecasts(
      async (questions) => (await ask({ ask: 'forecasts', questions })).answers,
    ),
    orders(questions) {
      if (questions) return orders(questions)
      // They take long to be handed over, and stay the same.
      everyOrder ??= orders()
      return everyOrder
    },
    async product(product, store) {
      const series = { product, ...(store !== undefined && { store }) }
      return (await ask({ ask: 'product', ...series })).view
    },
    sold: async (spans) => (await ask({ ask: 'sold', spans })).sold,
    async retire() {
      await idle()
      await pool.close()
    },
  }
}

async function loadedBy(loading: Promise<ProductionResult>, giveUp: () => Promise<void>) {
  try {
    const result = await loading
    if (result.told !== 'loaded') throw new Error(`a thread told ${result.told} for loaded`)
    return result
  } catch (error) {
    await giveUp()
    throw error
  }
}
