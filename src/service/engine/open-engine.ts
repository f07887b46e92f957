import type { UnitsSold } from '../../demand/units-sold.ts'
import type { Basis } from '../../ledger/events/event.ts'
import type { Answered, DaysOfSeries, Engine, ForecastAnswered, InProduction } from './engine.ts'
import { type EngineLog, followProduction } from './follow-production.ts'
import type { ProductionSource } from './production-source.ts'
import { withoutDepth } from './questions.ts'
import type { ServiceSettings } from './service-settings.ts'
import type { ShadowSaid } from './shadow-thread.ts'

/** An engine that follows what is in production. */
export type OpenedEngine = Engine & {
  /** Looks now, and not only by and by, whether there is something else in production. */
  look(): Promise<void>
  /** They take over with the version and the sales beside which they stand. */
  settings(): ServiceSettings
  /** What sold on days that are over, in the order of the spans; undefined where that is not known. */
  sold(spans: readonly DaysOfSeries[]): Promise<{ basis: Basis; sold: (UnitsSold | undefined)[] }>
}

/**
 * Answers by what is in production in `source`, and follows it: another version, or other sales, take
 * over between two questions. Where the thread that answers has died, questions reject with
 * `EngineUnavailable` until there is another.
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
  const { thread, shadow, current, look, settings, close } = await followProduction({
    source,
    log,
    onChange(now) {
      for (const listener of listeners) listener(now)
    },
  })
  return {
    current,
    look,
    settings,
    close,
    async forecasts(questions) {
      const { now, forecasts } = thread()
      const asked = questions.map(withoutDepth)
      const saidBeside = shadow().ask(asked)
      const answers = await forecasts(asked)
      return { basis: now.basis, answers: withShadow(answers, await saidBeside(answers)) }
    },
    async orders(questions) {
      const { now, orders } = thread()
      const answers = await orders(questions?.map(withoutDepth))
      return { basis: now.basis, day: now.orderDay, answers }
    },
    async product(name, store) {
      const { now, product } = thread()
      const view = await product(name, store)
      return view && { basis: now.basis, view }
    },
    async sold(spans) {
      const { now, sold } = thread()
      return { basis: now.basis, sold: await sold(spans) }
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}

/** The answers with what the shadow says of them. They are kept for who asks again, and not changed. */
function withShadow(
  answers: readonly Answered<ForecastAnswered>[],
  said: readonly (ShadowSaid | undefined)[],
): Answered<ForecastAnswered>[] {
  return answers.map((answered, i) => {
    const shadow = said[i]
    return answered.outcome === 'answered' && shadow
      ? { outcome: 'answered', answer: { ...answered.answer, shadow } }
      : answered
  })
}
