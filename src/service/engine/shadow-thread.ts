import { within } from '../../base/deadline.ts'
import { type ThreadPool, threadPool } from '../../base/threads.ts'
import type { KeptShadow } from '../../steps/forecasts/find-shadow.ts'
import { inBundles } from './bundles.ts'
import type { Answered, ForecastAnswered } from './engine.ts'
import { keepingForecasts } from './kept-forecasts.ts'
import type { ProductionPlace } from './load-production.ts'
import { type ShadowAsked, type ShadowTold, shadowWork } from './shadow-work.ts'

/** What a model that is tried beside production would have said. */
export type ShadowSaid = NonNullable<ForecastAnswered['shadow']>

/**
 * A model that is tried beside production, in a thread of its own: none of it is on the way of an
 * answer. Nothing here rejects, and nobody waits for it for long.
 */
export type ShadowThread = {
  /** What is tried now: nothing as long as it is loading, where there is nothing, and after it failed. */
  tried(): KeptShadow['shadow'] | undefined
  /**
   * Asks the same that production is asked. Whoever has production's answers has what it says of them,
   * as far as that is there by then or a moment later.
   */
  ask(
    questions: readonly unknown[],
  ): (answers: readonly Answered<ForecastAnswered>[]) => Promise<(ShadowSaid | undefined)[]>
  close(): Promise<void>
}

export type ShadowToTry = {
  /** Finds what is to be tried; undefined where nothing is. */
  find: () => Promise<KeptShadow | undefined>
  place: ProductionPlace
  /** Told once, where it cannot be tried, or not any longer. */
  onFailure(cause: unknown): void
}

/** Finds and loads it beside what goes on; resolves in `loaded` when that has come to an end. */
export function startShadow(
  { find, place, onFailure }: ShadowToTry,
  { graceMs = GRACE_MS, giveUpMs = GIVE_UP_MS }: { graceMs?: number; giveUpMs?: number } = {},
): ShadowThread & { loaded: Promise<void> } {
  let running: Running | undefined
  let pool: ThreadPool<ShadowAsked, ShadowTold> | undefined
  let over = false
  let underway = 0
  /** Set while it is behind: nothing is asked of it until it has answered what it was asked. */
  let behind: NodeJS.Timeout | undefined

  const end = async () => {
    over = true
    running = undefined
    clearTimeout(behind)
    await pool?.close()
  }
  const fail = (cause: unknown) => {
    if (over) return
    onFailure(cause)
    void end()
  }
  const load = async () => {
    try {
      const kept = await find()
      if (!kept || over) return
      pool = poolOf(fail)
      await within(LOAD_MS, pool.run({ ask: 'load', place, files: kept.files }))
      if (!over) running = { shadow: kept.shadow, forecasts: askedOf(pool) }
    } catch (cause) {
      fail(cause)
    }
  }

  return {
    loaded: load(),
    tried: () => running?.shadow,
    ask(questions) {
      const by = behind ? undefined : running
      if (!by) return async (answers) => answers.map(() => undefined)
      const asked = by.forecasts(questions)
      underway++
      const done = () => {
        underway--
        if (underway > 0) return
        clearTimeout(behind)
        behind = undefined
      }
      asked.then(done, done)
      return async (answers) => {
        try {
          const beside = await within(graceMs, asked)
          return answers.map((answer, i) => sameSpan(answer, beside[i], by.shadow.model))
        } catch (cause) {
          if (underway > 0) behind ??= setTimeout(() => fail(cause), giveUpMs).unref()
          return answers.map(() => undefined)
        }
      }
    },
    close: end,
  }
}

type Running = {
  shadow: KeptShadow['shadow']
  forecasts(questions: readonly unknown[]): Promise<Answered<ForecastAnswered>[]>
}

/** Who has production's answer waits so long for that of the shadow. */
const GRACE_MS = 100
/** One that is behind for longer does not come back. */
const GIVE_UP_MS = 60_000
const LOAD_MS = 10 * 60_000
/** Of what is not the sales, which each thread has for itself. */
const MOST_MEMORY_MB = 1024

function poolOf(onDeath: (cause: unknown) => void) {
  return threadPool<ShadowAsked, ShadowTold>({
    threads: 1,
    worker: new URL('shadow-worker.ts', import.meta.url),
    work: shadowWork(),
    mostMemoryMb: MOST_MEMORY_MB,
    onDeath,
  })
}

function askedOf(pool: ThreadPool<ShadowAsked, ShadowTold>): Running['forecasts'] {
  const { add } = inBundles(async (lists: (readonly unknown[])[]) => {
    const told = await pool.run({ ask: 'forecasts', lists })
    if (told.told !== 'forecasts') throw new Error(`a shadow told ${told.told} for forecasts`)
    return told.lists
  })
  return keepingForecasts(add)
}

/** What it says of the same days as production; of others it is not compared. */
function sameSpan(
  own: Answered<ForecastAnswered>,
  beside: Answered<ForecastAnswered> | undefined,
  model: string,
): ShadowSaid | undefined {
  if (own.outcome !== 'answered' || beside?.outcome !== 'answered') return undefined
  const { from, to, mean, quantiles } = beside.answer
  if (from !== own.answer.from || to !== own.answer.to) return undefined
  return [mean, ...quantiles].every(Number.isFinite) ? { model, mean, quantiles } : undefined
}
