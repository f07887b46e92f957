import type { Day } from '../../base/day.ts'
import { within } from '../../base/deadline.ts'
import { threadPool } from '../../base/threads.ts'
import { shortened } from '../../base/wording.ts'
import { type ContentFile, contentFile } from '../../ledger/content.ts'
import type { ShadowForecasts } from '../../ledger/forecast-record.ts'
import { clonedLedger } from '../model/clone-ledger.ts'
import { findShadow } from './find-shadow.ts'
import type { Publishable } from './publication.ts'
import { type ShadowTask, shadowTask } from './shadow-task.ts'

/** What the record of a publication says of the shadow, and the file of its forecasts. */
export type ShadowPublished = { said: ShadowForecasts; file?: ContentFile }

/**
 * What the shadow forecasts of the sales that production has just forecast from; undefined where
 * nothing is tried beside production. In a thread with so much memory and so much time: whatever is
 * wrong with the shadow, bugs too, ends there, and is said.
 */
export async function shadowForecasts(
  {
    model,
    totals,
    plan,
    basis,
    partedBy,
  }: Pick<Publishable, 'model' | 'totals' | 'plan' | 'basis' | 'partedBy'>,
  { project, at, asOf }: { project: string; at: string; asOf?: Day },
  mostMs = MOST_MS,
): Promise<ShadowPublished | undefined> {
  try {
    const ledger = () => clonedLedger(project)
    const kept = await findShadow(ledger, { project, production: basis, at })
    if (!kept) return undefined
    const { shadow, files, partition } = kept
    const { frequency } = model.recipe
    const task = {
      ...{ files, totals, plan, frequency },
      ...(partition !== undefined && { partedBy: await partedBy(partition) }),
      ...(asOf !== undefined && { asOf }),
    }
    const file = contentFile(await forecastInThread(task, mostMs), 'ndjson')
    return { said: { outcome: 'made', ...shadow, json: file.path }, file }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { said: { outcome: 'none', problem: oneLine(problem, project) } }
  }
}

async function forecastInThread(task: ShadowTask, mostMs: number): Promise<string> {
  const pool = threadPool<ShadowTask, string>({
    threads: 1,
    worker: new URL('./shadow-worker.ts', import.meta.url),
    work: shadowTask,
    mostMemoryMb: MOST_MEMORY_MB,
  })
  try {
    return await within(mostMs, pool.run(task))
  } finally {
    await pool.close()
  }
}

/** A job that forecasts has half an hour; production takes some seconds of it. */
const MOST_MS = 5 * 60_000
/** Of what is not the sales, which the thread has beside it. */
const MOST_MEMORY_MB = 2048

function oneLine(problem: string, project: string): string {
  const words = problem.replaceAll(`${project}/`, '').split(/\s+/).filter(Boolean)
  return shortened(words.join(' ') || 'It failed without a word.', 1000)
}
