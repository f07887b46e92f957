import { resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { terminalText } from '../reporting/aligned-columns.ts'
import { comparisonText } from '../reporting/comparison-report.ts'
import { noChampionText } from '../reporting/no-champion-text.ts'
import { pendingText } from '../reporting/pending-text.ts'
import type { ValidInputs } from '../steps/data/inputs.ts'
import { type Compared, compare } from '../steps/model/compare.ts'
import { type Histories, projectFits, withHistories } from '../steps/model/with-history.ts'
import type { ModelOptions } from './options.ts'
import type { Shell } from './shell.ts'
import { validInputs } from './valid-inputs.ts'

export type CompareOptions = ModelOptions & {
  policy: string
  ordering?: string
  base?: string
  rows?: string
}

export async function compareCommand(shell: Shell, options: CompareOptions): Promise<void> {
  const inputs = await validInputs(shell, options)
  if (!inputs) return
  const bar = await shell.progress('compare', options.quiet === true)
  const { evaluation, search } = await withHistories(
    inputs,
    (histories) => compareInShell(shell, inputs, histories, options),
    { store: projectFits(inputs.project), onProgress: bar.update },
  ).finally(bar.stop)
  shell.print(options.json ? canonicalJson(evaluation) : comparisonText(evaluation, { search }))
}

/** Compares, and says so where production is no champion for these sales, or a rollback holds. */
export async function compareInShell(
  shell: Shell,
  inputs: ValidInputs,
  histories: Histories,
  { data, policy, ordering, base, out, name, rows, quiet }: CompareOptions,
): Promise<Compared> {
  const { project } = shell
  const compared = await compare({
    inputs,
    histories,
    policy: resolve(project, policy),
    ...(ordering !== undefined && { ordering: resolve(project, ordering) }),
    ...(base !== undefined && { base }),
    out: resolve(project, out),
    ...(rows !== undefined && { rows: resolve(project, rows) }),
    ...(name !== undefined && { origin: { name } }),
  })
  const { championOf, pending, held } = compared
  if (championOf !== undefined && !quiet) {
    shell.say(noChampionText(championOf, data))
  }
  if (pending && !quiet) shell.say(terminalText(pendingText(pending, 'en'), 400))
  if (held !== undefined && !quiet) shell.say(held)
  return compared
}
