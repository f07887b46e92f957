import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import { healthText } from '../reporting/health-summary.ts'
import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import { inputsIn } from '../steps/data/inputs.ts'
import { monitor } from '../steps/monitoring/monitor.ts'
import { noLedgerBranch } from './no-ledger-branch.ts'
import type { DataOptions } from './options.ts'
import type { Shell } from './shell.ts'

/**
 * How the model in production is. Whatever that is, the code is 0: it is a verdict, which programs
 * read with --json.
 */
export async function monitorCommand(
  shell: Shell,
  { base, json, quiet, ...names }: DataOptions & { base?: string },
): Promise<void> {
  const { project } = shell
  const bar = await shell.progress('sales', quiet === true)
  const options = { ...inputsIn(project, await shell.today(), names), onProgress: bar.update }
  const monitored = await monitor({
    options,
    ...(base !== undefined && { base }),
    at: await shell.now(),
  }).finally(bar.stop)
  switch (monitored.outcome) {
    case 'monitored':
      shell.print(
        json
          ? canonicalJson(monitored.health)
          : healthText(monitored.health, await shell.language()),
      )
      return
    case 'invalid':
      shell.say(renderValidationMarkdown(monitored.report, 'en'))
      shell.exitWith(1)
      return
    case 'nothing':
      throw nothingToMonitor(monitored.reason)
  }
}

function nothingToMonitor(reason: 'nothing in production' | 'no ledger'): UserError {
  return reason === 'no ledger'
    ? noLedgerBranch()
    : new UserError('nothing is in production yet', {
        remedy: 'Train, compare and promote a first model, and merge its pull request.',
      })
}
