import { join, resolve } from 'node:path'
import { languageOf } from '../base/project-settings.ts'
import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import { inputsIn, QUARANTINE, validateSales } from '../steps/data/inputs.ts'
import { listSalesFiles } from '../steps/data/list-sales-files.ts'
import { writeValidation } from '../steps/data/validation-files.ts'
import type { DataOptions } from './options.ts'
import type { Shell } from './shell.ts'

export async function validateCommand(
  shell: Shell,
  options: DataOptions & { out: string; listFiles?: true },
): Promise<void> {
  const bar = await shell.progress('validate', options.quiet === true)
  const inputs = inputsIn(shell.project, await shell.today(), options)
  if (options.listFiles) await listSalesFiles(inputs.contract, inputs.data)
  const { outcome, report } = await validateSales({
    ...inputs,
    onProgress: bar.update,
  }).finally(bar.stop)
  const language = await languageOf(shell.project)
  const json = await writeValidation(resolve(shell.project, options.out), report, language)
  shell.print(options.json ? json : renderValidationMarkdown(report, 'en'))
  if (!options.quiet) shell.say(whereText(options.out, report.totals.rowsQuarantined))
  if (outcome === 'invalid') shell.exitWith(1)
}

function whereText(out: string, quarantined: number): string {
  const report = `The report is in ${join(out, 'report.md')} and report.json.`
  return quarantined > 0 ? `${report} The quarantined rows are in ${QUARANTINE}.` : report
}
