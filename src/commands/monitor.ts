import { canonicalJson } from '../base/canonical-json.ts'
import { UserError } from '../base/errors.ts'
import { LEDGER_BRANCH } from '../ledger/leaderboard.ts'
import { healthText } from '../reporting/health-summary.ts'
import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import { inputsIn } from '../steps/data/inputs.ts'
import { monitor } from '../steps/monitoring/monitor.ts'
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
    ? new UserError(`there is no branch ${LEDGER_BRANCH} in this clone: no forecasts to look at`, {
        remedy: `Run git fetch origin ${LEDGER_BRANCH}; the workflow forecast begins it with the first forecasts that it publishes.`,
      })
    : new UserError('nothing is in production yet', {
        remedy: 'Train, compare and promote a first model, and merge its pull request.',
      })
}
