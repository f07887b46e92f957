import { setTimeout as later } from 'node:timers/promises'
import { UserError } from '../../base/errors.ts'
import { EngineUnavailable, type InProduction } from './engine.ts'
import type { ProductionPlace } from './load-production.ts'
import type { FoundProduction, ProductionSource } from './production-source.ts'
import { type ProductionThread, startProduction } from './production-thread.ts'
import { readServiceSettings, type ServiceSettings } from './service-settings.ts'
import { type ShadowThread, startShadow } from './shadow-thread.ts'

/** Where it is said what is loaded and what is refused: a logger such as Fastify's. */
export type EngineLog = {
  info(about: object, message: string): void
  warn(about: object, message: string): void
}

/** What is in production, whatever that is at the moment. */
export type FollowedProduction = {
  /** Who answers now. Throws `EngineUnavailable` where it has died, and the next is not there yet. */
  thread(): ProductionThread
  /** What is tried beside who answers now. */
  shadow(): ShadowThread
  current(): InProduction
  /** Of the folder from which what answers now was loaded. */
  settings(): ServiceSettings
  /** Looks now whether there is something else. */
  look(): Promise<void>
  close(): Promise<void>
}

/**
 * Loads what is in production in `source`, and looks by and by whether there is something else: that
 * is loaded beside it, and takes over. What cannot be loaded is refused. What answered before goes on
 * until then, and ends when it has answered; so two are in memory at most. A thread that dies is
 * replaced.
 *
 * Throws a `UserError` where there is nothing to begin with.
 */
export async function followProduction({
  source,
  log,
  onChange,
}: {
  source: ProductionSource
  log: EngineLog
  onChange(now: InProduction): void
}): Promise<FollowedProduction> {
  const closing = new AbortController()
  let refused: Refused | undefined
  /** Who answers; nobody where the thread has died. */
  let live: Loaded | undefined

  const onDeath = (of: Loaded, cause: unknown) => {
    if (live !== of) return
    live = undefined
    log.warn({ err: cause }, 'the thread that answers has died: another one is started')
    void look()
  }
  const onShadow = (cause: unknown) =>
    log.warn({ err: cause }, 'nothing is tried beside production: production goes on')
  const listeners = { onDeath, onShadow }
  let last = await loaded(await source.look(closing.signal), listeners)
  live = last

  const current = (): InProduction => {
    const { at, problem } = refused ?? {}
    const { model, name } = last.shadow.tried() ?? {}
    return {
      ...last.thread.now,
      ...(model && name && { shadow: { model, name } }),
      ...(at && problem && { refused: { at, problem } }),
    }
  }
  const changeTo = async (found: FoundProduction) => {
    const before = last
    last = await loaded(found, listeners)
    live = last
    refused = undefined
    log.info(last.thread.now.basis, 'another version or other sales have taken over')
    onChange(current())
    await before.shadow.close()
    await before.thread.retire()
    await before.found.release()
  }
  const refuse = async (error: unknown, found: FoundProduction | undefined) => {
    const before = refused
    refused = refusal(error, found)
    if (refused.problem !== before?.problem) log.warn({ err: error }, REFUSED)
    if (live) return
    const { shadow } = last
    last = await started(last, listeners)
    await shadow.close()
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
  // One after the other.
  let looking = Promise.resolve()
  const look = () => {
    looking = looking.then(attempt)
    return looking
  }
  void everySoOften(source.everyMs, closing.signal, look)

  return {
    thread() {
      if (live) return live.thread
      throw new EngineUnavailable(new Error('no thread answers'))
    },
    shadow: () => last.shadow,
    current,
    settings: () => last.settings,
    look,
    async close() {
      closing.abort()
      await looking
      await last.shadow.close()
      await live?.thread.retire()
      await last.found.release()
    },
  }
}

type LaidOut = { found: FoundProduction; place: ProductionPlace; settings: ServiceSettings }

type Loaded = LaidOut & { thread: ProductionThread; shadow: ShadowThread }

/** `state` is that of what need not be tried again. */
type Refused = NonNullable<InProduction['refused']> & { state: string | undefined }

type Listeners = {
  onDeath(of: Loaded, cause: unknown): void
  onShadow(cause: unknown): void
}

async function loaded(found: FoundProduction, listeners: Listeners): Promise<Loaded> {
  try {
    const place = await found.place()
    const settings = await readServiceSettings(place.project)
    return await started({ found, place, settings }, listeners)
  } catch (error) {
    await found.release()
    throw error
  }
}

async function started(
  { found, place, settings }: LaidOut,
  { onDeath, onShadow }: Listeners,
): Promise<Loaded> {
  let loaded: Loaded | undefined
  const thread = await startProduction(place, (cause) => loaded && onDeath(loaded, cause))
  const shadow = startShadow({
    find: () => found.shadow(thread.now.basis),
    place,
    onFailure: onShadow,
  })
  loaded = { found, place, settings, thread, shadow }
  return loaded
}

const REFUSED = 'what was found in production is refused: the version before goes on'

function refusal(error: unknown, found: FoundProduction | undefined): Refused {
  const problem = error instanceof Error ? error.message : String(error)
  // What is no user's mistake may be better the next time.
  const state = error instanceof UserError ? found?.state : undefined
  return { at: new Date().toISOString(), problem, state }
}

/** Until it is aborted; nothing waits for it to end. */
async function everySoOften(ms: number, signal: AbortSignal, work: () => Promise<void>) {
  while (!signal.aborted) {
    await later(ms, undefined, { ref: false, signal }).catch(() => {})
    await work()
  }
}
