import { join, resolve } from 'node:path'
import { canonicalJson } from '../base/canonical-json.ts'
import { languageOf } from '../base/project-settings.ts'
import { decisionsMarkdown } from '../reporting/decisions-markdown.ts'
import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import { checkSales, inputsIn, QUARANTINE } from '../steps/data/inputs.ts'
import { listSalesFiles } from '../steps/data/list-sales-files.ts'
import { validateDecisions } from '../steps/data/validate-decisions.ts'
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
  const { outcome, report, series } = await checkSales({
    ...inputs,
    onProgress: bar.update,
  }).finally(bar.stop)
  const language = await languageOf(shell.project)
  const decisions = await validateDecisions({
    ...inputs,
    language,
    ...(series && { series }),
  })
  const json = await writeValidation(resolve(shell.project, options.out), report, language)
  if (options.json) {
    shell.print(decisions.length === 0 ? json : canonicalJson({ ...report, decisions }))
  } else {
    shell.print(renderValidationMarkdown(report, 'en'))
    if (decisions.length > 0) shell.print(`\n${decisionsMarkdown(decisions, 'en')}`)
  }
  const set = decisions.reduce((sum, { rows }) => sum + rows.quarantined, 0)
  const ofFiles = report.totals.rowsQuarantined + (report.plan?.rowsQuarantined ?? 0)
  if (!options.quiet) shell.say(whereText(options.out, ofFiles + set))
  const isRefused = decisions.some(({ taken }) => taken.outcome === 'refused')
  if (outcome === 'invalid' || isRefused) shell.exitWith(1)
}

function whereText(out: string, quarantined: number): string {
  const report = `The report is in ${join(out, 'report.md')} and report.json.`
  return quarantined > 0 ? `${report} The quarantined rows are in ${QUARANTINE}.` : report
}
