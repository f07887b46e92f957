import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { parseJson } from '../base/schema.ts'
import { writeWhole } from '../base/write-file.ts'
import { momentOf } from './plausible.ts'
import { checkRunRecord, type RunRecord } from './run-record.ts'

/** A file in the folder of runs that is not a run record, and why. */
export type DamagedRun = { file: string; problem: string }

/**
 * Writes the record to `<folder>/<id>.json`, whole or not at all, and returns it with its new id.
 * Two runs that start in the same millisecond get two ids.
 */
export async function writeRun(folder: string, run: Omit<RunRecord, 'id'>): Promise<RunRecord> {
  const id = `${momentOf(run.startedAt)}-${randomUUID().slice(0, 8)}`
  const record = checkRunRecord({ ...run, id }, `${id}.json`)
  await writeWhole(join(folder, `${id}.json`), canonicalJson(record))
  return record
}

/**
 * All runs of the folder, oldest first; none where the folder is missing. A file that cannot be
 * read as a run is reported, and never hides the others.
 */
export async function readRuns(
  folder: string,
): Promise<{ runs: RunRecord[]; damaged: DamagedRun[] }> {
  const runs: RunRecord[] = []
  const damaged: DamagedRun[] = []
  for (const file of await jsonFiles(folder)) {
    const path = join(folder, file)
    try {
      runs.push(checkRunRecord(parseJson(await readFile(path, 'utf8'), file), file))
    } catch (error) {
      damaged.push({ file: path, problem: (error as Error).message })
    }
  }
  return { runs, damaged }
}

async function jsonFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
