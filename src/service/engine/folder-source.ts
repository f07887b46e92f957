import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { todayIn } from '../../base/project-settings.ts'
import { PRODUCTION } from '../../registry/production.ts'
import { findShadow } from '../../steps/forecasts/find-shadow.ts'
import { clonedLedger } from '../../steps/model/clone-ledger.ts'
import type { ProductionSource } from './production-source.ts'

/** A project's working folder, as somebody works in it or pulls into it. */
export function folderSource(
  project: string,
  today: () => Promise<Day> = () => todayIn(project),
): ProductionSource {
  return {
    everyMs: 5000,
    async look() {
      const day = await today()
      const state = await stateOf(project, day)
      return {
        state,
        place: async () => ({ project, today: day }),
        shadow: (production) =>
          findShadow(() => clonedLedger(project), {
            project,
            production,
            at: new Date().toISOString(),
          }),
        release: async () => {},
      }
    },
  }
}

/** All that decides what is answered. A day makes a difference: sales of tomorrow are no sales yet. */
const FOLLOWED = [PRODUCTION, 'data', 'ordering.yml', 'project.yml', 'decisions.yml']

/** Digest of names, sizes and times: reading none of the files, it costs little every few seconds. */
async function stateOf(project: string, day: Day): Promise<string> {
  const hash = createHash('sha256').update(`${day}\n`)
  for (const path of (await Promise.all(FOLLOWED.map((it) => filesIn(project, it)))).flat()) {
    // What is gone since it was listed is another state.
    const found = await stat(join(project, path)).catch(() => undefined)
    hash.update(`${path}\0${found?.size} ${found?.mtimeMs} ${found?.ino}\n`)
  }
  return hash.digest('hex')
}

async function filesIn(project: string, path: string): Promise<string[]> {
  const entries = await readdir(join(project, path), {
    recursive: true,
    withFileTypes: true,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (!entries) return [path]
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(project.length + 1))
    .sort()
}
