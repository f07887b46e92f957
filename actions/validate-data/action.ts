import { join, resolve } from 'node:path'
import { findingAnnotations } from '../../src/reporting/annotations.ts'
import { renderValidationMarkdown } from '../../src/reporting/validation-markdown.ts'
import { inputsIn, QUARANTINE, validateSales } from '../../src/steps/data/inputs.ts'
import { writeValidation } from '../../src/steps/data/validation-files.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { day, optional, path } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'

const inputs = { data: path, contract: optional(path), 'as-of': optional(day), out: path }

export const run = actionOf(
  { title: 'Validate the data', inputs },
  async ({ inputs, project, today }) => {
    const { data, contract, 'as-of': asOf, out } = inputs
    const { outcome, report } = await validateSales(
      inputsIn(project, await today(), { data, contract, asOf }),
    )
    await writeValidation(resolve(project, out), report)
    const { rowsRead, rowsAccepted, rowsQuarantined } = report.totals
    const outputs = {
      outcome,
      'rows-read': rowsRead,
      'rows-accepted': rowsAccepted,
      'rows-quarantined': rowsQuarantined,
      report: join(out, 'report.md'),
    }
    return {
      ...(outcome === 'invalid' ? invalidData(report, outputs) : { outputs }),
      summary: `${renderValidationMarkdown(report)}\n${whereTheRestIs(out)}`,
      annotations: findingAnnotations(report.findings, data),
    }
  },
)

function whereTheRestIs(out: string): string {
  return `This report is in \`${out}/report.md\`, and for programs in \`report.json\`; every quarantined row, with the rules that it breaks, in \`${QUARANTINE}\`.\n`
}
