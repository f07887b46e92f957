import type { Language } from '../base/language.ts'
import { shortened } from '../base/wording.ts'
import type { Finding, ValidationReport } from '../sales/checks/validation-report.ts'
import type { Level } from '../sales/contract/rules.ts'
import type { Table } from './evaluation-table.ts'
import { numbersIn } from './texts/numbers.ts'
import { ruleTexts } from './texts/rules.ts'
import { validationTexts } from './texts/validation.ts'

/** What validation read and left out, as a sentence. */
export function dataSentence(
  { totals, plan, findings }: ValidationReport,
  language: Language,
): string {
  const warnings = new Set(
    findings.flatMap(({ level, rule }) => (level === 'warning' ? [rule] : [])),
  )
  return validationTexts[language].read({
    rows: totals.rowsRead,
    files: totals.files,
    through: totals.lastSaleDay,
    quarantined: totals.rowsQuarantined,
    planned: plan && { rows: plan.rowsRead, quarantined: plan.rowsQuarantined },
    warnings: warnings.size,
  })
}

/** The names of the files that cannot be trusted. */
export function refusedFiles({ findings }: ValidationReport): string[] {
  return [...new Set(findings.flatMap(({ level, file }) => (level === 'file' ? [file ?? ''] : [])))]
}

/** Each rule that was broken, with the first place and what to do; the gravest first. */
export function findingsTable(findings: Finding[], language: Language): Table {
  return {
    headers: validationTexts[language].findingHeaders,
    rows: findings.map((finding) => [
      marks[finding.level],
      finding.rule,
      shortened(placeOf(finding, language), 120),
      numbersIn[language].integer(finding.count),
      ruleTexts[language].rule(finding.rule).remedy,
    ]),
  }
}

const marks: Record<Level, string> = { file: '❌', row: '🟡', warning: '⚠️' }

function placeOf({ file, column, examples: [first] }: Finding, language: Language): string {
  const { allFiles, row } = validationTexts[language]
  const line = first?.line === undefined ? '' : `:${first.line}`
  const number = first?.row === undefined ? '' : row(first.row)
  return [`${file ?? allFiles}${line}`, number, column].filter(Boolean).join(', ')
}
