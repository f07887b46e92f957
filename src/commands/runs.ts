import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import type { RunRecord } from '../ledger/run-record.ts'
import { readRuns } from '../ledger/run-store.ts'
import { runsComparison, runsTable } from '../reporting/runs-table.ts'
import { RUNS } from '../steps/model/run.ts'
import type { Shell } from './shell.ts'

export async function runsCommand(
  shell: Shell,
  ids: string[],
  { json }: { json?: true },
): Promise<void> {
  const { runs, damaged } = await readRuns(resolve(shell.project, RUNS))
  const shown = ids.length > 0 ? ids.map((id) => runOf(runs, id)) : runs
  if (json) shell.print(canonicalJson({ runs: shown, damaged }))
  else shell.print(ids.length > 0 ? runsComparison(shown) : runsTable(shown, damaged))
}

function runOf(runs: RunRecord[], id: string): RunRecord {
  const found = runs.filter((run) => run.id.startsWith(id))
  if (found.length === 1) return found[0]
  throw new UserError(
    found.length === 0 ? `there is no run ${id}` : `${found.length} runs begin with ${id}`,
    { remedy: 'cd4ml runs lists them.' },
  )
}
