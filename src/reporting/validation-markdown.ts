import type { Finding, ValidationReport } from '../sales/checks/validation-report.ts'
import type { Level } from '../sales/contract/rules.ts'
import { inlineText, table } from './markdown.ts'

const examplesShown = 5

/**
 * The report for people: totals first, then every rule that was broken, with some of the places,
 * and what each file holds. It says how many places are not shown.
 */
export function renderValidationMarkdown(report: ValidationReport): string {
  return [
    `# Validation: the data is ${report.outcome}`,
    summary(report),
    totalsTable(report),
    switchedOff(report),
    ...[...Map.groupBy(report.findings, ({ rule }) => rule).values()].map(ruleSection),
    filesTable(report),
  ]
    .filter((part) => part !== '')
    .map((part) => `${part.trimEnd()}\n`)
    .join('\n')
}

function summary({ outcome, asOf, totals, findings }: ValidationReport): string {
  const rulesOf = (level: Level) =>
    new Set(findings.filter((finding) => finding.level === level).map(({ rule }) => rule)).size
  const sentences = [
    asOf === undefined ? [] : `As of ${asOf}: nothing dated later is counted.`,
    outcome === 'valid'
      ? 'The data can be used.'
      : `The data cannot be used until this is corrected (${amount(rulesOf('file'))} below).`,
    `Rows quarantined: ${amount(totals.rowsQuarantined)} of ${amount(totals.rowsRead)}.`,
    `Kinds of warnings: ${amount(rulesOf('warning'))}.`,
  ]
  return sentences.flat().join(' ')
}

function totalsTable({ totals }: ValidationReport): string {
  const span = [totals.firstSaleDay, totals.lastSaleDay].filter((day) => day !== undefined)
  const rows = [
    ['files', amount(totals.files)],
    ['rows read', amount(totals.rowsRead)],
    ['rows accepted', amount(totals.rowsAccepted)],
    ['rows quarantined', amount(totals.rowsQuarantined)],
    ['units sold', amount(totals.unitsSold)],
    ['units returned', amount(totals.unitsReturned)],
    ['products', amount(totals.products)],
    ['stores', totals.stores === 0 ? '–' : amount(totals.stores)],
    ['days with sales', amount(totals.days)],
    ['first and last sale', span.join(' to ') || '–'],
  ]
  return table(['total', ''], rows)
}

function filesTable({ files }: ValidationReport): string {
  const rows = files.map((file) => [
    file.file,
    amount(file.rowsRead),
    amount(file.rowsAccepted),
    amount(file.rowsQuarantined),
    amount(file.unitsSold),
    file.firstSaleDay ?? '–',
    file.lastSaleDay ?? '–',
  ])
  const headers = [
    'file',
    'read',
    'accepted',
    'quarantined',
    'units sold',
    'first sale',
    'last sale',
  ]
  return `## Files\n\n${table(headers, rows)}`
}

function switchedOff(report: ValidationReport): string {
  if (report.switchedOff.length === 0) return ''
  const rows = report.switchedOff.map(({ column, consequence }) => [column, consequence])
  const text = 'These columns are not mapped in the contract. That is allowed; it means:'
  return `## Switched off\n\n${text}\n\n${table(['column', 'without it'], rows)}`
}

const levelNames: { [level in Level]: string } = {
  file: 'error',
  row: 'quarantined',
  warning: 'warning',
}

function ruleSection(findings: Finding[]): string {
  const [{ rule, level, explanation, remedy }] = findings
  const count = findings.reduce((sum, finding) => sum + finding.count, 0)
  const rows = inTurn(findings).slice(0, examplesShown)
  const hidden = count - rows.length
  return [
    `## ${rule} (${levelNames[level]}, ${amount(count)})`,
    `${inlineText(explanation)} ${inlineText(remedy)}`,
    placesTable(rows),
    hidden > 0 ? `… and ${amount(hidden)} more.` : '',
  ]
    .filter((part) => part !== '')
    .map((part) => part.trimEnd())
    .join('\n\n')
}

/** A finding about all files together has neither file nor line. */
function placesTable(rows: string[][]): string {
  const headers = ['file', 'line', 'column', 'value']
  const used = headers.map((_, column) => rows.some((row) => row[column] !== ''))
  const kept = (row: string[]) => row.filter((_, column) => used[column])
  return table(kept(headers), rows.map(kept))
}

/** The first example of each finding, then the second of each, so that every file has its turn. */
function inTurn(findings: Finding[]): string[][] {
  const longest = Math.max(...findings.map(({ examples }) => examples.length))
  return Array.from({ length: longest }, (_, turn) =>
    findings.flatMap(({ file = '', column = '', examples }) => {
      const example = examples[turn]
      if (example === undefined) return []
      const value = example.value === '' && column !== '' ? '(empty)' : example.value
      return [[file, example.line?.toString() ?? '', column, value]]
    }),
  ).flat()
}

/** `1234567.5` → `1,234,567.5`. */
function amount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 })
}
