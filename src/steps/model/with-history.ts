import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type FitStore, fitStore } from '../../evaluation/search/fit-store.ts'
import { type FitProgress, type History, openHistory } from '../../evaluation/search/history.ts'
import type { ModelInputs } from '../data/inputs.ts'

export type WithHistoryOptions = {
  /** Where fits are looked up and kept; without one, all are made anew, as a proof has to. */
  store?: FitStore
  onProgress?: FitProgress
}

/** Opens the history of the sales for some work, on all cores, and closes it when that is over. */
export async function withHistory<T>(
  { totals, plan, asOf }: Pick<ModelInputs, 'totals' | 'plan' | 'asOf'>,
  work: (history: History) => Promise<T>,
  options: WithHistoryOptions = {},
): Promise<T> {
  const history = openHistory(totals, { asOf, plan, cores: availableParallelism(), ...options })
  try {
    return await work(history)
  } finally {
    await history.close()
  }
}

/** The fits that the project's commands and actions hand on to each other. */
export function projectFits(project: string): FitStore {
  return fitStore(join(project, '.cd4ml', 'fits'))
}
