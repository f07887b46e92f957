import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from 'typebox'
import { canonicalJson } from '../../base/canonical-json.ts'
import { checker, parseJson } from '../../base/schema.ts'
import { count, isoDay, number, object } from '../../base/schema-parts.ts'
import { readBack, writeWhole } from '../../base/write-file.ts'
import {
  renderValidationMarkdown,
  type ValidationReport,
} from '../../reporting/validation-report.ts'
import { rules } from '../../sales/contract/rules.ts'

/** Writes `report.md` and `report.json` into the folder, and returns what is in them. */
export async function writeValidation(
  folder: string,
  report: ValidationReport,
): Promise<{ markdown: string; json: string }> {
  const markdown = renderValidationMarkdown(report)
  const json = canonicalJson(report)
  readBack('report.json', () => reportFrom(json, 'report.json'))
  await writeWhole(join(folder, 'report.md'), markdown)
  await writeWhole(join(folder, 'report.json'), json)
  return { markdown, json }
}

/**
 * Reads `report.json`; undefined where nothing has been validated. Throws a `UserError` where the
 * file is not a report.
 */
export async function readValidation(folder: string): Promise<ValidationReport | undefined> {
  const file = join(folder, 'report.json')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : reportFrom(text, file)
}

function reportFrom(text: string, file: string): ValidationReport {
  return checkReport(parseJson(text, file), file)
}

// Comments of a job that may write are made of this, whatever code has made it.
const text = Type.String()
const rowCounts = { rowsRead: count, rowsAccepted: count, rowsQuarantined: count }
const span = { firstSaleDay: Type.Optional(isoDay), lastSaleDay: Type.Optional(isoDay) }

const checkReport = checker<ValidationReport>(
  object({
    outcome: Type.Enum(['valid', 'invalid']),
    totals: object({
      ...rowCounts,
      files: count,
      unitsSold: number,
      unitsReturned: number,
      products: count,
      stores: count,
      days: count,
      ...span,
    }),
    files: Type.Array(object({ ...rowCounts, file: text, unitsSold: number, ...span })),
    switchedOff: Type.Array(object({ column: text, consequence: text })),
    findings: Type.Array(
      object({
        rule: Type.Enum(Object.keys(rules)),
        level: Type.Enum(['file', 'row', 'warning']),
        count,
        examples: Type.Array(object({ value: text, line: Type.Optional(count) })),
        explanation: text,
        remedy: text,
        file: Type.Optional(text),
        column: Type.Optional(text),
      }),
    ),
    asOf: Type.Optional(isoDay),
  }),
  'Validate the data again.',
)
