import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { inputsIn, QUARANTINE, validateSales } from '../steps/inputs.ts'
import { VALIDATION, writeValidation } from '../steps/validation-files.ts'
import { type DataOptions, withDataOptions } from './options.ts'
import type { Shell } from './shell.ts'

export function addValidate(program: Command, shell: Shell): void {
  withDataOptions(program.command('validate'))
    .description('check the sales files against the contract')
    .option('--out <folder>', 'where the report goes', VALIDATION)
    .action(async (options: DataOptions & { out: string }) => {
      const bar = shell.progress('validate', options.quiet === true)
      const { outcome, report } = await validateSales({
        ...inputsIn(shell.project, shell.today, options),
        onProgress: bar.update,
      }).finally(bar.stop)
      const { markdown, json } = await writeValidation(resolve(shell.project, options.out), report)
      shell.print(options.json ? json : markdown)
      if (!options.quiet) shell.say(whereText(options.out, report.totals.rowsQuarantined))
      if (outcome === 'invalid') process.exitCode = 1
    })
}

function whereText(out: string, quarantined: number): string {
  const report = `The report is in ${join(out, 'report.md')} and report.json.`
  return quarantined > 0 ? `${report} The quarantined rows are in ${QUARANTINE}.` : report
}
