import { relative, resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { type PromoteResult, promote } from '../steps/promotion/promote.ts'
import type { Shell } from './shell.ts'

type PromoteOptions = {
  out: string
  base?: string
  baseline?: true
  json?: true
  quiet?: true
}

export async function promoteCommand(shell: Shell, options: PromoteOptions): Promise<void> {
  const { out, base, baseline, json } = options
  const result = await promote({
    repo: shell.project,
    out: resolve(shell.project, out),
    ...(base !== undefined && { base }),
    ...(baseline && { baseline }),
  })
  shell.print(json ? canonicalJson(result) : promotionText(shell, result))
  if (result.outcome === 'refused' || result.outcome === 'held') shell.exitWith(1)
}

export function promotionText(shell: Shell, result: PromoteResult): string {
  if (result.outcome === 'refused') {
    const { until, reasons } = result
    if (until === 'it is merged') return onBranchText(reasons)
    return ['Not promoted:', ...reasons.map((reason) => `  - ${reason}`)].join('\n')
  }
  if (result.outcome === 'held') return `Not promoted, but held back:\n  - ${result.reason}`
  const { outcome, branch, commit, base, manifest, textFile } = result
  const state = outcome === 'proposed' ? 'is now at' : 'was already at'
  return [
    `${branch} ${state} ${commit.slice(0, 12)}: version ${manifest.version}, to be merged into ${base.name}.`,
    `The text of the pull request is in ${relative(shell.project, textFile)}.`,
  ].join('\n')
}

/** The normal end of an experiment. */
function onBranchText(reasons: string[]): string {
  return [
    'An experiment on a branch: it can be promoted once it is merged.',
    ...reasons.map((reason) => `  - ${reason}`),
  ].join('\n')
}
