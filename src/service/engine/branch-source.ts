import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Day } from '../../base/day.ts'
import { todayIn } from '../../base/project-settings.ts'
import { makeFolder } from '../../base/write-file.ts'
import { LEDGER_BRANCH } from '../../ledger/leaderboard.ts'
import type { VersionBasis } from '../../ledger/shadow.ts'
import { objectsAt, readObjects } from '../../registry/objects.ts'
import {
  fetchBranch,
  type RemoteBranch,
  remoteTip,
  tipThere,
} from '../../registry/remote-branch.ts'
import { layOut, OWN_FILES } from '../../registry/workspace.ts'
import { findShadow } from '../../steps/forecasts/find-shadow.ts'
import { ledgerFilesAt } from '../../steps/model/clone-ledger.ts'
import type { FoundProduction, ProductionSource } from './production-source.ts'

/**
 * What a branch of a repository somewhere else has in production. In `folder`, which it has to
 * itself, it keeps a clone of it, and lays out of each commit only what answers come from.
 */
export function branchSource(
  folder: string,
  remote: RemoteBranch,
  todayOf: (project: string) => Promise<Day> = todayIn,
): ProductionSource {
  const clone = join(folder, 'clone.git')
  const cache = join(folder, 'cache')
  let known: { tip: string; commit: string } | undefined
  let layouts = 0

  const fetched = async (signal: AbortSignal) => {
    // What a process that was killed has left.
    if (!known) await rm(join(folder, 'layouts'), { recursive: true, force: true })
    const tip = await remoteTip(remote, signal)
    if (known?.tip !== tip) known = { tip, commit: await fetchBranch(clone, remote, signal) }
    return known.commit
  }
  const shadowOf = (project: string, production: VersionBasis, signal: AbortSignal) =>
    findShadow(
      async () => {
        // In a clone of its own: what is fetched there is in the way of nothing that answers.
        const records = join(folder, 'ledger.git')
        const branch = { url: remote.url, branch: LEDGER_BRANCH }
        if ((await tipThere(branch, signal)) === undefined) return undefined
        return ledgerFilesAt(records, await fetchBranch(records, branch, signal))
      },
      { project, production, at: new Date().toISOString() },
    )
  return {
    everyMs: 60_000,
    async look(signal): Promise<FoundProduction> {
      const commit = await fetched(signal)
      const today = await todayOf(await settingsAt(clone, commit, join(folder, 'settings')))
      const project = join(folder, 'layouts', `${process.pid}-${++layouts}`)
      return {
        state: `${commit} ${today}`,
        async place() {
          await rm(project, { recursive: true, force: true })
          await makeFolder(project)
          await makeFolder(cache)
          const objects = await objectsAt(clone, commit, LAID_OUT)
          await layOut(
            clone,
            [...objects].map(([path, object]) => ({ path, object })),
            project,
          )
          // What was read of a file is known of the same file in the next commit.
          await symlink(cache, join(project, OWN_FILES), 'junction')
          const data = objects.get('data')
          return { project, today, ...(data !== undefined && { data }) }
        },
        shadow: (production) => shadowOf(project, production, signal),
        release: () => rm(project, { recursive: true, force: true }),
      }
    },
  }
}

/** What answers come from: no code. */
const LAID_OUT = ['data', 'model-registry', 'ordering.yml', 'project.yml', 'decisions.yml']

/** A folder with the settings of a commit alone: whose midnight begins its day. */
async function settingsAt(clone: string, commit: string, folder: string): Promise<string> {
  const [settings] = await readObjects(clone, [`${commit}:project.yml`])
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  if (settings) await writeFile(join(folder, 'project.yml'), settings)
  return folder
}
