import type { Language } from '../base/language.ts'
import { counted } from '../base/wording.ts'
import { renderValidationMarkdown } from '../reporting/validation-markdown.ts'
import type { ValidationReport } from '../sales/checks/validation-report.ts'
import type { ActionResult } from './action.ts'

/** What every action answers that needs sales, where the data cannot be trusted. */
export function invalidData(
  report: ValidationReport,
  outputs: ActionResult['outputs'],
  language: Language,
): ActionResult {
  const files = new Set(
    report.findings.flatMap(({ level, file }) => (level === 'file' ? [file] : [])),
  )
  return {
    outputs,
    summary: renderValidationMarkdown(report, language),
    refusal: `The data is invalid: ${counted(files.size, 'file')} cannot be trusted. The summary of this run says which and why.`,
  }
}
