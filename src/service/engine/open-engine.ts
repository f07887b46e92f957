import type { Engine, InProduction } from './engine.ts'
import type { ProductionPlace } from './load-production.ts'
import { type ProductionThread, startProduction } from './production-thread.ts'
import type { AskedOfProduction, ToldByProduction } from './production-work.ts'

/** An engine that can be told what else to answer by. */
export type OpenedEngine = Engine & {
  /**
   * Loads what stands in a place beside what answers now, and changes over between two questions.
   * What cannot be loaded is refused: `current` says why, and what answered goes on.
   */
  load(place: ProductionPlace): Promise<void>
}

/** Loads what is in production in a place. Throws a `UserError` where it cannot be believed. */
export async function openEngine(place: ProductionPlace): Promise<OpenedEngine> {
  const listeners: ((now: InProduction) => void)[] = []
  let live: ProductionThread = await startProduction(place, () => {})
  let refused: InProduction['refused']
  const current = (): InProduction => ({ ...live.now, ...(refused && { refused }) })

  const ask = async <Told extends ToldByProduction['told']>(
    question: AskedOfProduction & { ask: Told },
  ) => {
    const by = live
    const told = await by.ask(question)
    if (told.told === 'failure') throw told.cause
    return { now: by.now, told: told as Extract<ToldByProduction, { told: Told }> }
  }

  return {
    current,
    async forecasts(questions) {
      const { now, told } = await ask({ ask: 'forecasts', questions })
      return { basis: now.basis, answers: told.answers }
    },
    async orders(questions) {
      const { now, told } = await ask({ ask: 'orders', ...(questions && { questions }) })
      return { basis: now.basis, day: now.orderDay, answers: told.answers }
    },
    async product(product, store) {
      const asked = { product, ...(store !== undefined && { store }) }
      const { now, told } = await ask({ ask: 'product', ...asked })
      return told.view && { basis: now.basis, view: told.view }
    },
    onChange(listener) {
      listeners.push(listener)
    },
    async load(place) {
      const next = await startProduction(place, () => {})
      const before = live
      live = next
      refused = undefined
      for (const listener of listeners) listener(current())
      await before.retire()
    },
    close: () => live.retire(),
  }
}
