import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { canonicalJson } from '../canonical-json.ts'
import { renderValidationMarkdown } from '../reporting/validation-report.ts'
import { inputsIn, QUARANTINE, validateSales } from '../steps/inputs.ts'
import { writeWhole } from '../write-file.ts'
import { type DataOptions, withDataOptions } from './options.ts'
import type { Shell } from './shell.ts'

export function addValidate(program: Command, shell: Shell): void {
  withDataOptions(program.command('validate'))
    .description('check the sales files against the contract')
    .option('--out <folder>', 'where the report goes', '.cd4ml/validation')
    .action(async (options: DataOptions & { out: string }) => {
      const bar = shell.progress('validate', options.quiet === true)
      const { outcome, report } = await validateSales({
        ...inputsIn(shell.project, shell.today, options),
        onProgress: bar.update,
      }).finally(bar.stop)
      const markdown = renderValidationMarkdown(report)
      const json = canonicalJson(report)
      const out = resolve(shell.project, options.out)
      await writeWhole(join(out, 'report.md'), markdown)
      await writeWhole(join(out, 'report.json'), json)
      shell.print(options.json ? json : markdown)
      if (!options.quiet) shell.say(whereText(options.out, report.totals.rowsQuarantined))
      if (outcome === 'invalid') process.exitCode = 1
    })
}

function whereText(out: string, quarantined: number): string {
  const report = `The report is in ${join(out, 'report.md')} and report.json.`
  return quarantined > 0 ? `${report} The quarantined rows are in ${QUARANTINE}.` : report
}
