import { threadPool } from '../../base/threads.ts'
import {
  type Answered,
  EngineUnavailable,
  type ForecastAnswered,
  type InProduction,
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

/** One version with its sales in a thread of its own, as whoever answers requests sees it. */
export type ProductionThread = {
  now: Omit<InProduction, 'refused'>
  ask(question: AskedOfProduction): Promise<ToldByProduction>
  /** As asked for forecasts; what was answered before is kept. */
  forecasts(questions: readonly unknown[]): Promise<Answered<ForecastAnswered>[]>
  /** Answers what it was asked, and ends. */
  retire(): Promise<void>
}

/**
 * Loads what stands in a place in a thread. What is asked in one turn of the event loop goes there as
 * one message. Rejects as `loadProduction` does; `onDeath` says that the thread has ended by itself,
 * with all that it was asked.
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

  type Waiting = { question: AskedOfProduction } & PromiseWithResolvers<ToldByProduction>
  let waiting: Waiting[] = []
  const underway = new Set<Promise<void>>()
  const send = async (asked: Waiting[]) => {
    try {
      const result = await pool.run({
        ask: 'answer',
        questions: asked.map(({ question }) => question),
      })
      if (result.told !== 'answers') throw new Error(`a thread told ${result.told} for answers`)
      for (const [i, { resolve }] of asked.entries()) resolve(result.answers[i])
    } catch (cause) {
      for (const { reject } of asked) reject(new EngineUnavailable(cause))
    }
  }
  const flush = () => {
    const sent = send(waiting)
    waiting = []
    underway.add(sent)
    sent.finally(() => underway.delete(sent))
  }

  const ask = (question: AskedOfProduction) => {
    // After the requests that have come in together.
    if (waiting.length === 0) setImmediate(flush)
    const answer = Promise.withResolvers<ToldByProduction>()
    waiting.push({ question, ...answer })
    return answer.promise
  }

  return {
    now,
    ask,
    forecasts: keepingForecasts(async (questions) => {
      const told = await ask({ ask: 'forecasts', questions })
      if (told.told === 'forecasts') return told.answers
      throw told.told === 'failure' ? told.cause : new Error(`a thread told ${told.told}`)
    }),
    async retire() {
      if (waiting.length > 0) await Promise.allSettled(waiting.map(({ promise }) => promise))
      await Promise.all(underway)
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
