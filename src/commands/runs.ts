import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import { projectLedger } from '../ledger/folder-ledger.ts'
import type { RunRecord } from '../ledger/run-record.ts'
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
  if (json) shell.print(canonicalJson({ runs: shown, damaged }))
  else shell.print(ids.length > 0 ? runsComparison(shown) : runsTable(shown, damaged))
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
