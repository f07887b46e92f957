import { lstat, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../../base/write-file.ts'
import { fitFile, fitFrom } from './fit-file.ts'
import type { FitResult } from './fit-task.ts'

/** Fits that outlive the process that made them, by their `fitKey`. */
export type FitStore = {
  /**
   * Undefined where there is none, none that is whole, or one that takes more than `mostBytes`. That it
   * is what its key stands for, whoever asks has to trust whoever could write there.
   */
  get(key: string, mostBytes?: number): Promise<FitResult | undefined>
  put(key: string, fit: FitResult): Promise<void>
}

/**
 * A store in a folder, a file a fit, for any number of processes at once. A file is written whole and
 * sealed by its name: what is damaged, cut off or another's is not there. So is what cannot be
 * written: it is fitted again. Beyond `mostBytes` in all, those go that have not been used for longest;
 * none that this run may have been handed, however many it needs.
 */
export function fitStore(folder: string, mostBytes = MOST_BYTES): FitStore {
  let sinceSwept = Number.POSITIVE_INFINITY
  return {
    async get(key, most = MOST_BYTES) {
      const path = join(folder, key)
      try {
        const found = await lstat(path)
        if (!found.isFile() || found.size > most) return undefined
        const fit = fitFrom(key, await readFile(path))
        if (fit) await markUsed(path)
        return fit
      } catch {
        return undefined
      }
    },
    async put(key, fit) {
      const entry = fitFile(key, fit)
      try {
        await writeWhole(join(folder, key), entry)
        sinceSwept += entry.length
        if (sinceSwept <= mostBytes * SLACK) return
        sinceSwept = 0
        await sweep(folder, mostBytes)
      } catch {
        // Of a store that is full or read-only, the next run knows less. It fits the same.
      }
    },
  }
}

/**
 * Of 10,000 series, by day and with nine candidates, the fits of one run take half of that; of the
 * sample, those of 200 runs.
 */
const MOST_BYTES = 2 ** 30
/** What a process may add before it looks again at what there is, as a share of the most. */
const SLACK = 0.05

/** What the jobs of one run have handed on, and used, is younger. */
const RUN_MILLISECONDS = 2 * 60 * 60 * 1000

async function markUsed(path: string): Promise<void> {
  const now = new Date()
  // Where it cannot be written, it can still be read.
  await utimes(path, now, now).catch(() => {})
}

async function sweep(folder: string, mostBytes: number): Promise<void> {
  const names = await readdir(folder)
  const files = (await Promise.all(names.map((name) => fileAt(join(folder, name))))).flat()
  let bytes = files.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size, usedAt } of files.sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= mostBytes || usedAt > Date.now() - RUN_MILLISECONDS) return
    await rm(path, { force: true })
    bytes -= size
  }
}

/** None where another process has just taken it away, or it is no file: nobody here has put it there. */
async function fileAt(path: string): Promise<{ path: string; size: number; usedAt: number }[]> {
  try {
    const found = await lstat(path)
    return found.isFile() ? [{ path, size: found.size, usedAt: found.mtimeMs }] : []
  } catch {
    return []
  }
}
