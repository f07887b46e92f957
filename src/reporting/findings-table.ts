import { counted, integer, shortened } from '../base/wording.ts'
import type { Finding, ValidationReport } from '../sales/checks/validation-report.ts'
import type { Level } from '../sales/contract/rules.ts'
import type { Table } from './evaluation-table.ts'

/** What validation read and left out, as a sentence. */
export function dataSentence({ totals, findings }: ValidationReport): string {
  const warnings = new Set(
    findings.flatMap(({ level, rule }) => (level === 'warning' ? [rule] : [])),
  )
  const through = totals.lastSaleDay ? `, sales through ${totals.lastSaleDay}` : ''
  return `${counted(totals.rowsRead, 'row')} read in ${counted(totals.files, 'file')}${through}; ${integer(totals.rowsQuarantined)} quarantined; ${counted(warnings.size, 'kind')} of warnings.`
}

/** The names of the files that cannot be trusted. */
export function refusedFiles({ findings }: ValidationReport): string[] {
  return [...new Set(findings.flatMap(({ level, file }) => (level === 'file' ? [file ?? ''] : [])))]
}

/** Each rule that was broken, with the first place and what to do; the gravest first. */
export function findingsTable(findings: Finding[]): Table {
  return {
    headers: ['', 'Rule', 'First place', 'How often', 'What to do'],
    rows: findings.map((finding) => [
      marks[finding.level],
      finding.rule,
      shortened(placeOf(finding), 120),
      integer(finding.count),
      finding.remedy,
    ]),
  }
}

const marks: Record<Level, string> = { file: '❌', row: '🟡', warning: '⚠️' }

function placeOf({ file, column, examples: [first] }: Finding): string {
  const line = first?.line === undefined ? '' : `:${first.line}`
  return [`${file ?? 'all files'}${line}`, column].filter(Boolean).join(', ')
}
