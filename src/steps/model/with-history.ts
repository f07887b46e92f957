import { availableParallelism } from 'node:os'
import { type FitProgress, type History, openHistory } from '../../evaluation/search/history.ts'
import type { ModelInputs } from '../data/inputs.ts'

/** Opens the history of the sales for some work, on all cores, and closes it when that is over. */
export async function withHistory<T>(
  { totals, asOf }: Pick<ModelInputs, 'totals' | 'asOf'>,
  work: (history: History) => Promise<T>,
  onProgress?: FitProgress,
): Promise<T> {
  const history = openHistory(totals, {
    asOf,
    cores: availableParallelism(),
    ...(onProgress && { onProgress }),
  })
  try {
    return await work(history)
  } finally {
    await history.close()
  }
}
