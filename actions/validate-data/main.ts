import { join, resolve } from 'node:path'
import { findingAnnotations } from '../../src/reporting/annotations.ts'
import { inputsIn, validateSales } from '../../src/steps/inputs.ts'
import { writeValidation } from '../../src/steps/validation-files.ts'
import { runAction } from '../../src/workflow/action.ts'
import { day, optional, path } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'

const inputs = { data: path, contract: optional(path), 'as-of': optional(day), out: path }

await runAction({ title: 'Validate the data', inputs }, async ({ inputs, project, today }) => {
  const { data, contract, 'as-of': asOf, out } = inputs
  const { outcome, report } = await validateSales(
    inputsIn(project, today, { data, contract, asOf }),
  )
  const { markdown } = await writeValidation(resolve(project, out), report)
  const { rowsRead, rowsAccepted, rowsQuarantined } = report.totals
  const outputs = {
    outcome,
    'rows-read': rowsRead,
    'rows-accepted': rowsAccepted,
    'rows-quarantined': rowsQuarantined,
    report: join(out, 'report.md'),
  }
  const annotations = findingAnnotations(report.findings, data)
  return outcome === 'invalid'
    ? { ...invalidData(report, outputs), annotations }
    : { outputs, summary: markdown, annotations }
})
