import { type ThreadPool, threadPool } from '../../base/threads.ts'
import { dayAt } from '../../base/today.ts'
import { ledgerCommit } from '../../steps/model/clone-ledger.ts'
import type { Engine } from '../engine/engine.ts'
import type { ServiceSettings } from '../engine/service-settings.ts'
import { type DashboardResult, type DashboardTask, dashboardWork } from './dashboard-work.ts'

/** The dashboard of a project's folder, as the service shows it. */
export type ServedDashboard = {
  /**
   * A file of it by its path; undefined where there is none. Whoever asks first waits until it is
   * made, and later ones get the last one until a newer is there. Rejects with a `UserError` where
   * none can be made.
   */
  file(path: string): Promise<string | undefined>
  /** Resolves when none is being made. */
  idle(): Promise<void>
  close(): Promise<void>
}

/**
 * Makes the dashboard when somebody asks for it, in a thread of its own, so that no answer waits for
 * it, and again when the version, the sales or the branch of records are others.
 */
export function openDashboard({
  project,
  engine,
  settings,
  now,
  onProblem,
}: {
  project: string
  engine: Pick<Engine, 'current'>
  settings: () => ServiceSettings
  now: () => Date
  /** Told where a newer one could not be made, and the last one stays. */
  onProblem: (error: unknown) => void
}): ServedDashboard {
  let shown: Made | undefined
  let underway: { state: string; made: Promise<Made> } | undefined
  let looked: { at: number; commit: Promise<string | undefined> } | undefined

  const stateNow = async (): Promise<string> => {
    const at = now().getTime()
    if (looked === undefined || at - looked.at >= LOOK_AGAIN_MS) {
      looked = { at, commit: ledgerCommit(project) }
    }
    const { basis, orderDay } = engine.current()
    return JSON.stringify([basis, orderDay, await looked.commit])
  }

  const make = async (): Promise<Made> => {
    const thread = threadPool<DashboardTask, DashboardResult>({
      threads: 1,
      worker: new URL('dashboard-worker.ts', import.meta.url),
      work: dashboardWork(),
    })
    const { timeZone, language: usual } = settings()
    const at = now()
    const task = { project, today: dayAt(at, timeZone), at: at.toISOString(), usual }
    try {
      await thread.run({ ask: 'gather', ...task })
    } catch (error) {
      await thread.close()
      throw error
    }
    const before = shown
    shown = { thread, asked: new Set() }
    if (before) void Promise.allSettled(before.asked).then(() => before.thread.close())
    return shown
  }

  return {
    async file(path) {
      const state = await stateNow()
      if (underway?.state !== state) {
        underway = { state, made: make() }
        underway.made.catch(onProblem)
      }
      const { thread, asked } = shown ?? (await underway.made)
      const answer = thread.run({ ask: 'file', path })
      asked.add(answer)
      const result = await answer.finally(() => asked.delete(answer))
      return result.told === 'file' ? result.text : undefined
    },
    async idle() {
      await underway?.made.catch(() => undefined)
    },
    async close() {
      await underway?.made.catch(() => undefined)
      await shown?.thread.close()
    },
  }
}

/** A thread with one state of the dashboard, and what it was asked and has not answered. */
type Made = {
  thread: ThreadPool<DashboardTask, DashboardResult>
  asked: Set<Promise<DashboardResult>>
}

/** Asking git costs a process. */
const LOOK_AGAIN_MS = 10_000
