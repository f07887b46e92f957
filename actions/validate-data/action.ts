import { join, resolve } from 'node:path'
import { findingAnnotations } from '../../src/reporting/annotations.ts'
import { decisionAnnotations } from '../../src/reporting/decision-annotations.ts'
import { decisionsMarkdown } from '../../src/reporting/decisions-markdown.ts'
import { summaryTexts } from '../../src/reporting/texts/summaries.ts'
import { renderValidationMarkdown } from '../../src/reporting/validation-markdown.ts'
import { checkSales, inputsIn, QUARANTINE } from '../../src/steps/data/inputs.ts'
import { validateDecisions } from '../../src/steps/data/validate-decisions.ts'
import { writeValidation } from '../../src/steps/data/validation-files.ts'
import { actionOf } from '../../src/workflow/action.ts'
import { day, optional, path } from '../../src/workflow/inputs.ts'
import { invalidData } from '../../src/workflow/invalid-data.ts'

const inputs = { data: path, contract: optional(path), 'as-of': optional(day), out: path }

export const run = actionOf(
  { title: 'Validate the data', inputs },
  async ({ inputs, project, today, language: projectLanguage }) => {
    const { data, contract, 'as-of': asOf, out } = inputs
    const options = inputsIn(project, await today(), { data, contract, asOf })
    const { outcome, report, series } = await checkSales(options)
    const language = await projectLanguage()
    const decisions = await validateDecisions({
      ...options,
      language,
      ...(series && { series }),
    })
    await writeValidation(resolve(project, out), report, language)
    const { rowsRead, rowsAccepted, rowsQuarantined } = report.totals
    const outputs = {
      outcome,
      'rows-read': rowsRead,
      'rows-accepted': rowsAccepted,
      'rows-quarantined': rowsQuarantined,
      report: join(out, 'report.md'),
    }
    const rest = summaryTexts[language].whereTheRestIs(out, QUARANTINE)
    return {
      ...(outcome === 'invalid' ? invalidData(report, outputs, language) : { outputs }),
      summary: [
        renderValidationMarkdown(report, language),
        ...(decisions.length > 0 ? [decisionsMarkdown(decisions, language)] : []),
        `${rest}\n`,
      ].join('\n'),
      annotations: [
        ...findingAnnotations(report.findings, data),
        ...decisionAnnotations(decisions, data, language),
      ],
    }
  },
)
