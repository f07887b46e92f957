import type { Language } from '../base/language.ts'
import type { Finding, ValidationReport } from '../sales/checks/validation-report.ts'
import type { Level } from '../sales/contract/rules.ts'
import { inlineText, table } from './markdown.ts'
import { numbersIn } from './texts/numbers.ts'
import { ruleTexts } from './texts/rules.ts'
import { validationTexts } from './texts/validation.ts'

const examplesShown = 5

/**
 * The report for people: totals first, then every rule that was broken, with some of the places,
 * and what each file holds. It says how many places are not shown.
 */
export function renderValidationMarkdown(report: ValidationReport, language: Language): string {
  const rules = Map.groupBy(report.findings, ({ rule }) => rule).values()
  return [
    `# ${validationTexts[language].title[report.outcome]}`,
    summary(report, language),
    totalsTable(report, language),
    switchedOff(report, language),
    ...[...rules].map((findings) => ruleSection(findings, language)),
    filesTable(report, language),
    planTable(report, language),
  ]
    .filter((part) => part !== '')
    .map((part) => `${part.trimEnd()}\n`)
    .join('\n')
}

function summary(report: ValidationReport, language: Language): string {
  const { outcome, asOf, totals, plan, findings } = report
  const say = validationTexts[language]
  const rulesOf = (level: Level) =>
    new Set(findings.filter((finding) => finding.level === level).map(({ rule }) => rule)).size
  return [
    ...(asOf === undefined ? [] : [say.asOf(asOf)]),
    outcome === 'valid' ? say.valid : say.invalid(rulesOf('file')),
    say.quarantined(
      totals.rowsQuarantined + (plan?.rowsQuarantined ?? 0),
      totals.rowsRead + (plan?.rowsRead ?? 0),
    ),
    say.warnings(rulesOf('warning')),
  ].join(' ')
}

function totalsTable({ totals }: ValidationReport, language: Language): string {
  const say = validationTexts[language]
  const { amount } = numbersIn[language]
  const { firstSaleDay: first, lastSaleDay: last } = totals
  const rows = [
    [say.totals.files, amount(totals.files)],
    [say.totals.rowsRead, amount(totals.rowsRead)],
    [say.totals.rowsAccepted, amount(totals.rowsAccepted)],
    [say.totals.rowsQuarantined, amount(totals.rowsQuarantined)],
    [say.totals.unitsSold, amount(totals.unitsSold)],
    [say.totals.unitsReturned, amount(totals.unitsReturned)],
    [say.totals.products, amount(totals.products)],
    [say.totals.stores, totals.stores === 0 ? '–' : amount(totals.stores)],
    [say.totals.days, amount(totals.days)],
    [say.totals.span, first && last ? say.span(first, last) : '–'],
  ]
  return table([say.total, ''], rows)
}

function filesTable({ files }: ValidationReport, language: Language): string {
  const say = validationTexts[language]
  const { amount, day } = numbersIn[language]
  const rows = files.map((file) => [
    file.file,
    amount(file.rowsRead),
    amount(file.rowsAccepted),
    amount(file.rowsQuarantined),
    amount(file.unitsSold),
    file.firstSaleDay ? day(file.firstSaleDay) : '–',
    file.lastSaleDay ? day(file.lastSaleDay) : '–',
  ])
  return `## ${say.files}\n\n${table(say.fileHeaders, rows)}`
}

function planTable({ plan }: ValidationReport, language: Language): string {
  if (plan === undefined) return ''
  const say = validationTexts[language].plan
  const { amount, day } = numbersIn[language]
  const rows = plan.files.map((file) => [
    file.file,
    amount(file.rowsRead),
    amount(file.rowsAccepted),
    amount(file.rowsQuarantined),
    file.firstDay ? day(file.firstDay) : '–',
    file.lastDay ? day(file.lastDay) : '–',
  ])
  return `## ${say.title}\n\n${table(say.headers, rows)}`
}

function switchedOff(report: ValidationReport, language: Language): string {
  if (report.switchedOff.length === 0) return ''
  const { switchedOff: say, without } = validationTexts[language]
  const known = new Map(Object.entries(without))
  const rows = report.switchedOff.map(({ column, consequence }) => [
    column,
    known.get(column) ?? consequence,
  ])
  return `## ${say.title}\n\n${say.about}\n\n${table(say.headers, rows)}`
}

function ruleSection(findings: Finding[], language: Language): string {
  const [{ rule, level }] = findings
  const say = validationTexts[language]
  const { explanation, remedy } = ruleTexts[language].rule(rule)
  const count = findings.reduce((sum, finding) => sum + finding.count, 0)
  const rows = inTurn(findings, language).slice(0, examplesShown)
  const hidden = count - rows.length
  return [
    `## ${rule} (${say.levels[level]}, ${numbersIn[language].amount(count)})`,
    `${inlineText(explanation)} ${inlineText(remedy)}`,
    placesTable(rows, say.placeHeaders),
    hidden > 0 ? say.more(hidden) : '',
  ]
    .filter((part) => part !== '')
    .map((part) => part.trimEnd())
    .join('\n\n')
}

/** A finding about all files together has neither file nor line. */
function placesTable(rows: string[][], headers: string[]): string {
  const used = headers.map((_, column) => rows.some((row) => row[column] !== ''))
  const kept = (row: string[]) => row.filter((_, column) => used[column])
  return table(kept(headers), rows.map(kept))
}

/** The first example of each finding, then the second of each, so that every file has its turn. */
function inTurn(findings: Finding[], language: Language): string[][] {
  const { empty, row } = validationTexts[language]
  const longest = Math.max(...findings.map(({ examples }) => examples.length))
  return Array.from({ length: longest }, (_, turn) =>
    findings.flatMap(({ file = '', column = '', examples }) => {
      const example = examples[turn]
      if (example === undefined) return []
      const value = example.value === '' && column !== '' ? empty : example.value
      const number = example.row === undefined ? '' : row(example.row)
      return [[file, example.line?.toString() ?? number, column, value]]
    }),
  ).flat()
}
