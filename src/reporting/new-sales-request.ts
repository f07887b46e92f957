import type { Language } from '../base/language.ts'
import type { DataFileChange, WhoMerges } from '../registry/merged-data.ts'
import type { ValidationReport } from '../sales/checks/validation-report.ts'
import type { Ingested } from '../sales/warehouse/ingested.ts'
import { markdownTable } from './evaluation-table.ts'
import { dataSentence, findingsTable } from './findings-table.ts'
import { details, inlineText, link, table } from './markdown.ts'
import { fittedText } from './text-length.ts'
import { newSalesTexts } from './texts/new-sales.ts'
import { numbersIn } from './texts/numbers.ts'

type NewSales = {
  changes: DataFileChange[]
  /** Of all the sales, as merging makes them. */
  report: ValidationReport
  /** What a warehouse was asked, where the sales come from one. */
  ingested?: Ingested
}

/** The title of the pull request: until which day, and how many files. */
export function newSalesTitle({ changes, report }: NewSales, language: Language): string {
  const { lastSaleDay } = report.totals
  const until = lastSaleDay === undefined ? undefined : numbersIn[language].day(lastSaleDay)
  return newSalesTexts[language].title(until, changes.length)
}

/** Its text: which files, who merges, and what validation found in all the sales. */
export function newSalesText(
  sales: NewSales & { merges: WhoMerges; run: string },
  language: Language,
): string {
  const { changes, report } = sales
  const parts = { findings: report.findings.length, files: changes.length }
  return fittedText(parts, (most) => requestText(sales, most, language))
}

function requestText(
  { changes, report, ingested, merges, run }: NewSales & { merges: WhoMerges; run: string },
  most: { files: number; findings: number },
  language: Language,
): string {
  const say = newSalesTexts[language]
  const findings = report.findings.slice(0, most.findings)
  return [
    `✅ **${say.canBeUsed}** ${inlineText(dataSentence(report, language))}\n`,
    `${say.merges[merges]}\n`,
    ingested && ingestedText(ingested, language),
    filesTable(changes.slice(0, most.files), report, language),
    changes.length > most.files && `${say.moreFiles(changes.length - most.files)}\n`,
    findings.length > 0 &&
      details(
        say.findings(report.findings.length),
        markdownTable(findingsTable(findings, language)),
      ),
    `${say.replaced} ${link(say.theRun, run)}.\n`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** Which days came new from a warehouse, which have changed there, and which are missing. */
export function ingestedText({ asked, days }: Ingested, language: Language): string {
  const say = newSalesTexts[language]
  const { integer, day } = numbersIn[language]
  const kinds = ['new', 'revised', 'removed', 'late', 'incomplete'] as const
  const lines = kinds.flatMap((kind) => {
    const [first, last] = [days[kind][0], days[kind].at(-1)]
    if (first === undefined || last === undefined) return []
    const which = first === last ? day(first) : say.fromTo(day(first), day(last))
    return [`- ${say.days[kind]}: ${integer(days[kind].length)} (${which})\n`]
  })
  return `${say.asked(day(asked.from), day(asked.until))}\n\n${lines.join('')}`
}

function filesTable(
  changes: DataFileChange[],
  { files, plan }: ValidationReport,
  language: Language,
): string {
  const say = newSalesTexts[language]
  const { integer, day } = numbersIn[language]
  const rows = changes.map(({ path, change }) => {
    const isRead = ({ file }: { file: string }) => path === file || path.endsWith(`/${file}`)
    const sold = files.find(isRead)
    const read = sold ?? plan?.files.find(isRead)
    return [
      path,
      say.changes[change],
      read ? integer(read.rowsRead) : '–',
      read ? integer(read.rowsQuarantined) : '–',
      sold?.lastSaleDay ? day(sold.lastSaleDay) : '–',
    ]
  })
  return table(say.columns, rows)
}
