import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError, unlessMistaken } from '../base/errors.ts'
import { projectLedger } from '../ledger/folder-ledger.ts'
import type { RunRecord } from '../ledger/run-record.ts'
import { asParent, type Manifest } from '../registry/manifest.ts'
import { pendingVersion } from '../registry/pending.ts'
import { readVersion } from '../registry/production.ts'
import { PROMOTION_BRANCH } from '../registry/proposal.ts'
import { isRepository, resolveBase } from '../registry/repository.ts'
import { runsComparison, runsTable, shortRunId } from '../reporting/runs-table.ts'
import type { Shell } from './shell.ts'

export async function runsCommand(
  shell: Shell,
  ids: string[],
  { json }: { json?: true },
): Promise<void> {
  const { records: runs, leftOut: damaged } = await projectLedger(resolve(shell.project)).read({
    kind: 'run',
  })
  const shown = ids.length > 0 ? ids.map((id) => runOf(runs, id)) : runs
  // Where the base is not known, or not readable, the runs still are.
  const pending = await unlessMistaken(() => pendingOf(shell.project))
  if (json) {
    shell.print(canonicalJson({ runs: shown, damaged, ...(pending && { pending }) }))
    return
  }
  shell.print(ids.length > 0 ? runsComparison(shown) : runsTable(shown, damaged))
  if (pending && ids.length === 0) {
    const { version, trainedThrough, parent } = pending
    const follows = parent ? ` after version ${parent.version}` : ''
    shell.print(
      `\nVersion ${version}, trained through ${trainedThrough}, waits on ${PROMOTION_BRANCH} to be merged${follows}.`,
    )
  }
}

/** What is proposed and not yet merged. */
async function pendingOf(project: string): Promise<Manifest | undefined> {
  if (!(await isRepository(project))) return undefined
  const { commit } = await resolveBase(project)
  const production = await readVersion(project, commit)
  return (await pendingVersion(project, production && asParent(production.manifest)))?.manifest
}

function runOf(runs: RunRecord[], id: string): RunRecord {
  const found = runs.filter((run) =>
    [run.id, shortRunId(run.id)].some((known) => known.startsWith(id)),
  )
  if (found.length === 1) return found[0]
  throw new UserError(
    found.length === 0 ? `there is no run ${id}` : `${found.length} runs begin with ${id}`,
    { remedy: 'cd4ml runs lists them.' },
  )
}
