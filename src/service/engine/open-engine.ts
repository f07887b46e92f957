import { setTimeout as later } from 'node:timers/promises'
import { UserError } from '../../base/errors.ts'
import type { UnitsSold } from '../../demand/units-sold.ts'
import type { Basis } from '../../ledger/events/event.ts'
import { type DaysOfSeries, type Engine, EngineUnavailable, type InProduction } from './engine.ts'
import type { ProductionPlace } from './load-production.ts'
import type { FoundProduction, ProductionSource } from './production-source.ts'
import { type ProductionThread, startProduction } from './production-thread.ts'
import type { AskedOfProduction, ToldByProduction } from './production-work.ts'
import { withoutDepth } from './questions.ts'

/** An engine that follows what is in production. */
export type OpenedEngine = Engine & {
  /** Looks now, and not only by and by, whether there is something else in production. */
  look(): Promise<void>
  /** The folder from which what answers now was loaded. */
  folder(): string
  /** What sold on days that are over, in the order of the spans; undefined where that is not known. */
  sold(spans: readonly DaysOfSeries[]): Promise<{ basis: Basis; sold: (UnitsSold | undefined)[] }>
}

type Loaded = { found: FoundProduction; place: ProductionPlace; thread: ProductionThread }

/** Where an engine says what it loads and what it refuses: a logger such as Fastify's. */
export type EngineLog = {
  info(about: object, message: string): void
  warn(about: object, message: string): void
}

/**
 * Answers by what is in production in `source`, and follows it: another version, or other sales, are
 * loaded in a thread beside the one that answers, and take over between two questions. What cannot be
 * believed is refused, and what answered goes on; two are in memory at most. A thread that dies is
 * replaced: until then, questions reject with `EngineUnavailable`.
 *
 * Throws a `UserError` where there is nothing to begin with.
 */
export async function openEngine({
  source,
  log,
}: {
  source: ProductionSource
  log: EngineLog
}): Promise<OpenedEngine> {
  const listeners: ((now: InProduction) => void)[] = []
  const closing = new AbortController()
  let refused: (NonNullable<InProduction['refused']> & { state: string | undefined }) | undefined
  /** Who answers; nobody where the thread has died. */
  let live: Loaded | undefined

  const start = async (found: FoundProduction, place: ProductionPlace): Promise<Loaded> => {
    let loaded: Loaded | undefined
    const onDeath = (cause: unknown) => {
      if (!loaded || live !== loaded) return
      live = undefined
      log.warn({ err: cause }, 'the thread that answers has died: another one is started')
      void look()
    }
    loaded = { found, place, thread: await startProduction(place, onDeath) }
    return loaded
  }
  const load = async (found: FoundProduction): Promise<Loaded> => {
    try {
      return await start(found, await found.place())
    } catch (error) {
      await found.release()
      throw error
    }
  }
  let last = await load(await source.look(closing.signal))
  live = last

  const changeTo = async (found: FoundProduction) => {
    const before = last
    last = await load(found)
    live = last
    refused = undefined
    const { basis } = last.thread.now
    log.info(basis, 'another version or other sales have taken over')
    for (const listener of listeners) listener(current())
    await before.thread.retire()
    await before.found.release()
  }
  const refuse = async (error: unknown, found: FoundProduction | undefined) => {
    const problem = error instanceof Error ? error.message : String(error)
    if (refused?.problem !== problem) {
      log.warn(
        { err: error },
        'what was found in production is refused: the version before goes on',
      )
    }
    // What is no user's mistake may be better the next time.
    const state = error instanceof UserError ? found?.state : undefined
    refused = { at: new Date().toISOString(), problem, state }
    if (live) return
    last = await start(last.found, last.place)
    live = last
  }
  const attempt = async () => {
    if (closing.signal.aborted) return
    let found: FoundProduction | undefined
    try {
      found = await source.look(closing.signal)
      if (found.state === live?.found.state) refused = undefined
      else if (!live || found.state !== refused?.state) await changeTo(found)
    } catch (error) {
      if (closing.signal.aborted) return
      await refuse(error, found).catch((again) =>
        log.warn({ err: again }, 'no thread answers: nothing could be loaded'),
      )
    }
  }
  let looking = Promise.resolve()
  const look = () => {
    looking = looking.then(attempt)
    return looking
  }
  const follow = async () => {
    while (!closing.signal.aborted) {
      await later(source.everyMs, undefined, { ref: false, signal: closing.signal }).catch(() => {})
      await look()
    }
  }
  void follow()

  const current = (): InProduction => {
    const { at, problem } = refused ?? {}
    return { ...last.thread.now, ...(at && problem && { refused: { at, problem } }) }
  }
  const answering = () => {
    if (!live) throw new EngineUnavailable(new Error('no thread answers'))
    return live.thread
  }
  const ask = async <Told extends ToldByProduction['told']>(
    question: AskedOfProduction & { ask: Told },
  ) => {
    const thread = answering()
    const told = await thread.ask(question)
    if (told.told === 'failure') throw told.cause
    return { now: thread.now, told: told as Extract<ToldByProduction, { told: Told }> }
  }

  return {
    current,
    async forecasts(questions) {
      const { now, forecasts } = answering()
      return { basis: now.basis, answers: await forecasts(questions.map(withoutDepth)) }
    },
    async orders(questions) {
      const { now, told } = await ask({
        ask: 'orders',
        ...(questions && { questions: questions.map(withoutDepth) }),
      })
      return { basis: now.basis, day: now.orderDay, answers: told.answers }
    },
    async product(product, store) {
      const asked = { product, ...(store !== undefined && { store }) }
      const { now, told } = await ask({ ask: 'product', ...asked })
      return told.view && { basis: now.basis, view: told.view }
    },
    async sold(spans) {
      const { now, told } = await ask({ ask: 'sold', spans })
      return { basis: now.basis, sold: told.sold }
    },
    onChange(listener) {
      listeners.push(listener)
    },
    look,
    folder: () => last.place.project,
    async close() {
      closing.abort()
      await looking
      await live?.thread.retire()
      await last.found.release()
    },
  }
}
